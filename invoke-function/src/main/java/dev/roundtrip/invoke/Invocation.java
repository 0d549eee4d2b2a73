package dev.roundtrip.invoke;

import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Route;

/** One call of a device method, already valid.
 *
 * @param route where the request goes and where its answer returns
 * @param request the JSON value handed to the device as it was written, JSON null included
 * @param deadline until when the caller waits
 * @param absence what the caller wants when the device is away
 */
public record Invocation(Route route, JsonText request, Deadline deadline, AbsencePolicy absence) {}
