package dev.roundtrip.invoke;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Route;

/** One call of a device method, already valid.
 *
 * @param route where the request goes and where its answer returns
 * @param request the JSON value handed to the device, JSON null included
 * @param deadline until when the caller waits
 * @param absence what the caller wants when the device is away
 */
public record Invocation(Route route, JsonNode request, Deadline deadline, Absence absence) {}
