package dev.roundtrip.local.http;

import static java.util.Objects.requireNonNull;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Listens for plain HTTP on one address until it is closed. Thread-safe; the event loops belong to somebody else. */
public final class HttpListener implements AutoCloseable {
    /** How much is read from a connection at once. While a request waits for its turn, nothing more is read. */
    private static final int READ_BYTES = 16 * 1024;

    /** For the answers of requests that were interrupted; our choice. */
    private static final long LAST_ANSWERS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Channel listener;
    private volatile @Nullable HttpPipeline pipeline;
    /** When running requests are interrupted, by {@link System#nanoTime}; null before it drains. */
    private @Nullable Long drainEnds;

    private HttpListener(EventLoopGroup loops, InetSocketAddress address) throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false) // until there is somebody who serves
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(64, 2048, READ_BYTES))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        initialize(channel);
                    }
                });
        try {
            listener = bootstrap.bind(address).sync().channel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while binding " + address, e);
        } catch (Exception e) { // Netty throws the cause, checked or not.
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    /** Takes an address. Connections wait until somebody serves them.
     *
     * @param address port 0 takes any that is free
     * @throws IOException when the address cannot be listened on, a taken port say
     */
    public static HttpListener bind(EventLoopGroup loops, InetSocketAddress address) throws IOException {
        return new HttpListener(loops, address);
    }

    /** Accepts connections from now on; called once. */
    public void serve(HttpPipeline served) {
        pipeline = served;
        listener.config().setAutoRead(true);
    }

    private void initialize(SocketChannel channel) {
        HttpPipeline served = pipeline;
        if (served == null) {
            channel.close().isDone();
            return;
        }
        connections.add(channel);
        served.addTo(channel.pipeline());
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Stops listening and takes no further request; those that run may go on for {@link ConnectionTimes#drain}.
     * Returns at once.
     */
    public synchronized void drain() {
        if (drainEnds != null) {
            return;
        }
        HttpPipeline served = pipeline;
        drainEnds =
                System.nanoTime() + (served == null ? 0 : served.times().drain().toNanos());
        listener.close().syncUninterruptibly();
        for (Channel connection : connections) {
            ChannelHandlerContext context = connection.pipeline().context(HttpConnection.class);
            if (context != null) {
                context.executor().execute(() -> ((HttpConnection) context.handler()).drain(context));
            }
        }
    }

    /** Drains, interrupts what still runs then, which may still say how it ended, and closes every connection. */
    @Override
    public synchronized void close() {
        drain();
        awaitConnections(requireNonNull(drainEnds) - System.nanoTime());
        HttpPipeline served = pipeline;
        if (served != null) {
            served.services().interruptAll();
        }
        awaitConnections(LAST_ANSWERS_NANOS);
        connections.close().awaitUninterruptibly(100);
    }

    /** Closes the address and every connection. Returns at once. */
    public void closeNow() {
        listener.close().isDone();
        connections.close().isDone();
    }

    private void awaitConnections(long nanos) {
        connections.newCloseFuture().awaitUninterruptibly(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }
}
