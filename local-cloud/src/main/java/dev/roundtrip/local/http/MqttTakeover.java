package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.UpgradeAuthentication.Known;
import dev.roundtrip.local.http.UpgradeAuthentication.Signer;
import dev.roundtrip.local.http.UpgradeAuthentication.Unknown;
import dev.roundtrip.mqtt.Defects;
import dev.roundtrip.mqtt.Principal;
import dev.roundtrip.mqtt.UnauthenticatedConnection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Turns a connection into a WebSocket that carries MQTT, for whoever signed the request. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close through the pipeline.
final class MqttTakeover implements Takeover {
    static final String PATH = "/mqtt";

    private static final Executor ON_A_VIRTUAL_THREAD =
            task -> Thread.ofVirtual().name("mqtt-upgrade").start(task);

    /** Both carry MQTT 3.1.1 and 5; AWS's older SDKs ask for the second. */
    private static final List<String> SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");

    /** Source: RFC 6455. */
    private static final String VERSION = "13";

    private static final int MAX_FRAME = 256 * 1024;
    private static final long CLOSE_MILLIS = 300;

    private final GatewayProtocol protocol;
    private final UnauthenticatedConnection connection;

    MqttTakeover(GatewayProtocol protocol, UnauthenticatedConnection connection) {
        this.protocol = protocol;
        this.connection = connection;
    }

    @Override
    public boolean isAskedFor(SignedRequest request) {
        return request.path().equals(PATH);
    }

    @Override
    public void alive() {
        connection.extend(GatewayProtocol.HTTP_IDLE);
    }

    @Override
    public void begin(ChannelHandlerContext context, Asked asked, Consumer<HttpReply> refused) {
        Optional<String> subprotocol = subprotocol(asked.request().headers());
        if (!isUpgrade(asked.request()) || subprotocol.isEmpty()) {
            refused.accept(protocol.log().badUpgrade(source(context), asked.signed()));
            return;
        }
        FullHttpRequest request = asked.request().retain();
        // Netty reads one header, and compares names with regard to case.
        request.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol.get());
        context.channel().config().setAutoRead(false);
        CompletableFuture.supplyAsync(() -> protocol.authentication().byUpgrade(asked.signed()), ON_A_VIRTUAL_THREAD)
                .exceptionally(failure -> {
                    Defects.log("An upgrade was not answered", failure);
                    return new Unknown("InternalFailureException");
                })
                .thenAcceptAsync(
                        signer -> {
                            try {
                                end(context, new Asked(request, asked.signed()), signer, refused);
                            } finally {
                                context.channel().config().setAutoRead(true);
                            }
                        },
                        context.executor())
                .exceptionally(failure -> {
                    Defects.log("An upgrade failed", failure);
                    context.close();
                    return null;
                });
    }

    private void end(ChannelHandlerContext context, Asked asked, Signer signer, Consumer<HttpReply> refused) {
        FullHttpRequest request = asked.request();
        if (!context.channel().isActive()) {
            request.release();
            return;
        }
        switch (signer) {
            case Known known -> {
                String subprotocol = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
                speakMqtt(context.pipeline(), known.principal(), subprotocol);
                context.fireChannelRead(request);
                leave(context.pipeline());
            }
            case Unknown unknown -> {
                request.release();
                connection.countRefusal();
                refused.accept(protocol.log().refusedUpgrade(source(context), asked.signed(), unknown.error()));
            }
        }
    }

    /** Takes the handlers of HTTP out; those of its bytes go by themselves. */
    private static void leave(ChannelPipeline pipeline) {
        pipeline.remove(HttpConnection.class);
        pipeline.remove(RequestGate.class);
        if (pipeline.get(IdleStateHandler.class) != null) {
            pipeline.remove(IdleStateHandler.class);
        }
    }

    private static InetAddress source(ChannelHandlerContext context) {
        return ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
    }

    /** Turns the connection into a WebSocket; the request goes on to the handler of the handshake.
     *
     * @param subprotocol the one that the request names
     */
    private void speakMqtt(ChannelPipeline pipeline, Principal principal, String subprotocol) {
        pipeline.addLast(new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                .websocketPath(PATH)
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
        connection.speakMqtt(pipeline, principal);
    }

    /** The first name offered that carries MQTT, as the client wrote it: a client accepts no other spelling. */
    private static Optional<String> subprotocol(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .map(String::strip)
                .filter(offered -> SUBPROTOCOLS.stream().anyMatch(offered::equalsIgnoreCase))
                .findFirst();
    }

    private static boolean isUpgrade(FullHttpRequest request) {
        return request.method().equals(HttpMethod.GET)
                && request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
                && VERSION.equals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION));
    }
}
