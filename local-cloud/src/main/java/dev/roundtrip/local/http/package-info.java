/** The HTTP server of all services. The signing name in the credential scope selects the service. A
 * connection serves one request at a time. A signed request to {@code /mqtt} on the gateway port opens a WebSocket
 * with MQTT.
 *
 * <p>{@code HttpConnection} is long because the class is the state machine of one connection on one event loop.
 */
@NullMarked
package dev.roundtrip.local.http;

import org.jspecify.annotations.NullMarked;
