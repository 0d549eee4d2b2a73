package dev.roundtrip.invoke;

import dev.roundtrip.protocol.Route;

/** One call of a device method, already valid.
 *
 * @param route where the request goes and where its answer returns
 * @param call what the caller asks for
 * @param deadline until when the device may begin
 */
record Invocation(Route route, CallRequest call, Deadline deadline) {}
