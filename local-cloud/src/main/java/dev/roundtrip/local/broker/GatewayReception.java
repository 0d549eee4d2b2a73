package dev.roundtrip.local.broker;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Set;

/** Receives gateways: HTTP requests, of which a signed one to {@code /mqtt} becomes a WebSocket that carries MQTT. */
final class GatewayReception extends Reception {
    private static final int MAX_REQUEST_LINE = 8 * 1024;
    private static final int MAX_HEADERS = 16 * 1024;
    /** Beyond the largest payload, so that one that is a little too large is told so in the data plane's own words. */
    private static final int MAX_BODY = 256 * 1024;

    private static final int MAX_FRAME = 256 * 1024;
    private static final long CLOSE_MILLIS = 300;
    private static final Duration HTTP_IDLE = Duration.ofSeconds(60);

    final HttpEndpoint http;
    final Connections connections;

    GatewayReception(Core core, BrokerSettings settings, SslContext tls, Set<Channel> open, Connections connections) {
        super(core, settings, tls, open);
        this.http = settings.http();
        this.connections = connections;
    }

    /** Gives a channel that speaks HTTP another while. */
    void keepAlive(Channel channel) {
        core.strangers.computeIfPresent(channel, (known, deadline) -> core.clock.nanos() + HTTP_IDLE.toNanos());
    }

    @Override
    void authenticate(Channel channel) {
        HttpDecoderConfig limits = new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEADERS);
        channel.pipeline()
                .addLast(new HttpServerCodec(limits))
                .addLast(new HttpObjectAggregator(MAX_BODY, true))
                .addLast(new GatewayRequests(this));
    }

    /** Turns the channel into a WebSocket; the request goes on to the handler of the handshake.
     *
     * @param subprotocol the one that the request names
     */
    void upgrade(ChannelHandlerContext context, Principal principal, String subprotocol) {
        ChannelPipeline pipeline = context.pipeline();
        pipeline.addLast(new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                .websocketPath(GatewayRequests.MQTT_PATH)
                .checkStartsWith(true)
                .subprotocols(subprotocol)
                .handleCloseFrames(false)
                .forceCloseTimeoutMillis(CLOSE_MILLIS)
                .handshakeTimeoutMillis(CLOSE_MILLIS)
                .decoderConfig(WebSocketDecoderConfig.newBuilder()
                        .maxFramePayloadLength(MAX_FRAME)
                        .allowExtensions(false)
                        .build())
                .build()));
        pipeline.addLast(new WebSocketPackets());
        welcome(pipeline, principal, core.limits.sessions().websocketLifetime());
    }
}
