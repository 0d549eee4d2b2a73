package dev.roundtrip.local.api;

import dev.roundtrip.local.sigv4.SignedRequest;
import dev.roundtrip.local.sigv4.SignedRequest.Header;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One connection: one request after the other, each answered before the next is begun.
 *
 * <p>Everything here runs on the connection's event loop but {@link #answer}, which the thread that has the answer does alone, so that the loop need not be
 * woken: while a request is answered nobody else writes.
 */
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

    private static final byte[] NO_BODY = {};

    /** What the connection is at. */
    private enum Phase {
        /** Waits for a request, or for the rest of one. */
        READING,
        /** The function has the request. Whoever answers sets this back. */
        ANSWERING,
        /** The function has the request, and the next one waits for its turn: the event loop goes on with it. */
        ANSWERING_FIRST,
        /** The caller does not read as fast as it is answered. */
        SENDING
    }

    private final Calls calls;
    private final ApiLimits limits;
    private final Queue<Object> waiting = new ArrayDeque<>(0);
    private final ResponseEncoder encoder = new ResponseEncoder();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.READING);
    private volatile boolean closing;
    private boolean requestInThisRead;
    private @Nullable Future<?> requestTimer;
    private volatile @Nullable Future<?> functionTimer;
    private volatile long answeredNanos = System.nanoTime();

    ApiConnection(Calls calls, ApiLimits limits) {
        this.calls = calls;
        this.limits = limits;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        requestInThisRead = true;
        requestTimer = cancel(requestTimer);
        phase.compareAndSet(Phase.ANSWERING, Phase.ANSWERING_FIRST);
        if (phase.get() != Phase.READING) {
            waiting.add(message);
            context.channel().config().setAutoRead(false);
        } else if (closing) {
            ReferenceCountUtil.release(message);
        } else {
            begin(context, message);
        }
    }

    /** Whoever has sent a part of a request has to send the rest in time, however he drips it. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!requestInThisRead && phase.get() == Phase.READING && !closing && requestTimer == null) {
            requestTimer = context.executor()
                    .schedule(
                            () -> refuse(context, Refusals.requestTimedOut()),
                            limits.requestTimeout().toNanos(),
                            TimeUnit.NANOSECONDS);
        }
        requestInThisRead = false;
    }

    private void begin(ChannelHandlerContext context, Object message) {
        if (!(message instanceof FullHttpRequest request)) {
            refuse(
                    context,
                    message == BodyMeter.Report.NO_ROOM ? Refusals.tooManyRequests() : Refusals.contentTooLong());
            return;
        }
        try {
            SignedRequest signed = HttpRequests.read(request).orElse(null);
            if (signed == null) {
                refuse(context, HttpRequests.refusal(request));
                return;
            }
            closing |=
                    !HttpUtil.isKeepAlive(request) || request.protocolVersion().equals(HttpVersion.HTTP_1_0);
            phase.set(waiting.isEmpty() ? Phase.ANSWERING : Phase.ANSWERING_FIRST);
            call(context, signed);
        } finally {
            request.release();
        }
    }

    private void call(ChannelHandlerContext context, SignedRequest signed) {
        String sourceIp = context.channel().remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "127.0.0.1";
        IncomingRequest incoming = calls.incoming(signed, sourceIp);
        Exchange exchange = calls.prepare(incoming, reply -> answer(context, incoming, reply));
        functionTimer = context.executor()
                .schedule(
                        () -> calls.outOfTime(exchange, context.executor()),
                        calls.patience().toNanos(),
                        TimeUnit.NANOSECONDS);
        exchange.start();
    }

    /** Writes the answer on the thread that has it, and wakes the event loop only when there is more to do. */
    private void answer(ChannelHandlerContext context, IncomingRequest incoming, ApiReply reply) {
        boolean last = closing;
        byte[] body = incoming.request().method().equals("HEAD") ? NO_BODY : reply.body();
        ByteBuf bytes = encoder.encode(context, head(incoming.ids(), reply, last), body);
        boolean gone = !write((OpenSocketChannel) context.channel(), bytes);
        functionTimer = cancel(functionTimer);
        answeredNanos = System.nanoTime();
        boolean over = !last && !gone && !bytes.isReadable() && phase.compareAndSet(Phase.ANSWERING, Phase.READING);
        if (over) {
            bytes.release();
            if (closing) {
                inEventLoop(context, () -> drain(context));
            }
        } else if (!inEventLoop(context, () -> answered(context, bytes, last || gone))) {
            bytes.release();
        }
    }

    /** @return false when the server has stopped, and every connection is closed */
    private static boolean inEventLoop(ChannelHandlerContext context, Runnable task) {
        try {
            context.executor().execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "A function ended after the API had stopped");
            return false;
        }
    }

    private static boolean write(OpenSocketChannel channel, ByteBuf bytes) {
        try {
            channel.writeNow(bytes);
            return true;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A caller was gone before the answer");
            return false;
        }
    }

    private void answered(ChannelHandlerContext context, ByteBuf rest, boolean last) {
        closing |= last;
        if (rest.isReadable() && context.channel().isActive()) {
            phase.set(Phase.SENDING);
            ((OpenSocketChannel) context.channel()).writeRest(rest).addListener(sent -> {
                answeredNanos = System.nanoTime();
                closing |= !sent.isSuccess();
                next(context);
            });
        } else {
            rest.release();
            next(context);
        }
    }

    private void next(ChannelHandlerContext context) {
        phase.set(Phase.READING);
        if (closing) {
            context.close();
            forgetWaiting();
            return;
        }
        Object next = waiting.poll();
        if (waiting.isEmpty() && !context.channel().config().isAutoRead()) {
            context.channel().config().setAutoRead(true);
        }
        if (next != null) {
            begin(context, next);
        }
    }

    /** Answers what cannot be served. The rest of it may still be on its way: it is passed over, so that the answer can be read. */
    private void refuse(ChannelHandlerContext context, ApiReply reply) {
        closing = true;
        ByteBuf bytes = encoder.encode(context, head(calls.ids(), reply, true), reply.body());
        ((OpenSocketChannel) context.channel()).writeRest(bytes).addListener(written -> {
            if (context.channel() instanceof SocketChannel socket && socket.isActive()) {
                socket.shutdownOutput();
            }
            context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private static FullHttpResponse head(RequestIds ids, ApiReply reply, boolean last) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.status()),
                Unpooled.EMPTY_BUFFER,
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
        if (phase.get() == Phase.READING) {
            context.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            closeIfIdle(context);
        } else if (event == BodyMeter.Report.NO_ROOM) {
            channelRead(context, event);
        }
    }

    /** The last answer counts as well, which those who watch the channel did not see. */
    private void closeIfIdle(ChannelHandlerContext context) {
        Phase now = phase.get();
        long nanos = System.nanoTime() - answeredNanos;
        if (now == Phase.SENDING
                || (now == Phase.READING && nanos >= limits.idleTimeout().toNanos())) {
            context.close();
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
        context.close();
    }

    private static @Nullable Future<?> cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
        return null;
    }
}
