/** One HTTP front for all services: a request goes to the service that it is signed for, requests of a connection are
 * answered one after the other, and a request may turn its connection into a WebSocket that carries MQTT.
 */
@NullMarked
package dev.roundtrip.local.http;

import org.jspecify.annotations.NullMarked;
