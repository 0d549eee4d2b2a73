package dev.roundtrip.invoke;

import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.TraceParent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a caller asks for, already valid, and not yet a call with an id.
 *
 * @param target the device
 * @param method what it shall do
 * @param request the JSON value handed to it as it was written, JSON null included
 * @param timeout how long the caller waits; zero when it waits only until the request is handed over
 * @param absence what the caller wants when the device is away
 * @param guarantees what the device shall make sure of
 * @param trace the trace that the call belongs to; null when it belongs to none
 */
record CallRequest(
        Target target,
        Method method,
        JsonText request,
        Duration timeout,
        AbsencePolicy absence,
        Guarantees guarantees,
        @Nullable TraceParent trace) {

    /** When the call has ended for the caller. */
    Completion completion() {
        return timeout.isZero() ? Completion.HANDED_OVER : Completion.ANSWERED;
    }
}
