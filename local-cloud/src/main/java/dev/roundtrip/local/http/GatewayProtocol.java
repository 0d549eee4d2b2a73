package dev.roundtrip.local.http;

import dev.roundtrip.mqtt.UnauthenticatedConnection;
import dev.roundtrip.mqtt.UpgradeProtocol;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;

/** Speaks HTTP with gateways; a signed request to {@code /mqtt} becomes a WebSocket that carries MQTT. Thread-safe.
 *
 * @param authentication knows who signs upgrades
 * @param endpoint answers the other requests
 * @param bodies what all bodies together may take that are still coming in
 * @param log is told of those that are refused
 */
public record GatewayProtocol(
        UpgradeAuthentication authentication, HttpEndpoint endpoint, BodyBudget bodies, RefusedRequests log)
        implements UpgradeProtocol {
    /** For all bodies together whose signature is not verified yet, in bytes; our choice. */
    private static final long MAX_UNVERIFIED_BYTES = 16L * 1024 * 1024;

    private static final int MAX_REQUEST_LINE = 8 * 1024;
    private static final int MAX_HEADERS = 16 * 1024;
    /** Beyond the largest payload, so that one that is a little too large is told so in the data plane's own words. */
    private static final int MAX_BODY = 256 * 1024;

    /** With 16 MB for bodies that are still coming in. */
    public GatewayProtocol(UpgradeAuthentication authentication, HttpEndpoint endpoint) {
        this(authentication, endpoint, RefusedRequests.UNREAD);
    }

    /** The same with a log. */
    public GatewayProtocol(UpgradeAuthentication authentication, HttpEndpoint endpoint, RefusedRequests log) {
        this(authentication, endpoint, new BodyBudget(MAX_UNVERIFIED_BYTES), log);
    }

    @Override
    public void initialize(UnauthenticatedConnection connection) {
        HttpDecoderConfig limits = new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEADERS);
        connection
                .channel()
                .pipeline()
                .addLast(new HttpServerCodec(limits))
                .addLast(new HeadCheck(endpoint, new GatewayAnswers(log)))
                .addLast(new BodyMeter(bodies))
                .addLast(new RequestAssembler(MAX_BODY))
                .addLast(new GatewayRequests(this, connection));
    }
}
