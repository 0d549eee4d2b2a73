package dev.roundtrip.benchmarks.caller;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.io.ClientBootstrap;
import software.amazon.awssdk.crt.io.EventLoopGroup;
import software.amazon.awssdk.crt.io.HostResolver;
import software.amazon.awssdk.crt.io.SocketOptions;
import software.amazon.awssdk.crt.io.TlsContext;
import software.amazon.awssdk.crt.io.TlsContextOptions;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ClientSessionBehavior;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.Mqtt5ClientOptionsBuilder;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.ConnectPacket.ConnectPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket;

/** Many devices that listen for what is new in their shadows. Each has a TLS connection of its own, all show the same
 * certificate. Not thread-safe.
 */
final class ConnectedDevices implements AutoCloseable {
    /** How many handshakes are under way. The broker hangs up when a handshake and CONNECT take longer than 10 s. */
    private static final int AT_ONCE = 16;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final EventLoopGroup loop = new EventLoopGroup(1);
    private final HostResolver resolver = new HostResolver(loop);
    private final ClientBootstrap bootstrap = new ClientBootstrap(loop, resolver);
    private final SocketOptions sockets = new SocketOptions();
    private final List<Listening> devices = new ArrayList<>();
    private final LongAdder heard = new LongAdder();
    private final TlsContext tls;
    private final Task.Devices task;

    ConnectedDevices(Task.Devices task) {
        this.task = task;
        try (TlsContextOptions options = TlsContextOptions.createWithMtlsFromPath(task.certificate(), task.key())) {
            options.withCertificateAuthorityFromPath(null, task.authority());
            this.tls = new TlsContext(options);
        }
    }

    /** Connects more, until there are so many; returns how long that took.
     *
     * @throws IOException when one does not connect
     */
    Duration connect(int count) throws IOException, InterruptedException {
        List<Listening> more = new ArrayList<>();
        for (int i = devices.size(); i < count; i++) {
            more.add(new Listening(task.names() + i));
        }
        devices.addAll(more);
        return start(more);
    }

    /** Ends all connections, then opens them again; returns how long the second took.
     *
     * @throws IOException when one does not connect
     */
    Duration reconnect() throws IOException, InterruptedException {
        for (Listening device : devices) {
            device.client.stop();
        }
        for (Listening device : devices) {
            device.await(device.stopped);
        }
        return start(devices);
    }

    private static Duration start(List<Listening> all) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Semaphore free = new Semaphore(AT_ONCE);
        for (Listening device : all) {
            free.acquire();
            device.start(free);
        }
        for (Listening device : all) {
            device.await(device.ready);
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** How many messages came since the beginning. */
    long heard() {
        return heard.sum();
    }

    @Override
    public void close() {
        for (Listening device : devices) {
            device.client.stop();
            device.client.close();
        }
        tls.close();
        sockets.close();
        bootstrap.close();
        resolver.close();
        loop.close();
    }

    private final class Listening implements Mqtt5ClientOptions.LifecycleEvents {
        private final String name;
        private final Mqtt5Client client;
        private volatile CompletableFuture<@Nullable Void> connected = new CompletableFuture<>();
        private volatile CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
        private CompletableFuture<?> ready = connected;
        private volatile int lastError;

        Listening(String name) {
            this.name = name;
            this.client = new Mqtt5Client(new Mqtt5ClientOptionsBuilder(task.host(), (long) task.port())
                    .withBootstrap(bootstrap)
                    .withSocketOptions(sockets)
                    .withTlsContext(tls)
                    .withConnectOptions(new ConnectPacketBuilder()
                            .withClientId(name)
                            .withKeepAliveIntervalSeconds(1200L)
                            .build())
                    .withSessionBehavior(ClientSessionBehavior.CLEAN)
                    .withDisableMetrics(true)
                    .withLifecycleEvents(this)
                    .withPublishEvents((source, message) -> heard.increment())
                    .build());
        }

        void start(Semaphore free) {
            connected = new CompletableFuture<>();
            stopped = new CompletableFuture<>();
            ready = connected
                    .thenCompose(up -> client.subscribe(
                            SubscribePacket.of("$aws/things/" + name + "/shadow/update/delta", QOS.AT_LEAST_ONCE)))
                    .whenComplete((up, failure) -> free.release());
            client.start();
        }

        void await(CompletableFuture<?> what) throws IOException, InterruptedException {
            try {
                what.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException failed) {
                throw new IOException(
                        name + " does not connect: " + failed.getMessage() + ", last CRT error " + lastError, failed);
            }
        }

        @Override
        public void onAttemptingConnect(Mqtt5Client source, OnAttemptingConnectReturn attempt) {}

        @Override
        public void onConnectionSuccess(Mqtt5Client source, OnConnectionSuccessReturn success) {
            connected.complete(null);
        }

        @Override
        public void onConnectionFailure(Mqtt5Client source, OnConnectionFailureReturn failure) {
            // The client tries again by itself.
            lastError = failure.getErrorCode();
        }

        @Override
        public void onDisconnection(Mqtt5Client source, OnDisconnectionReturn loss) {}

        @Override
        public void onStopped(Mqtt5Client source, OnStoppedReturn stop) {
            stopped.complete(null);
        }
    }
}
