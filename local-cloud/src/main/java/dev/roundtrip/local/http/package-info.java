/** One HTTP front for all services: a request goes to the service that it is signed for, requests of a connection are
 * answered one after the other, and a request may turn its connection into a WebSocket that carries MQTT.
 *
 * <p>{@code HttpConnection} is long: it is the one state machine of a connection, on one event loop.
 */
@NullMarked
package dev.roundtrip.local.http;

import org.jspecify.annotations.NullMarked;
