package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.GatewayAnswers.Refused;
import dev.roundtrip.mqtt.Defects;
import dev.roundtrip.mqtt.Principal;
import dev.roundtrip.mqtt.UnauthenticatedConnection;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** Answers the HTTP requests of one channel, one after the other: the upgrade to MQTT itself, the others by way of an {@link HttpEndpoint}. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close through the pipeline.
final class GatewayRequests extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** Signatures are checked there, policies are asked, and requests are answered: all that may take a while. */
    private static final Executor ON_A_VIRTUAL_THREAD =
            task -> Thread.ofVirtual().name("gateway-request").start(task);

    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME;
    static final String MQTT_PATH = "/mqtt";
    /** Both carry MQTT 3.1.1 and 5; AWS's older SDKs ask for the second. */
    private static final List<String> SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");

    private static final Duration HTTP_IDLE = Duration.ofSeconds(60);

    private static final int MAX_FRAME = 256 * 1024;
    private static final long CLOSE_MILLIS = 300;

    private final GatewayProtocol protocol;
    private final UnauthenticatedConnection connection;
    private final GatewayAnswers answers;
    private boolean upgrading;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    GatewayRequests(GatewayProtocol protocol, UnauthenticatedConnection connection) {
        this.protocol = protocol;
        this.connection = connection;
        this.answers = new GatewayAnswers(protocol.log());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (upgrading) {
            // Whoever asks for more before the upgrade is answered is not heard.
            ReferenceCountUtil.release(message);
            return;
        }
        if (message.equals(RequestAssembler.TOO_LONG)) {
            answers.refuseEarly(context, null, Refused.TOO_LARGE);
        } else {
            super.channelRead(context, message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == BodyMeter.Report.NO_ROOM) {
            answers.refuseEarly(context, null, Refused.NO_ROOM);
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            answers.refuse(context, null, Refused.BAD_REQUEST);
            return;
        }
        SignedRequest signed = signedRequest(request, ByteBufUtil.getBytes(request.content()));
        if (signed.path().equals(MQTT_PATH)) {
            upgrade(context, request, signed);
        } else {
            boolean keepAlive = HttpUtil.isKeepAlive(request)
                    && !request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
            last = last.thenCompose(before -> answer(context, signed, keepAlive));
        }
    }

    /** A client that sends the next request before it has its answer waits: nothing more is read meanwhile. */
    private CompletableFuture<?> answer(ChannelHandlerContext context, SignedRequest signed, boolean keepAlive) {
        Channel channel = context.channel();
        connection.extend(HTTP_IDLE);
        channel.config().setAutoRead(false);
        InetAddress source = ((InetSocketAddress) channel.remoteAddress()).getAddress();
        return ask(new HttpEndpoint.Question(signed, source))
                .whenCompleteAsync(
                        (answer, failure) -> {
                            connection.extend(HTTP_IDLE);
                            channel.config().setAutoRead(true);
                            if (failure == null) {
                                write(context, answer, keepAlive);
                                HttpEndpoint.Refused refused = answer.refused();
                                if (refused != null) {
                                    protocol.log().refused(source, signed, answer.status(), refused);
                                }
                            } else {
                                Defects.log("A request was not answered", failure);
                                answers.refuse(context, signed, Refused.DEFECT);
                            }
                        },
                        context.executor());
    }

    private CompletableFuture<HttpEndpoint.Answer> ask(HttpEndpoint.Question question) {
        return CompletableFuture.supplyAsync(
                        () -> protocol.endpoint().answer(question, connection.connections()), ON_A_VIRTUAL_THREAD)
                .thenCompose(answer -> answer);
    }

    private void write(ChannelHandlerContext context, HttpEndpoint.Answer answer, boolean keepAlive) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                Unpooled.wrappedBuffer(answer.bytes()));
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        response.headers()
                .set(HttpHeaderNames.DATE, DATE.format(connection.clock().now().atOffset(ZoneOffset.UTC)))
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        if (keepAlive) {
            context.writeAndFlush(response);
        } else {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void upgrade(ChannelHandlerContext context, FullHttpRequest request, SignedRequest signed) {
        Optional<String> subprotocol = subprotocol(request.headers());
        if (!isUpgrade(request) || subprotocol.isEmpty()) {
            answers.refuse(context, signed, Refused.BAD_REQUEST);
            return;
        }
        // Netty reads one header, and compares names with regard to case.
        request.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol.get());
        request.retain();
        upgrading = true;
        context.channel().config().setAutoRead(false);
        last = last.thenCompose(before -> CompletableFuture.supplyAsync(
                        () -> protocol.authentication().byUpgrade(signed), ON_A_VIRTUAL_THREAD)
                .exceptionally(failure -> {
                    Defects.log("An upgrade was not answered", failure);
                    return Optional.empty();
                })
                .thenAcceptAsync(
                        principal -> {
                            context.channel().config().setAutoRead(true);
                            if (!context.channel().isActive()) {
                                request.release();
                            } else if (principal.isPresent()) {
                                speakMqtt(context.pipeline(), principal.get(), subprotocol.get());
                                context.fireChannelRead(request);
                                context.pipeline().remove(this);
                            } else {
                                request.release();
                                connection.countRefusal();
                                answers.refuse(context, signed, Refused.FORBIDDEN);
                            }
                        },
                        context.executor()));
    }

    /** Turns the connection into a WebSocket; the request goes on to the handler of the handshake.
     *
     * @param subprotocol the one that the request names
     */
    private void speakMqtt(ChannelPipeline pipeline, Principal principal, String subprotocol) {
        pipeline.addLast(new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                .websocketPath(MQTT_PATH)
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
                && request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    }

    static SignedRequest signedRequest(HttpRequest request, byte[] body) {
        String uri = request.uri();
        int question = uri.indexOf('?');
        List<SignedRequest.Header> headers = request.headers().entries().stream()
                .map(header -> new SignedRequest.Header(header.getKey(), header.getValue()))
                .toList();
        return new SignedRequest(
                request.method().name(),
                question < 0 ? uri : uri.substring(0, question),
                question < 0 ? "" : uri.substring(question + 1),
                headers,
                body);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!Defects.isLoss(cause) && !Defects.isMalformed(cause)) {
            Defects.log("A request was not answered", cause);
        }
        context.close();
    }
}
