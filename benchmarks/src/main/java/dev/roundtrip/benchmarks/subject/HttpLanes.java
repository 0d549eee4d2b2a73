package dev.roundtrip.benchmarks.subject;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections of HTTP/1.1 that are kept alive, all served by one event loop: one exchange at a time on each. The next
 * exchange opens a connection again that the server closed while it was idle. A connection that is closed sooner is
 * lost, so that nobody measures how fast connections open.
 */
final class HttpLanes implements AutoCloseable {
    /** How many connect at once: no more than the listener's backlog takes. */
    private static final int WAVE = 500;

    /** API Gateway closes after 310 s. */
    private static final Duration IDLE = Duration.ofMinutes(4);

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("caller-http", true), NioIoHandler.newFactory());
    private final Bootstrap bootstrap;
    private final Duration idle;
    /** Changed on the event loop alone, once all are there. */
    private final List<Channel> channels = new ArrayList<>();
    /** By {@link System#nanoTime}; used on the event loop alone, once all are there. */
    private final long[] lastUsed;

    /** One request and its answer. Called on the event loop. */
    interface Exchange {

        /** The request's bytes. */
        ByteBuf request(Channel channel);

        void answered(HttpAnswer answer);

        /** The connection was lost, or cannot be opened. */
        void lost();
    }

    /** @throws IOException when the server cannot be reached */
    HttpLanes(InetSocketAddress server, int count) throws IOException {
        this(server, count, IDLE);
    }

    /** @param idle how long nothing was asked on a connection that its server may close */
    HttpLanes(InetSocketAddress server, int count, Duration idle) throws IOException {
        this.idle = idle;
        this.lastUsed = new long[count];
        Arrays.fill(lastUsed, System.nanoTime());
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .remoteAddress(server)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Lane());
                    }
                });
        try {
            while (channels.size() < count) {
                wave(Math.min(WAVE, count - channels.size()));
            }
        } catch (IOException unreachable) {
            close();
            throw unreachable;
        }
    }

    private void wave(int count) throws IOException {
        List<ChannelFuture> connecting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connecting.add(bootstrap.connect());
        }
        for (ChannelFuture one : connecting) {
            Throwable cause = one.awaitUninterruptibly().cause();
            if (cause != null) {
                throw new IOException("cannot connect: " + cause.getMessage(), cause);
            }
            channels.add(one.channel());
        }
    }

    int count() {
        return channels.size();
    }

    void exchange(int lane, Exchange exchange) {
        Channel channel = channels.get(lane);
        if (channel.eventLoop().inEventLoop()) {
            begin(lane, exchange);
        } else {
            channel.eventLoop().execute(() -> begin(lane, exchange));
        }
    }

    private void begin(int lane, Exchange exchange) {
        Channel channel = channels.get(lane);
        if (channel.isActive()) {
            begin(lane, channel, exchange);
            return;
        }
        if (System.nanoTime() - lastUsed[lane] < idle.toNanos()) {
            exchange.lost();
            return;
        }
        ChannelFuture again = bootstrap.connect();
        var unused = again.addListener(connected -> {
            if (connected.isSuccess()) {
                channels.set(lane, again.channel());
                begin(lane, again.channel(), exchange);
            } else {
                exchange.lost();
            }
        });
    }

    private void begin(int lane, Channel channel, Exchange exchange) {
        lastUsed[lane] = System.nanoTime();
        channel.pipeline().get(Lane.class).current = exchange;
        var unused = channel.writeAndFlush(exchange.request(channel), channel.voidPromise());
    }

    private static final class Lane extends ByteToMessageDecoder {
        private @Nullable Exchange current;

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            Exchange exchange = current;
            HttpAnswer answer = HttpAnswer.read(in);
            if (exchange != null && answer != null) {
                current = null;
                in.readerIndex(answer.end());
                exchange.answered(answer);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            lose();
        }

        private void lose() {
            Exchange exchange = current;
            current = null;
            if (exchange != null) {
                exchange.lost();
            }
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // It is lost already.
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
            lose();
        }
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
