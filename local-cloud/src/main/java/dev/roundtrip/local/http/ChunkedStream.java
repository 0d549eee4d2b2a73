package dev.roundtrip.local.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A body in chunks on one connection. Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails is a connection that is gone.
final class ChunkedStream implements HttpStream {
    private final ChannelHandlerContext context;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();

    /** @param context of the connection, which belongs to the stream from now on */
    ChunkedStream(ChannelHandlerContext context) {
        this.context = context;
    }

    @Override
    public boolean offer(byte[] part) {
        if (!isOpen()) {
            return false;
        }
        if (waiting.addAndGet(part.length) > MAX_WAITING_BYTES) {
            waiting.addAndGet(-part.length);
            return false;
        }
        return inEventLoop(() -> context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(part)))
                .addListener(written -> {
                    waiting.addAndGet(-part.length);
                    if (!written.isSuccess()) {
                        context.close();
                    }
                }));
    }

    @Override
    public int room() {
        return isOpen() ? Math.max(0, MAX_WAITING_BYTES - waiting.get()) : 0;
    }

    @Override
    public boolean isOpen() {
        return !ended.get() && context.channel().isActive();
    }

    @Override
    public void end() {
        if (ended.compareAndSet(false, true)) {
            inEventLoop(() ->
                    context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE));
        }
    }

    /** There is no client: nothing is written. */
    void abandon() {
        ended.set(true);
    }

    private boolean inEventLoop(Runnable task) {
        try {
            context.executor().execute(task);
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }
}
