package dev.roundtrip.local.http;

import dev.roundtrip.mqtt.UnauthenticatedConnection;
import dev.roundtrip.mqtt.UpgradeProtocol;
import java.time.Duration;

/** Speaks HTTP with gateways; a signed request to {@code /mqtt} becomes a WebSocket that carries MQTT. Thread-safe.
 *
 * @param authentication knows who signs upgrades
 * @param http answers the other requests
 * @param log takes a line for each upgrade that is refused
 */
public record GatewayProtocol(UpgradeAuthentication authentication, HttpPipeline http, RefusedRequests log)
        implements UpgradeProtocol {
    /** How long a connection may be idle that carries HTTP, and how long a request may take; our choice. */
    static final Duration HTTP_IDLE = Duration.ofSeconds(60);

    /** The times of a connection of gateways. */
    public static final ConnectionTimes TIMES = new ConnectionTimes(HTTP_IDLE, HTTP_IDLE, Duration.ZERO);

    @Override
    public void initialize(UnauthenticatedConnection connection) {
        connection.channel().attr(ClientCertificate.KEY).set(connection.certificate());
        http.addTo(connection.channel().pipeline(), new MqttTakeover(this, connection));
    }
}
