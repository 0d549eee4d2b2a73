package dev.roundtrip.local.lambda;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** The Runtime API of AWS Lambda, version 2018-06-01: each environment has one of its own. Thread-safe. */
final class RuntimeApi implements AutoCloseable {
    /** The largest answer; source: AWS Lambda quotas, "Invocation payload". */
    private static final int MAX_ANSWER_BYTES = 6 * 1024 * 1024;

    private static final int SECRET_BYTES = 16;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("runtime-api", true), NioIoHandler.newFactory());
    private final SecureRandom random = new SecureRandom();

    /** Listens for one environment, on the loopback address.
     *
     * @throws IOException when no port can be listened on
     */
    Endpoint open(RuntimeRequests requests) throws IOException {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String root = "/" + HexFormat.of().formatHex(secret);
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connections.add(channel);
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(MAX_ANSWER_BYTES))
                                .addLast(new RuntimeApiHandler(root, requests));
                    }
                });
        try {
            Channel listener = bootstrap
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .sync()
                    .channel();
            return new Endpoint(listener, connections, root);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the Runtime API was opened", interrupted);
        }
    }

    /** Where one environment finds its Runtime API. */
    record Endpoint(Channel listener, ChannelGroup connections, String root) {

        /** {@code AWS_LAMBDA_RUNTIME_API}. Its path is secret: only the environment that was told may speak for the function. */
        String address() {
            InetSocketAddress local = (InetSocketAddress) listener.localAddress();
            return local.getAddress().getHostAddress() + ":" + local.getPort() + root;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // Whether it fails or not, the loops' end ends them.
        void close() {
            listener.close();
            connections.close();
        }
    }

    /** Closes every endpoint; within a third of a second. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, 200, TimeUnit.MILLISECONDS).awaitUninterruptibly(300);
    }
}
