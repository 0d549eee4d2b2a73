package dev.roundtrip.invoke;

import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Target;
import java.time.Duration;

/** What a caller asks for, already valid, and not yet a call with an id.
 *
 * @param target the device
 * @param method what it shall do
 * @param request the JSON value handed to it as it was written, JSON null included
 * @param timeout how long the caller waits
 * @param absence what the caller wants when the device is away
 */
public record CallRequest(Target target, Method method, JsonText request, Duration timeout, AbsencePolicy absence) {}
