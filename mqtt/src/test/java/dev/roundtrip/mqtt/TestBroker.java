package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A broker on ports of its own whose clock and policies a test holds in its hand. */
public final class TestBroker implements AutoCloseable {
    public static final TestAuthority AUTHORITY = newAuthority();
    private static final TestAuthority.Identity DEVICE = newIdentity();
    /** The build runs this package's tests with one event loop, and again with four. */
    private static final int LOOPS = Integer.getInteger("broker.loops", 1);

    private static final Duration SWEEP = Duration.ofMillis(5);

    final RecordedLog log = new RecordedLog();
    public final TestClock clock = new TestClock();
    public final Broker broker;
    public volatile Permissions permissions = (action, resource) -> true;
    public volatile boolean knowsEverybody = true;
    final AtomicLong principalVersion = new AtomicLong();

    private final List<RawClient> clients = new CopyOnWriteArrayList<>();

    public TestBroker() {
        this(UnaryOperator.identity());
    }

    public TestBroker(UnaryOperator<BrokerSettings> change) {
        this(change, FaultInjector.NONE, made -> UpgradeProtocol.NONE);
    }

    /** @param upgrade makes what is spoken on the port for gateways before MQTT */
    public TestBroker(UnaryOperator<BrokerSettings> change, Function<Broker, UpgradeProtocol> upgrade) {
        this(change, FaultInjector.NONE, upgrade);
    }

    private TestBroker(
            UnaryOperator<BrokerSettings> change, FaultInjector injector, Function<Broker, UpgradeProtocol> upgrade) {
        try {
            BrokerSettings settings = BrokerSettings.of(AUTHORITY.server(), new TestAuthentication())
                    .withClock(clock)
                    .withLog(log)
                    .withThreads(LOOPS)
                    .withTimeouts(new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), SWEEP));
            broker = new Broker(change.apply(settings));
            broker.inject(injector);
            broker.start(upgrade.apply(broker));
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    static TestBroker interferedWith(FaultInjector injector) {
        return new TestBroker(UnaryOperator.identity(), injector, made -> UpgradeProtocol.NONE);
    }

    /** A broker with services behind reserved topics. */
    static TestBroker serving(UnaryOperator<BrokerSettings> change, ReservedTopicService... services) {
        return new TestBroker(change, made -> {
            List.of(services).forEach(made::serve);
            return UpgradeProtocol.NONE;
        });
    }

    static TestBroker withLimits(UnaryOperator<BrokerLimits> change) {
        return new TestBroker(settings -> settings.withLimits(change.apply(settings.limits())));
    }

    public RawClient mqtt5() throws IOException {
        return raw(Wire.MQTT_5);
    }

    public RawClient mqtt3() throws IOException {
        return raw(Wire.MQTT_3);
    }

    /** Leaves the session of a client that subscribed, and is away. */
    void putToSleep(String clientId, String filter) throws IOException {
        RawClient client = mqtt3();
        client.send(Wire.connect(Wire.MQTT_3, clientId, 0, 60, ""));
        assertThat(client.next()).isEqualTo("20020000");
        client.subscribe(filter).send(Wire.disconnect());
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    public RawClient raw(int version) throws IOException {
        RawClient client = new RawClient(deviceTls(), broker.devicePort(), version);
        clients.add(client);
        return client;
    }

    /** A client whose socket takes a few kilobytes that nobody reads. */
    RawClient narrow(int version) throws IOException {
        RawClient client = RawClient.narrow(deviceTls(), broker.devicePort(), version);
        clients.add(client);
        return client;
    }

    /** A builder of HiveMQ's client that shows a certificate. */
    public MqttClientBuilder hiveMq(String clientId) throws Exception {
        return MqttClient.builder()
                .identifier(clientId)
                .serverHost("localhost")
                .serverPort(broker.devicePort())
                .sslConfig(MqttClientSslConfig.builder()
                        .keyManagerFactory(TestAuthority.keys(DEVICE))
                        .trustManagerFactory(AUTHORITY.trust())
                        .build());
    }

    public static SSLContext deviceTls() {
        try {
            return AUTHORITY.client(DEVICE);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        broker.close();
    }

    private final class TestAuthentication implements Authentication {
        @Override
        public CompletionStage<Optional<Principal>> byCertificate(X509Certificate leaf) {
            return CompletableFuture.completedFuture(principal("certificate-1"));
        }
    }

    /** Somebody with the test's permissions, while the test knows everybody. */
    public Optional<Principal> principal(String id) {
        return knowsEverybody ? Optional.of(new TestPrincipal(id)) : Optional.empty();
    }

    private final class TestPrincipal implements Principal {
        private final String id;

        TestPrincipal(String id) {
            this.id = id;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public @Nullable String thingName() {
            return id.startsWith("certificate") ? "thing-1" : null;
        }

        @Override
        public long version() {
            return principalVersion.get();
        }

        @Override
        public boolean isActive() {
            return knowsEverybody;
        }

        @Override
        public Permissions permissions(String clientId, InetAddress source) {
            return permissions;
        }
    }

    private static TestAuthority newAuthority() {
        try {
            return new TestAuthority();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static TestAuthority.Identity newIdentity() {
        try {
            return AUTHORITY.identity("device");
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
