package dev.roundtrip.local.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Refusals of the port for gateways, in the shape of AWS IoT's data endpoint. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close through the pipeline.
final class GatewayAnswers {
    /** How long a client may take to read a refusal that it gets in the middle of its request; our choice. */
    private static final long LINGER_MILLIS = 1000;

    private GatewayAnswers() {}

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

    /** Answers, and closes the connection. */
    static void refuse(ChannelHandlerContext context, Refused refused) {
        context.writeAndFlush(response(refused)).addListener(ChannelFutureListener.CLOSE);
    }

    /** Answers a client that may be in the middle of its request, and closes the connection a little later: one that is closed with bytes
     * that nobody read loses the answer. Whoever calls this throws away what else comes.
     */
    static void refuseEarly(ChannelHandlerContext context, Refused refused) {
        context.writeAndFlush(response(refused));
        context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static FullHttpResponse response(Refused refused) {
        String id = UUID.randomUUID().toString();
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
