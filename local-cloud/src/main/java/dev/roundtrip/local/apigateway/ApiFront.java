package dev.roundtrip.local.apigateway;

import static java.util.Objects.requireNonNull;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.auth.sigv4.SigV4Verifier;
import dev.roundtrip.local.http.BodyBudget;
import dev.roundtrip.local.http.BodyMeter;
import dev.roundtrip.local.http.RequestAssembler;
import dev.roundtrip.local.http.RequestDecoder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A REST API of API Gateway on this machine: {@code GET} and {@code POST} of {@code /Prod/invoke} and {@code /Prod/invoke/TARGET/METHOD} with IAM authorization, in front of one function.
 *
 * <p>Connections are served by event loops, and every call runs on a virtual thread of its own. Safe for use by many threads.
 */
public final class ApiFront implements AutoCloseable {
    /** Parsing and writing only; one loop carries more than two cores of signed calls can. */
    private static final int EVENT_LOOPS = 1;

    /** How much is read from a connection at once. While a request waits for its turn, nothing more is read. */
    private static final int READ_BYTES = 16 * 1024;

    /** For the answers of calls that were interrupted. */
    private static final long LAST_ANSWERS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("api-front", true), NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    /** Not private, so that a test can use it up. */
    final BodyBudget bodies = new BodyBudget(ApiLimits.MAX_UNFINISHED_BYTES);

    private final ApiSettings settings;
    private final Channel listener;
    private final Calls calls;
    /** When running calls are interrupted, by {@link System#nanoTime}; null before it drains. */
    private @Nullable Long drainEnds;

    private ApiFront(ApiSettings settings, Integration integration) throws IOException {
        this.settings = settings;
        try {
            this.listener = bind();
        } catch (IOException e) {
            stopLoops();
            throw e;
        }
        this.calls = new Calls(settings, integration, new ProxyEvent(settings, port()));
        listener.config().setAutoRead(true);
    }

    /** Starts an API that lets everybody in whose signature is right.
     *
     * @throws IOException when the address cannot be listened on, a taken port say
     */
    public static ApiFront start(
            ApiSettings settings,
            SigV4Verifier verifier,
            RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> handler)
            throws IOException {
        return start(settings, verifier, ApiAuthorizer.ALLOW_ALL, handler);
    }

    /** Starts an API.
     *
     * @param verifier must accept the service {@code execute-api}
     * @param handler called by many threads at once
     * @throws IOException when the address cannot be listened on, a taken port say
     */
    public static ApiFront start(
            ApiSettings settings,
            SigV4Verifier verifier,
            ApiAuthorizer authorizer,
            RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> handler)
            throws IOException {
        return new ApiFront(settings, new Integration(settings, verifier, authorizer, handler));
    }

    /** Where it listens. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** The URL to call. */
    public URI endpoint() {
        InetSocketAddress address = (InetSocketAddress) listener.localAddress();
        String host = address.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/"
                + ApiSettings.STAGE + ApiRoute.INVOKE.resource());
    }

    /** Stops listening and takes no further call; those that run may go on for {@link ApiLimits#drainTimeout}. Returns at once. */
    public synchronized void drain() {
        if (drainEnds != null) {
            return;
        }
        drainEnds = System.nanoTime() + settings.limits().drainTimeout().toNanos();
        listener.close().syncUninterruptibly();
        for (Channel connection : connections) {
            ChannelHandlerContext context = connection.pipeline().context(ApiConnection.class);
            if (context != null) {
                context.executor().execute(() -> ((ApiConnection) context.handler()).drain(context));
            }
        }
    }

    /** Drains, interrupts what still runs then, which may still say how it ended, and closes every connection. */
    @Override
    public synchronized void close() {
        drain();
        awaitConnections(requireNonNull(drainEnds) - System.nanoTime());
        calls.interruptAll();
        awaitConnections(LAST_ANSWERS_NANOS);
        connections.close().awaitUninterruptibly(100);
        stopLoops();
    }

    private void awaitConnections(long nanos) {
        connections.newCloseFuture().awaitUninterruptibly(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    private void stopLoops() {
        loops.shutdownGracefully(0, 200, TimeUnit.MILLISECONDS).awaitUninterruptibly(300);
    }

    private Channel bind() throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false) // until the constructor is done
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(64, 2048, READ_BYTES))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connections.add(channel);
                        RequestDecoder decoder = new RequestDecoder();
                        channel.pipeline()
                                .addLast(decoder)
                                .addLast(new HttpResponseEncoder())
                                .addLast(new BodyMeter(bodies))
                                .addLast(new RequestAssembler(ApiLimits.MAX_BODY_BYTES))
                                .addLast(new IdleStateHandler(
                                        0, 0, settings.limits().idleTimeout().toMillis(), TimeUnit.MILLISECONDS))
                                .addLast(new ApiConnection(calls, settings.limits(), decoder));
                    }
                });
        try {
            return bootstrap.bind(settings.address()).sync().channel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while binding " + settings.address(), e);
        } catch (Exception e) { // Netty throws the cause, checked or not.
            throw new IOException("cannot listen on " + settings.address() + ": " + e.getMessage(), e);
        }
    }
}
