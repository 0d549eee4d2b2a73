package dev.roundtrip.device.method;

import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.TraceParent;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a method knows of the call that it serves. Thread-safe.
 *
 * <pre>{@code
 * Object flush(Start start, Call call) throws MethodFailedException {
 *     while (pump.flushesOn()) {
 *         if (call.isAbandoned()) {
 *             throw new MethodFailedException("stopped", "nobody waited any longer");
 *         }
 *     }
 *     return call.remaining().toMillis();
 * }
 * }</pre>
 */
public interface Call {

    /** The call's name. */
    MessageId id();

    /** What the caller asks for. */
    Method method();

    /** The deployment that asks. */
    ClientPrefix deployment();

    /** When the caller stops waiting, by the device's clock. */
    Instant deadline();

    /** The trace that the call belongs to, as the caller's header {@code traceparent} has it: for spans of the author's
     * own. Null when the caller sent none that counts.
     */
    @Nullable TraceParent trace();

    /** The time until the deadline, zero when it has passed. */
    Duration remaining();

    /** Whether nobody waits any more: the deadline has passed, or the device is being closed. A method that takes long
     * asks from time to time, and may end early.
     */
    boolean isAbandoned();

    /** To be thrown by a method that answers for several names and does not know this one. */
    default RefusedException unknownMethod() {
        return new RefusedException(DeviceRefusal.UNKNOWN_METHOD, "there is no method '" + method() + "'");
    }

    /** To be thrown when the request makes no sense, before anything was done.
     *
     * @param message a sentence for people: what was wanted and what was found; cut after 1,024 characters
     */
    default RefusedException invalidRequest(String message) {
        return new RefusedException(DeviceRefusal.INVALID_REQUEST, message);
    }
}
