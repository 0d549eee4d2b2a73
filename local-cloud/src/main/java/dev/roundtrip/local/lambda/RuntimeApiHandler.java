package dev.roundtrip.local.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Json;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One connection of a runtime. Source of paths, headers and statuses: AWS Lambda developer guide, "Using the Lambda runtime API". */
final class RuntimeApiHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final String VERSION = "/2018-06-01/runtime/";
    private static final Pattern ENDED = Pattern.compile("invocation/([^/]+)/(response|error)");

    private final String prefix;
    private final RuntimeRequests requests;

    RuntimeApiHandler(String root, RuntimeRequests requests) {
        this.prefix = root + VERSION;
        this.requests = requests;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (!request.uri().startsWith(prefix)) {
            reply(context, HttpResponseStatus.FORBIDDEN);
            return;
        }
        String path = request.uri().substring(prefix.length());
        String body = request.content().toString(StandardCharsets.UTF_8);
        Matcher ended = ENDED.matcher(path);
        switch (request.method() + " " + path) {
            case "GET invocation/next" -> requests.next(poll(context));
            case "GET restore/next" -> requests.restoreNext(poll(context));
            case "POST init/error", "POST restore/error" -> {
                requests.unusable(describe(body));
                reply(context, HttpResponseStatus.ACCEPTED);
            }
            default -> {
                if (!ended.matches() || !request.method().name().equals("POST")) {
                    reply(context, HttpResponseStatus.NOT_FOUND);
                    return;
                }
                boolean known = ended.group(2).equals("response")
                        ? requests.answered(ended.group(1), body)
                        : requests.failed(ended.group(1), describe(body));
                reply(context, known ? HttpResponseStatus.ACCEPTED : HttpResponseStatus.BAD_REQUEST);
            }
        }
    }

    private static Poll poll(ChannelHandlerContext context) {
        return invocation -> {
            byte[] event = invocation == null ? new byte[0] : invocation.event().getBytes(StandardCharsets.UTF_8);
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(event));
            HttpHeaders headers = response.headers();
            headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
            headers.set(HttpHeaderNames.CONTENT_LENGTH, event.length);
            if (invocation != null) {
                headers.set("Lambda-Runtime-Aws-Request-Id", invocation.id());
                headers.set("Lambda-Runtime-Deadline-Ms", invocation.deadlineMillis());
                headers.set("Lambda-Runtime-Invoked-Function-Arn", invocation.functionArn());
            }
            write(context, response);
        };
    }

    private static void reply(ChannelHandlerContext context, HttpResponseStatus status) {
        byte[] body = ("{\"status\":\"" + status.reasonPhrase() + "\"}").getBytes(StandardCharsets.US_ASCII);
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        write(context, response);
    }

    private static void write(ChannelHandlerContext context, DefaultFullHttpResponse response) {
        var unused = context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /** The error's type and message, of which a handler's may quote its input: for the owner of the machine alone. */
    private static String describe(String error) {
        @Nullable JsonNode json = null;
        try {
            json = Json.mapper().readTree(error);
        } catch (JsonProcessingException unreadable) {
            // Told below.
        }
        return json == null
                ? "an error that cannot be read"
                : json.path("errorType").asText("an error") + ": "
                        + json.path("errorMessage").asText("without a message");
    }

    /** A runtime that has gone is no event of ours: its process tells. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close().isDone();
    }
}
