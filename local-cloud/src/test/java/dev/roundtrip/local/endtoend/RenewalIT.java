package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.HttpReply;
import dev.roundtrip.invoke.HttpRequest;
import dev.roundtrip.invoke.Invoker;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.invoke.Principal;
import dev.roundtrip.invoke.TimeLimits;
import dev.roundtrip.invoke.dataplane.HttpDataPlane;
import dev.roundtrip.invoke.dataplane.PublishDelivery;
import dev.roundtrip.invoke.mqtt.BrokerAddress;
import dev.roundtrip.invoke.mqtt.CrtConnector;
import dev.roundtrip.invoke.mqtt.CrtCredentials;
import dev.roundtrip.invoke.mqtt.Environment;
import dev.roundtrip.invoke.mqtt.GatewayCredentials;
import dev.roundtrip.invoke.mqtt.Listening;
import dev.roundtrip.invoke.mqtt.MqttChannel;
import dev.roundtrip.invoke.mqtt.MqttRequestSender;
import dev.roundtrip.invoke.mqtt.RequestRate;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.simulator.behaviour.Behaviour;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that grow old or break while calls wait: AWS IoT Core ends each after a day. */
class RenewalIT {
    private static final HttpRequest.Context KEYED =
            new HttpRequest.Context("", "/invoke", new Principal("123456789012", "alice"), List.of("order-7"));

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> repeated = new LinkedBlockingQueue<>();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state);
        CommandListener ledger = event -> {
            if (event instanceof CommandEvent.Received command) {
                received.add(command.command().id().toString());
            } else if (event instanceof CommandEvent.Repeated command) {
                repeated.add(command.command().id().toString());
            }
        };
        cloud.device(cloud.settings("pump"), Behaviour.honest(), ledger);
    }

    @AfterEach
    void stop() {
        callers.close();
        cloud.close();
    }

    /** A function of its own, on a clock that can be moved on. */
    private final class Gateway implements AutoCloseable {
        private final AtomicLong ahead = new AtomicLong();
        private final Clocks clocks =
                new Clocks(() -> Instant.now().plusNanos(ahead.get()), () -> System.nanoTime() + ahead.get());
        private final PendingAcks acks = new PendingAcks();
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final MqttRequestSender sender;
        private final Invoker invoker;

        Gateway(Listening listening, int port) {
            Credentials key = cloud.cloud().state().credentials();
            GatewayCredentials credentials =
                    new GatewayCredentials.Fixed(key.accessKeyId(), key.secretAccessKey(), null);
            BrokerAddress broker = new BrokerAddress(
                    "127.0.0.1",
                    port,
                    cloud.cloud().state().account().region(),
                    cloud.cloud().state().authorityFile());
            CallLog log = new CallLog(lines::add);
            HttpDataPlane dataPlane = new HttpDataPlane(broker, new CrtCredentials(credentials), 1, clocks);
            MqttChannel.Connector connector = new CrtConnector(broker, LocalCloudSettings.PREFIX, credentials, clocks);
            this.sender = new MqttRequestSender(
                    connector,
                    new MqttRequestSender.Ways(
                            listening, new PublishDelivery(dataPlane, clocks), new RequestRate.Unlimited()),
                    new Environment(LocalCloudSettings.PREFIX, acks, log, clocks));
            TimeLimits limits = new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(28));
            this.invoker = new Invoker(
                    new Invoker.Terms(LocalCloudSettings.PREFIX, limits, 100), acks, sender, log, Clocks.SYSTEM);
        }

        /** Deadlines run by another clock, which goes on as ever. */
        void growOld(Duration time) {
            ahead.addAndGet(time.toNanos());
        }

        Future<HttpReply> call(String method, String request) {
            return call(method, request, HttpRequest.Context.NONE);
        }

        Future<HttpReply> call(String method, String request, HttpRequest.Context context) {
            HttpRequest http = new HttpRequest(
                    "GET",
                    new HttpRequest.Path.Plain(),
                    Map.of(
                            "target", List.of("pump"),
                            "method", List.of(method),
                            "request", List.of(request),
                            "timeout", List.of("28")),
                    new HttpRequest.Body.Text(""),
                    context);
            return callers.submit(() -> invoker.handle(http, Duration.ofSeconds(28)));
        }

        @Override
        public void close() {
            sender.close();
            acks.close();
        }
    }

    private static void assertOk(Future<HttpReply> call) throws Exception {
        assertThat(call.get().body()).contains("\"result\":\"ok\"");
    }

    @ParameterizedTest
    @EnumSource
    void call_in_flight_is_answered_while_its_connection_is_replaced_and_the_old_one_closes_after_it(
            Listening listening) throws Exception {
        try (Gateway gateway = new Gateway(listening, cloud.gatewayPort())) {
            assertOk(gateway.call("echo", "first"));
            long before = cloud.counters().connected();
            Future<HttpReply> inFlight = gateway.call("sleep", "6000");
            await().until(() -> received.size() == 2);

            gateway.growOld(Duration.ofHours(22));
            assertOk(gateway.call("echo", "second"));

            await().until(() -> cloud.counters().connected() == before + 1);
            assertOk(gateway.call("echo", "third"));
            assertOk(inFlight);
            await().until(() -> cloud.counters().connected() == before);
            assertOk(gateway.call("echo", "fourth"));
            assertThat(received).hasSize(5);
            assertThat(gateway.lines).noneMatch(line -> line.contains("\"connection\""));
        }
    }

    @ParameterizedTest
    @EnumSource
    void connection_that_nobody_used_for_a_day_is_not_used_any_more(Listening listening) throws Exception {
        try (Gateway gateway = new Gateway(listening, cloud.gatewayPort())) {
            assertOk(gateway.call("echo", "first"));
            long accepted = cloud.counters().accepted();

            gateway.growOld(Duration.ofHours(23));

            assertOk(gateway.call("echo", "second"));
            assertThat(cloud.counters().accepted()).isEqualTo(accepted + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"PER_CALL, FIN", "PER_CALL, RST", "SHARED, FIN", "SHARED, RST", "INSTANCE, FIN", "INSTANCE, RST"})
    void call_in_flight_when_the_connection_breaks_is_answered_over_the_next_one(Listening listening, BadCable.Cut how)
            throws Exception {
        try (BadCable cable = new BadCable(cloud.gatewayPort());
                Gateway gateway = new Gateway(listening, cable.port())) {
            Future<HttpReply> inFlight = gateway.call("sleep", "3000");
            await().until(() -> received.size() == 1);

            cable.cut(how);

            assertOk(inFlight);
            assertThat(received).hasSize(1);
        }
    }

    /** Also while the old connection is kept for it. */
    @ParameterizedTest
    @EnumSource
    void call_in_flight_on_a_replaced_connection_that_breaks_is_answered_over_the_new_one(Listening listening)
            throws Exception {
        try (BadCable cable = new BadCable(cloud.gatewayPort());
                Gateway gateway = new Gateway(listening, cable.port())) {
            assertOk(gateway.call("echo", "first"));
            long before = cloud.counters().connected();
            Future<HttpReply> inFlight = gateway.call("sleep", "6000");
            await().until(() -> received.size() == 2);
            gateway.growOld(Duration.ofHours(22));
            assertOk(gateway.call("echo", "second"));
            await().until(() -> cloud.counters().connected() == before + 1);

            cable.cut(BadCable.Cut.RST);

            assertOk(inFlight);
            assertThat(received).hasSize(3);
        }
    }

    /** The old connection was kept for it: nobody knows what it delivered. */
    @ParameterizedTest
    @EnumSource
    void call_with_a_key_is_sent_again_when_its_replaced_connection_breaks(Listening listening) throws Exception {
        try (BadCable cable = new BadCable(cloud.gatewayPort());
                Gateway gateway = new Gateway(listening, cable.port())) {
            assertOk(gateway.call("echo", "first"));
            long before = cloud.counters().connected();
            Future<HttpReply> inFlight = gateway.call("sleep", "4000", KEYED);
            await().until(() -> received.size() == 2);
            gateway.growOld(Duration.ofHours(22));
            assertOk(gateway.call("echo", "second"));
            await().until(() -> cloud.counters().connected() == before + 1);

            cable.cutOldest(BadCable.Cut.RST);

            assertOk(inFlight);
            assertThat(repeated).containsExactly(inFlight.get().headers().get("X-Invocation-Id"));
            assertThat(received.stream().distinct()).hasSize(3);
        }
    }
}
