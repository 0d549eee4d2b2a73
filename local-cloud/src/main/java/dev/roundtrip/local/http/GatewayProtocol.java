package dev.roundtrip.local.http;

import dev.roundtrip.mqtt.UnauthenticatedConnection;
import dev.roundtrip.mqtt.UpgradeProtocol;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;

/** Speaks HTTP with gateways; a signed request to {@code /mqtt} becomes a WebSocket that carries MQTT. Thread-safe.
 *
 * @param authentication knows who signs upgrades
 * @param endpoint answers the other requests
 */
public record GatewayProtocol(UpgradeAuthentication authentication, HttpEndpoint endpoint) implements UpgradeProtocol {
    private static final int MAX_REQUEST_LINE = 8 * 1024;
    private static final int MAX_HEADERS = 16 * 1024;
    /** Beyond the largest payload, so that one that is a little too large is told so in the data plane's own words. */
    private static final int MAX_BODY = 256 * 1024;

    @Override
    public void initialize(UnauthenticatedConnection connection) {
        HttpDecoderConfig limits = new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEADERS);
        connection
                .channel()
                .pipeline()
                .addLast(new HttpServerCodec(limits))
                .addLast(new HttpObjectAggregator(MAX_BODY, true))
                .addLast(new GatewayRequests(this, connection));
    }
}
