package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.Connections.Subscribed;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import dev.roundtrip.mqtt.packet.ReasonCode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The broker: listens for devices on one port and for gateways on another until it is closed. Thread-safe. */
public final class Broker implements AutoCloseable {
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 * 1024, 1024 * 1024);
    private static final long FAREWELL_MILLIS = 400;
    private static final long STOP_MILLIS = 400;
    private static final int BIND_ATTEMPTS = 100;
    private static final Duration BETWEEN_BINDS = Duration.ofMillis(100);

    private final BrokerSettings settings;
    private final InjectorSwitch injectors = new InjectorSwitch();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Core core;
    private volatile EventLoopGroup loops;
    private volatile boolean listening;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final Connections connections = new KnownConnections();
    private final ReservedServices services = new ReservedServices();
    private final RequestLanes lanes;
    private final Messages messages;
    private final ServicePublisher servicePublisher = new PresentPublisher();
    private UpgradeProtocol upgrade = UpgradeProtocol.NONE;
    private final List<Channel> listeners = new ArrayList<>();
    private @Nullable InetSocketAddress boundToDevices;
    private @Nullable InetSocketAddress boundToGateways;

    /** A broker that does not listen yet, and does what it should. */
    public Broker(BrokerSettings settings) {
        this.settings = settings;
        this.lanes = new RequestLanes(settings.limits().requests());
        this.messages = new ServiceMessages(() -> core, lanes.ofDataPlane());
        this.core = newCore();
        this.loops = newLoops();
    }

    private Core newCore() {
        return new Core(settings, injectors, services, lanes);
    }

    private EventLoopGroup newLoops() {
        return new MultiThreadIoEventLoopGroup(
                settings.threads(), new DefaultThreadFactory("broker"), NioIoHandler.newFactory());
    }

    /** Hands what clients publish to the service's topics to the service from now on, over restarts too, until the
     * broker is closed. A request that was acknowledged reaches the service over a restart. When the broker is closed,
     * requests that wait are gone; the broker does not wait for those that a service has.
     *
     * @throws IllegalArgumentException when one of its topics is not below {@code $aws/}, or may be one of another
     *     service's
     * @throws IllegalStateException when the broker was started before
     */
    public synchronized void serve(ReservedTopicService service) {
        if (boundToDevices != null) {
            throw new IllegalStateException("services are there before the broker starts");
        }
        services.add(service);
    }

    /** Listens on all addresses; nobody gets in by the port for gateways.
     *
     * @throws IOException when an address cannot be listened on, or the TLS material is not usable; nothing is left
     *     running
     */
    public void start() throws IOException {
        start(UpgradeProtocol.NONE);
    }

    /** Listens on all addresses.
     *
     * @param before what is spoken on the port for gateways before MQTT
     * @throws IOException when an address cannot be listened on, or the TLS material is not usable; nothing is left
     *     running
     */
    public synchronized void start(UpgradeProtocol before) throws IOException {
        upgrade = before;
        start(settings.deviceAddress(), settings.gatewayAddress());
    }

    private void start(InetSocketAddress deviceAddress, InetSocketAddress gatewayAddress) throws IOException {
        try {
            ConnectionInitializer forDevices = new DeviceInitializer(core, settings, mutualTls(), open);
            InetSocketAddress devices = listen(deviceAddress, forDevices);
            boundToDevices = devices;
            for (InetAddress host : settings.furtherDeviceHosts()) {
                InetSocketAddress ignored = listen(new InetSocketAddress(host, devices.getPort()), forDevices);
            }
            boundToGateways =
                    listen(gatewayAddress, new GatewayInitializer(core, settings, serverTls(), open, upgrade));
            long sweep = settings.timeouts().sweep().toNanos();
            listening = true;
            ScheduledFuture<?> unused = loops.scheduleWithFixedDelay(core::sweep, sweep, sweep, TimeUnit.NANOSECONDS);
        } catch (IOException failure) {
            stop();
            throw failure;
        }
    }

    /** Replaces what comes between the broker and its clients. The injector meets the next message, all its copies,
     * and stays over a restart.
     *
     * @param injector {@link FaultInjector#NONE} for a broker that does what it should, which is the default
     */
    public void inject(FaultInjector injector) {
        injectors.set(injector);
    }

    /** Stops, and starts again on the same ports with an empty memory: sessions, subscriptions and waiting messages
     * are gone, retained ones are as the {@link RetainedStore} has them, and counters begin anew. Does nothing once the
     * broker is closed. One thread restarts.
     *
     * @param away how long nobody listens
     * @throws IOException when somebody else has taken a port meanwhile, and keeps it; nothing is left running
     * @throws InterruptedException when interrupted while away; nothing is left running
     */
    public void restart(Duration away) throws IOException, InterruptedException {
        pause();
        if (!closed.await(away.toNanos(), TimeUnit.NANOSECONDS)) {
            resume();
        }
    }

    /** The first half of {@link #restart}: stops until {@link #resume}. The same thread resumes. */
    public synchronized void pause() {
        if (!isClosed()) {
            stop();
        }
    }

    /** The second half of {@link #restart}: starts again with an empty memory, on the ports of before.
     *
     * @throws IOException when somebody else has taken a port meanwhile, and keeps it; nothing is left running
     * @throws InterruptedException when interrupted while the port is taken; nothing is left running
     */
    public void resume() throws IOException, InterruptedException {
        Duration pause = Duration.ZERO;
        for (int attempt = 1; !closed.await(pause.toNanos(), TimeUnit.NANOSECONDS); attempt++) {
            try {
                startAgain();
                return;
            } catch (IOException taken) {
                // A client may be using the port from its side for this moment.
                if (attempt == BIND_ATTEMPTS) {
                    throw taken;
                }
                pause = BETWEEN_BINDS;
            }
        }
    }

    private synchronized void startAgain() throws IOException {
        if (!isClosed()) {
            core = newCore();
            loops = newLoops();
            start(bound(boundToDevices), bound(boundToGateways));
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private SslContext mutualTls() throws SSLException {
        return tls().trustManager(DeviceTrust.of(settings.tls().deviceAuthorities(), settings.authentication()))
                .clientAuth(ClientAuth.REQUIRE)
                .build();
    }

    /** Asks each client for a certificate, and takes those that show none. */
    private SslContext serverTls() throws SSLException {
        return tls().trustManager(DeviceTrust.of(settings.tls().deviceAuthorities(), settings.authentication()))
                .clientAuth(ClientAuth.OPTIONAL)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        AlpnName.MQTT,
                        AlpnName.HTTPS,
                        AlpnName.SIGNED))
                .build();
    }

    private SslContextBuilder tls() {
        X509Certificate[] chain = settings.tls().chain().toArray(X509Certificate[]::new);
        return SslContextBuilder.forServer(settings.tls().key(), chain)
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2");
    }

    private InetSocketAddress listen(InetSocketAddress address, ConnectionInitializer initializer) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(initializer)
                .bind(address)
                .awaitUninterruptibly();
        Throwable failure = bound.cause();
        if (failure != null) {
            throw new IOException("cannot listen on " + address + ": " + failure.getMessage(), failure);
        }
        listeners.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /** Whether it listens: it was started, and neither is it closed, nor does it start again at this moment. */
    public boolean isListening() {
        return listening;
    }

    /** The port for devices.
     *
     * @throws IllegalStateException when the broker was not started
     */
    public synchronized int devicePort() {
        return bound(boundToDevices).getPort();
    }

    /** The port for gateways.
     *
     * @throws IllegalStateException when the broker was not started
     */
    public synchronized int gatewayPort() {
        return bound(boundToGateways).getPort();
    }

    private static InetSocketAddress bound(@Nullable InetSocketAddress address) {
        if (address == null) {
            throw new IllegalStateException("the broker was not started");
        }
        return address;
    }

    /** What it has done, and what it holds now. */
    public BrokerCounters counters() {
        return core.snapshot();
    }

    /** Its messages. */
    public Messages messages() {
        return messages;
    }

    /** How services publish to its clients, reserved topics included; it may be asked for before the start. */
    public ServicePublisher servicePublisher() {
        return servicePublisher;
    }

    /** Its clients. */
    public Connections connections() {
        return connections;
    }

    /** Stops listening, tells every client of MQTT 5 that the server shuts down, and ends every thread; within a
     * second.
     */
    @Override
    public synchronized void close() {
        closed.countDown();
        lanes.close();
        stop();
    }

    private void stop() {
        listening = false;
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        listeners.clear();
        core.sessions.stop();
        core.connections.forEach(connection ->
                connection.end(DisconnectReason.SERVER_INITIATED_DISCONNECT, ReasonCode.SERVER_SHUTTING_DOWN));
        core.unauthenticated.keySet().forEach(channel -> channel.close().isDone());
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FAREWELL_MILLIS);
        for (Channel channel : open) {
            channel.closeFuture().awaitUninterruptibly(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        loops.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        core.end();
    }

    /** Publishes to whoever is there since the last start. */
    private final class PresentPublisher implements ServicePublisher {
        @Override
        public boolean hasReceivers(String topic) {
            return core.router.hasReceivers(topic);
        }

        @Override
        public void publish(Publication content) {
            core.router.publishOfService(Message.ofBroker(content));
        }

        @Override
        public void publish(Publication content, Duration expiry) {
            long expiresAt = core.messageRules.expiresAt(OptionalLong.of(expiry.toSeconds()));
            core.router.publish(new Message(content, Qos.AT_LEAST_ONCE, false, expiresAt), null);
        }
    }

    private final class KnownConnections implements Connections {
        @Override
        public Optional<ClientState> find(String clientId) {
            return core.presence.find(clientId);
        }

        @Override
        public List<Subscribed> subscriptions(String clientId) {
            Session session = core.sessions.find(clientId);
            return session == null
                    ? List.of()
                    : session.subscriptions.values().stream()
                            .map(each -> new Subscribed(each.filter.text(), each.qos()))
                            .sorted(Comparator.comparing(Subscribed::topicFilter))
                            .toList();
        }

        @Override
        public boolean disconnect(String clientId, DisconnectReason reason) {
            Connection connection = connectionOf(clientId);
            if (connection == null) {
                return false;
            }
            connection.end(reason, ReasonCode.ADMINISTRATIVE_ACTION);
            return true;
        }

        @Override
        public boolean delete(String clientId, Set<Forgotten> forgotten) {
            return core.sessions.delete(clientId, forgotten);
        }

        @Override
        public CompletionStage<DirectOutcome> send(String clientId, DirectMessage message) {
            MessageListener listener = core.messages;
            listener.published(null, message.publication(), message.qos(), ReasonCode.SUCCESS);
            Session session = core.sessions.find(clientId);
            if (session == null) {
                listener.dropped(clientId, message.publication(), MessageListener.Loss.AWAY);
                return CompletableFuture.completedFuture(DirectOutcome.NOT_CONNECTED);
            }
            CompletableFuture<DirectOutcome> outcome = new CompletableFuture<>();
            Delivery delivery = Delivery.direct(message, outcome);
            session.offerDirect(delivery);
            if (!outcome.isDone()) {
                waitFor(outcome, message.patience(), () -> session.giveUp(delivery));
            }
            return outcome;
        }

        private void waitFor(CompletableFuture<DirectOutcome> outcome, Duration patience, Runnable giveUp) {
            try {
                ScheduledFuture<?> timer = loops.schedule(giveUp, patience.toNanos(), TimeUnit.NANOSECONDS);
                var unused = outcome.whenComplete((end, failure) -> timer.cancel(false));
            } catch (RejectedExecutionException stopped) {
                giveUp.run();
            }
        }

        @Override
        public boolean cut(String clientId) {
            Connection connection = connectionOf(clientId);
            if (connection == null) {
                return false;
            }
            connection.cut();
            return true;
        }

        private @Nullable Connection connectionOf(String clientId) {
            Session session = core.sessions.find(clientId);
            return session == null ? null : session.connection();
        }
    }
}
