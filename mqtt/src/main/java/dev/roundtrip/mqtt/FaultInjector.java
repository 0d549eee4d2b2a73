package dev.roundtrip.mqtt;

/** What comes between a broker and its clients: decides what becomes of each message that a client or a
 * service published and another one is to get. What the broker itself and the data plane publish meets no injector.
 *
 * <p>Called on the threads that carry messages, by many at once: must be thread-safe, must not block, and must not
 * throw.
 */
@FunctionalInterface
public interface FaultInjector {
    /** Every message arrives, once, in order. */
    FaultInjector NONE = InFlightMessage::deliver;

    /** Delivers the message now, later, several times, or never. The publisher's acknowledgement does not wait for it.
     */
    void meet(InFlightMessage inFlight);
}
