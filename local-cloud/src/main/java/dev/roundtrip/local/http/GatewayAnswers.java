package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Refusals of the port for gateways, in the shape of AWS IoT's data endpoint. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close through the pipeline.
final class GatewayAnswers {
    /** How long a client may take to read a refusal that it gets in the middle of its request; our choice. */
    private static final long LINGER_MILLIS = 1000;

    private final RefusedRequests log;

    /** @param log is told of each refusal */
    GatewayAnswers(RefusedRequests log) {
        this.log = log;
    }

    /** A refusal.
     *
     * @param type the error's name in AWS's model
     */
    record Refused(HttpResponseStatus status, String type, String message) {
        static final Refused BAD_REQUEST =
                new Refused(HttpResponseStatus.BAD_REQUEST, "InvalidRequestException", "Bad Request");
        static final Refused FORBIDDEN = new Refused(HttpResponseStatus.FORBIDDEN, "ForbiddenException", "Forbidden");
        static final Refused TOO_LARGE = new Refused(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "RequestEntityTooLargeException",
                "the body is larger than any that is served here");
        static final Refused NO_ROOM = new Refused(
                HttpResponseStatus.SERVICE_UNAVAILABLE,
                "ServiceUnavailableException",
                "too many bodies are coming in at this moment; try again");
        static final Refused DEFECT = new Refused(
                HttpResponseStatus.INTERNAL_SERVER_ERROR, "InternalFailureException", "Internal Server Error");
    }

    /** Answers, and closes the connection.
     *
     * @param request null when it could not be read
     */
    void refuse(ChannelHandlerContext context, @Nullable SignedRequest request, Refused refused) {
        context.writeAndFlush(response(context, request, refused)).addListener(ChannelFutureListener.CLOSE);
    }

    /** Answers a client that may be in the middle of its request, and closes the connection a little later: one that is closed with bytes
     * that nobody read loses the answer. Whoever calls this throws away what else comes.
     *
     * @param request null when it could not be read
     */
    void refuseEarly(ChannelHandlerContext context, @Nullable SignedRequest request, Refused refused) {
        context.writeAndFlush(response(context, request, refused));
        context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private FullHttpResponse response(ChannelHandlerContext context, @Nullable SignedRequest request, Refused refused) {
        String id = UUID.randomUUID().toString();
        if (context.channel().remoteAddress() instanceof InetSocketAddress source) {
            HttpEndpoint.Refused told = new HttpEndpoint.Refused(id, refused.type(), null, null);
            log.refused(source.getAddress(), request, refused.status().code(), told);
        }
        String body = "{\"message\":\"" + refused.message() + "\",\"traceId\":\"" + id + "\"}";
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, refused.status(), Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set("x-amzn-ErrorType", refused.type())
                .set("x-amzn-RequestId", id)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return response;
    }
}
