package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.Answers.Body;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One connection: one request after the other, each answered before the next is begun. Used by the connection's event
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails is a connection that is gone.
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = System.getLogger(HttpConnection.class.getName());

    private final HttpServices services;
    private final Duration requestTime;
    private final Answers answers;
    private final RequestDecoder decoder;
    private final RequestGate gate;
    private final Takeover takeover;
    private final Queue<Object> waiting = new ArrayDeque<>(0);
    private boolean answering;
    private boolean closing;
    /** Whether the request that is answered is a HEAD, whose answer has no body. */
    private boolean bodiless;

    private HttpVersion version = HttpVersion.HTTP_1_1;

    private HttpService serving;
    /** The one whose answer counts. */
    private @Nullable Exchange current;

    /** The body that is written bit by bit; nothing follows it on the connection. */
    private @Nullable ChunkedStream stream;

    private BodyBudget.@Nullable Claim claim;
    private @Nullable Future<?> requestTimer;
    private @Nullable Future<?> answerTimer;

    /** @param decoder of the same connection
     * @param gate of the same connection
     */
    HttpConnection(HttpPipeline pipeline, RequestDecoder decoder, RequestGate gate, Takeover takeover) {
        this.services = pipeline.services();
        this.serving = services.otherwise();
        this.requestTime = pipeline.times().request();
        this.answers = new Answers(pipeline.clock());
        this.decoder = decoder;
        this.gate = gate;
        this.takeover = takeover;
    }

    /** A request that came in whole.
     *
     * @param head null when it could not be read
     */
    private record Whole(FullHttpRequest request, RequestGate.@Nullable Head head) {
        void release() {
            request.release();
            if (head != null) {
                head.claim().giveBack();
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        requestTimer = cancel(requestTimer);
        Object next = message instanceof FullHttpRequest request ? new Whole(request, gate.take()) : message;
        if (closing && !answering) {
            release(next);
        } else if (answering) {
            waiting.add(next);
            context.channel().config().setAutoRead(false);
        } else {
            begin(context, next);
        }
    }

    private static void release(Object message) {
        if (message instanceof Whole whole) {
            whole.release();
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        watchRequest(context);
    }

    /** A client that has sent a part of a request has to send the rest in time, however it drips. While it waits for an
     * answer, its time does not run.
     */
    private void watchRequest(ChannelHandlerContext context) {
        if (decoder.isInsideRequest() && !answering && !closing && requestTimer == null) {
            requestTimer =
                    context.executor().schedule(() -> tooSlow(context), requestTime.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void tooSlow(ChannelHandlerContext context) {
        RequestGate.Head head = gate.current();
        if (head == null) {
            refuse(context, services.otherwise(), Unserved.TOO_SLOW, null);
        } else {
            refuse(context, head.service(), Unserved.TOO_SLOW, head.request());
        }
    }

    private void begin(ChannelHandlerContext context, Object message) {
        switch (message) {
            case Whole whole -> {
                try {
                    begin(context, whole);
                } finally {
                    whole.request().release();
                }
            }
            case RequestGate.Refused refused -> refuse(context, refused.service(), refused.why(), refused.head());
            default -> refuse(context, services.otherwise(), Unserved.BODY_TOO_LONG, null);
        }
    }

    private void begin(ChannelHandlerContext context, Whole whole) {
        FullHttpRequest request = whole.request();
        RequestGate.Head head = whole.head();
        claim = head == null ? null : head.claim();
        bodiless = request.method().equals(HttpMethod.HEAD);
        version = request.protocolVersion();
        SignedRequest signed = head == null
                ? null
                : HttpRequests.whole(head.request(), request).orElse(null);
        if (head == null || signed == null) {
            giveBack();
            refuse(context, head == null ? services.otherwise() : head.service(), HttpRequests.problem(request), null);
            return;
        }
        closing |= !HttpUtil.isKeepAlive(request)
                || request.protocolVersion().equals(HttpVersion.HTTP_1_0)
                || request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
        answering = true;
        serving = head.service();
        if (takeover.isAskedFor(signed)) {
            closing = true;
            takeover.begin(context, new Takeover.Asked(request, signed), reply -> answered(context, reply));
        } else {
            Exchange exchange = new Exchange(context, signed, head.claim());
            current = exchange;
            serving.serve(exchange);
        }
    }

    /** The request that is answered. */
    private final class Exchange implements HttpExchange {
        private final ChannelHandlerContext context;
        private final SignedRequest request;
        private final BodyBudget.Claim taken;
        private final AtomicBoolean answered = new AtomicBoolean();

        Exchange(ChannelHandlerContext context, SignedRequest request, BodyBudget.Claim taken) {
            this.context = context;
            this.request = request;
            this.taken = taken;
        }

        @Override
        public SignedRequest request() {
            return request;
        }

        @Override
        public InetAddress source() {
            return HttpConnection.source(context);
        }

        @Override
        public @Nullable X509Certificate clientCertificate() {
            return ClientCertificate.of(context.channel());
        }

        @Override
        public void verified() {
            taken.giveBack();
            gate.trust();
            takeover.alive();
        }

        @Override
        public void after(Duration time, Runnable task) {
            answerTimer = context.executor().schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public void later(Duration time, Runnable task) {
            context.executor().schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public void answer(HttpReply reply) {
            if (answered.compareAndSet(false, true)) {
                inEventLoop(context, () -> {
                    if (current == this) {
                        HttpConnection.this.answered(context, reply);
                    }
                });
            }
        }

        @Override
        public HttpStream stream(HttpReply head) {
            ChunkedStream body = new ChunkedStream(context);
            if (answered.compareAndSet(false, true)) {
                inEventLoop(context, () -> {
                    if (current == this) {
                        streamed(context, head, body);
                    } else {
                        body.abandon();
                    }
                });
            } else {
                body.abandon();
            }
            return body;
        }
    }

    /** From here on the connection belongs to the stream; what else the client sends is thrown away, so that its end is
     * seen.
     */
    private void streamed(ChannelHandlerContext context, HttpReply head, ChunkedStream body) {
        settle();
        answering = true;
        closing = true;
        stream = body;
        gate.discard();
        forgetWaiting();
        context.channel().config().setAutoRead(true);
        answers.writeHead(context, head, version);
    }

    private static InetAddress source(ChannelHandlerContext context) {
        return context.channel().remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /** An answer that comes after the listener has stopped has nobody to go to. */
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
            LOG.log(Level.DEBUG, "A request was answered after the listener had stopped");
        }
    }

    private void answered(ChannelHandlerContext context, HttpReply reply) {
        settle();
        answers.write(
                context,
                reply,
                bodiless ? Body.LEFT_OUT : Body.SENT,
                closing ? ChannelFutureListener.CLOSE : ChannelFutureListener.CLOSE_ON_FAILURE);
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

    private void settle() {
        answerTimer = cancel(answerTimer);
        answering = false;
        current = null;
        giveBack();
    }

    private void giveBack() {
        if (claim != null) {
            claim.giveBack();
            claim = null;
        }
    }

    /** Answers what cannot be served, and closes when the answer can have been read. */
    private void refuse(
            ChannelHandlerContext context, HttpService service, Unserved why, @Nullable SignedRequest head) {
        closing = true;
        gate.discard();
        context.channel().config().setAutoRead(true);
        bodiless |= head != null && head.method().equals("HEAD");
        answers.writeLast(context, service.refuse(why, head, source(context)), bodiless ? Body.LEFT_OUT : Body.SENT);
    }

    /** Takes no further request: closes now, or when the answer in the making is sent. */
    void drain(ChannelHandlerContext context) {
        closing = true;
        if (stream != null) {
            stream.end();
        } else if (!answering) {
            context.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            if (!answering) {
                context.close();
            }
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        requestTimer = cancel(requestTimer);
        forgetWaiting();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        // The answer's timer goes on: what a client that is gone asked for still has to end in time.
        giveBack();
        requestTimer = cancel(requestTimer);
        forgetWaiting();
    }

    private void forgetWaiting() {
        waiting.forEach(HttpConnection::release);
        waiting.clear();
    }

    /** A client that breaks off is no event of ours. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException || cause instanceof CodecException) {
            context.close();
        } else {
            fail(context, cause);
        }
    }

    /** Whatever became of the request, its client does not wait for it any longer. */
    private void fail(ChannelHandlerContext context, Throwable failure) {
        try {
            if (stream != null) {
                context.close();
                return;
            }
            answerTimer = cancel(answerTimer);
            current = null;
            refuse(context, serving, Unserved.FAILED, null);
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
