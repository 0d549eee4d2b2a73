package dev.roundtrip.local.faults;

import dev.roundtrip.mqtt.InFlightMessage;

/** Hears which fault touches which message.
 *
 * <p>Called on the threads that carry messages, by many at once: must be thread-safe, must not block, and must not
 * throw.
 */
@FunctionalInterface
public interface FaultListener {
    /** Hears nothing. */
    FaultListener NONE = (word, message) -> {};

    /** A fault touches a message. The call comes before the fault acts, except for {@code forge}: the call comes when
     * the other device begins to answer.
     *
     * @param word the fault's name in a {@link FaultSpec}: {@code drop}, {@code delay}, {@code duplicate}, {@code
     *     reorder}, {@code late}, {@code cut} or {@code forge}
     * @param message one message on its way to one subscriber
     */
    void touched(String word, InFlightMessage message);
}
