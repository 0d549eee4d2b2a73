/** One HTTP front for gateways: requests one after the other on each connection, and the upgrade to a WebSocket that carries MQTT. */
@NullMarked
package dev.roundtrip.local.http;

import org.jspecify.annotations.NullMarked;
