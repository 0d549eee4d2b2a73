package dev.roundtrip.invoke;

import dev.roundtrip.protocol.MessageId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The end of a call, with what is told beside its result.
 *
 * @param result how it ended
 * @param call the call, null when the request was not valid
 * @param elapsed since the function began
 * @param timings what was measured on the way
 */
record Ending(InvocationResult result, @Nullable Call call, Duration elapsed, Timings timings) {

    /** Which call it was. */
    record Call(MessageId id, CallRequest request) {}
}
