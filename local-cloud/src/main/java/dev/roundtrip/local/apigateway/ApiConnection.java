package dev.roundtrip.local.apigateway;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.local.http.BodyMeter;
import dev.roundtrip.local.http.HttpDate;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.HttpRequests;
import dev.roundtrip.local.http.RequestDecoder;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection: one request after the other, each answered before the next is begun. Everything here runs on the connection's event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails is a connection that is gone.
final class ApiConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = System.getLogger(ApiConnection.class.getName());

    /** How long a caller that was refused in the middle of its request may take to read the answer before it is cut off. */
    private static final long LINGER_MILLIS = 1000;

    /** What the function answers is checked when it is read, and what else is added is our own. */
    private static final HttpHeadersFactory UNCHECKED_HEADERS =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private static final HttpHeadersFactory NO_TRAILERS =
            DefaultHttpHeadersFactory.trailersFactory().withValidation(false);

    private final Calls calls;
    private final ApiLimits limits;
    private final RequestDecoder decoder;
    private final Queue<Object> waiting = new ArrayDeque<>(0);
    private boolean answering;
    private boolean closing;
    /** Whether the request that is answered is a HEAD, whose answer has no body. */
    private boolean bodiless;

    private @Nullable Future<?> requestTimer;
    private @Nullable Future<?> functionTimer;

    /** @param decoder of the same connection */
    ApiConnection(Calls calls, ApiLimits limits, RequestDecoder decoder) {
        this.calls = calls;
        this.limits = limits;
        this.decoder = decoder;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        requestTimer = cancel(requestTimer);
        if (closing && !answering) {
            ReferenceCountUtil.release(message);
        } else if (answering) {
            waiting.add(message);
            context.channel().config().setAutoRead(false);
        } else {
            begin(context, message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        watchRequest(context);
    }

    /** A caller that has sent a part of a request has to send the rest in time, however it drips. While it waits for an answer, its time does not run. */
    private void watchRequest(ChannelHandlerContext context) {
        if (decoder.isInsideRequest() && !answering && !closing && requestTimer == null) {
            requestTimer = context.executor()
                    .schedule(
                            () -> refuse(context, Refusals.requestTimedOut()),
                            limits.requestTimeout().toNanos(),
                            TimeUnit.NANOSECONDS);
        }
    }

    private void begin(ChannelHandlerContext context, Object message) {
        if (!(message instanceof FullHttpRequest request)) {
            refuse(
                    context,
                    message == BodyMeter.Report.NO_ROOM ? Refusals.tooManyRequests() : Refusals.contentTooLong());
            return;
        }
        bodiless = request.method().equals(HttpMethod.HEAD);
        try {
            SignedRequest signed = HttpRequests.read(request).orElse(null);
            if (signed == null) {
                refuse(context, HttpRequests.refusal(request));
                return;
            }
            closing |=
                    !HttpUtil.isKeepAlive(request) || request.protocolVersion().equals(HttpVersion.HTTP_1_0);
            answering = true;
            call(context, signed);
        } finally {
            request.release();
        }
    }

    private void call(ChannelHandlerContext context, SignedRequest signed) {
        IncomingRequest incoming = calls.incoming(signed, sourceIp(context));
        RequestIds ids = incoming.ids();
        Exchange exchange = calls.prepare(incoming, reply -> inEventLoop(context, () -> answered(context, ids, reply)));
        functionTimer = context.executor()
                .schedule(
                        () -> calls.outOfTime(exchange, context.executor()),
                        calls.patience().toNanos(),
                        TimeUnit.NANOSECONDS);
        exchange.start();
    }

    private static String sourceIp(ChannelHandlerContext context) {
        return context.channel().remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "127.0.0.1";
    }

    /** An answer that comes after the server has stopped has nobody to go to. */
    private void inEventLoop(ChannelHandlerContext context, Runnable task) {
        try {
            context.executor().execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error failed) {
                    fail(context, failed);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "A function ended after the API had stopped");
        }
    }

    private void answered(ChannelHandlerContext context, RequestIds ids, HttpReply reply) {
        functionTimer = cancel(functionTimer);
        answering = false;
        context.writeAndFlush(response(ids, reply, closing))
                .addListener(closing ? ChannelFutureListener.CLOSE : ChannelFutureListener.CLOSE_ON_FAILURE);
        bodiless = false;
        if (closing) {
            forgetWaiting();
            return;
        }
        Object next = waiting.poll();
        if (next != null) {
            begin(context, next);
        } else {
            watchRequest(context);
            if (!context.channel().config().isAutoRead()) {
                context.channel().config().setAutoRead(true);
            }
        }
    }

    /** Answers what cannot be served. The rest of it may still be on its way: it is passed over, so that the answer can be read. */
    private void refuse(ChannelHandlerContext context, HttpReply reply) {
        closing = true;
        RequestIds ids = calls.ids();
        calls.refused(sourceIp(context), ids, reply);
        context.writeAndFlush(response(ids, reply, true)).addListener(written -> {
            if (context.channel() instanceof SocketChannel socket && socket.isActive()) {
                socket.shutdownOutput();
            }
            context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private DefaultFullHttpResponse response(RequestIds ids, HttpReply reply, boolean last) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.status()),
                bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(reply.body()),
                UNCHECKED_HEADERS,
                NO_TRAILERS);
        HttpHeaders headers = response.headers();
        for (Header header : reply.headers()) {
            headers.add(header.name(), header.value());
        }
        headers.set("x-amzn-RequestId", ids.requestId());
        headers.set("x-amz-apigw-id", ids.extendedRequestId());
        headers.set("X-Amzn-Trace-Id", ids.traceId());
        headers.set(HttpHeaderNames.DATE, HttpDate.format(ids.time()));
        headers.set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
        if (last) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return response;
    }

    /** Takes no further request: closes now, or when the answer in the making is sent. */
    void drain(ChannelHandlerContext context) {
        closing = true;
        if (!answering) {
            context.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && !answering) {
            context.close();
        } else if (event == BodyMeter.Report.NO_ROOM) {
            // The answer before it comes first.
            channelRead(context, event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        requestTimer = cancel(requestTimer);
        forgetWaiting();
    }

    private void forgetWaiting() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }

    /** A caller that breaks off is no event of ours. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException || cause instanceof CodecException) {
            context.close();
        } else {
            fail(context, cause);
        }
    }

    /** Whatever became of the request, its caller does not wait for it any longer. */
    private void fail(ChannelHandlerContext context, Throwable failure) {
        try {
            functionTimer = cancel(functionTimer);
            refuse(context, calls.failure());
            StackTraceElement[] trace = failure.getStackTrace();
            LOG.log(
                    Level.ERROR,
                    "A connection failed with {0} at {1}",
                    failure.getClass().getName(),
                    trace.length > 0 ? trace[0] : "an unknown place");
        } catch (RuntimeException | Error again) {
            context.close();
        }
    }

    private static @Nullable Future<?> cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
        return null;
    }
}
