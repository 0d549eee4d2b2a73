package dev.roundtrip.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import dev.roundtrip.invoke.lambda.InvokeHandler;
import dev.roundtrip.invoke.lambda.Settings;
import dev.roundtrip.invoke.mqtt.GatewayCredentials;
import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.SimulatedDevices;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.BrokerCounters;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.Fleet;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real calls through the local broker, which counts what the model reckons with. */
class TrafficIT {
    private static final int CALLS = 50;
    private static final int CONNECTIONS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Longer than a connection may be silent without being asked for a sign of life. */
    private static final Duration SILENCE = Duration.ofMillis(400);

    private static final String REGION = "eu-central-1";

    private static final Context CONTEXT = (Context) Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) -> method.getReturnType() == int.class ? 30_000 : null);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private LocalCloud cloud;

    @SuppressWarnings("NullAway.Init")
    private Broker broker;

    @SuppressWarnings("NullAway.Init")
    private Fleet device;

    @BeforeEach
    void start() throws Exception {
        // The cloud's own function would hear every answer as well, if it listened to the wildcard. Its delivery
        // decides what the role may do.
        LocalCloudSettings settings = LocalCloudSettings.of(state, line -> {});
        cloud = LocalCloud.start(
                settings.withFunction(Map.of("ACK_SUBSCRIPTION", "per-call", "DELIVERY", "direct")), REGION);
        broker = Objects.requireNonNull(cloud.broker());
        device = SimulatedDevices.connect(cloud, List.of(new Target("pump")));
    }

    @AfterEach
    void stop() {
        device.close();
        cloud.close();
    }

    private InvokeHandler function(String ackSubscription, String delivery) {
        Credentials credentials = cloud.state().credentials();
        Settings settings = Settings.from(Map.of(
                "AWS_REGION",
                REGION,
                "CLIENT_ID_PREFIX",
                LocalCloudSettings.PREFIX.value(),
                "WSS_ENDPOINT",
                "127.0.0.1:" + broker.gatewayPort(),
                "BROKER_CA_FILE",
                cloud.state().authorityFile().toString(),
                "ACK_SUBSCRIPTION",
                ackSubscription,
                "DELIVERY",
                delivery));
        return new InvokeHandler(
                settings,
                new GatewayCredentials.Fixed(credentials.accessKeyId(), credentials.secretAccessKey(), null),
                line -> {});
    }

    private static void call(InvokeHandler function) {
        APIGatewayProxyRequestEvent event = new APIGatewayProxyRequestEvent();
        event.setHttpMethod("GET");
        event.setPath("/invoke");
        event.setQueryStringParameters(Map.of("target", "pump", "method", "echo", "request", "hello", "timeout", "20"));
        assertThat(function.handleRequest(event, CONTEXT).getStatusCode()).isEqualTo(200);
    }

    private static void callAtOnce(InvokeHandler function, int calls) throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                all.add(callers.submit(() -> call(function)));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
    }

    private Traffic seen() {
        BrokerCounters counters = broker.counters();
        return new Traffic(
                counters.accepted(),
                counters.subscribes(),
                counters.unsubscribes(),
                counters.published(),
                counters.directs(),
                counters.delivered(),
                counters.acknowledged());
    }

    /** What ends after its call is waited for: a spare subscribed ahead, an acknowledgement. */
    private void sees(Traffic expected, Traffic before) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(seen().minus(before)).isEqualTo(expected));
    }

    @Test
    void connection_for_each_call_is_seen_as_it_is_reckoned() {
        Traffic before = seen();

        for (int i = 0; i < CONNECTIONS; i++) {
            try (InvokeHandler function = function("shared", "publish")) {
                call(function);
                // The answer's acknowledgement may still be on its way.
                sees(Pattern.CONNECT_PER_CALL.call.times(i + 1), before);
            }
        }
    }

    @Test
    void warm_calls_are_seen_as_they_are_reckoned() {
        isSeenAsReckoned(Pattern.PER_CALL, "per-call", "publish");
    }

    @Test
    void direct_messages_are_seen_as_they_are_reckoned() {
        isSeenAsReckoned(Pattern.DIRECT, "per-call", "direct");
    }

    private void isSeenAsReckoned(Pattern pattern, String ackSubscription, String delivery) {
        Traffic before = seen();
        try (InvokeHandler function = function(ackSubscription, delivery)) {
            sees(pattern.connection(), before);
            Traffic connected = seen();

            for (int i = 0; i < CALLS; i++) {
                call(function);
                // The next call comes when the spare is there: environments of AWS Lambda serve one call at a time.
                sees(pattern.call.times(i + 1), connected);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"MANAGED, shared", "MANAGED, instance", "INSTANCE, instance"})
    void calls_of_a_connection_with_one_subscription_are_seen_as_they_are_reckoned(
            Pattern pattern, String ackSubscription) throws Exception {
        Traffic before = seen();
        try (InvokeHandler function = function(ackSubscription, "publish")) {
            sees(pattern.connection(), before);
            // After a silence the first call asks for a sign of life: it is not counted.
            call(function);
            sees(new Traffic(1, seen().minus(before).subscribes(), 0, 2, 0, 2, 2), before);
            Traffic warm = seen();

            callAtOnce(function, CALLS);

            // A pause of the machine may cost a sign of life, whatever the number of calls.
            await().atMost(PATIENCE).untilAsserted(() -> {
                Traffic calls = seen().minus(warm);
                assertThat(calls.subscribes()).isBetween(0L, 1L);
                assertThat(calls.minus(new Traffic(0, calls.subscribes(), 0, 0, 0, 0, 0)))
                        .isEqualTo(pattern.call.times(CALLS));
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"shared, 2", "instance, 1"})
    void answer_is_delivered_to_every_process_that_listens_to_the_prefix_and_to_one_instance(
            String ackSubscription, int hearers) {
        Traffic before = seen();
        try (InvokeHandler function = function(ackSubscription, "publish");
                InvokeHandler other = function(ackSubscription, "publish")) {
            sees(Pattern.MANAGED.connection().times(2), before);

            call(function);

            assertThat(other.waitingCalls()).isZero();
            await().atMost(PATIENCE).untilAsserted(() -> {
                Traffic traffic = seen().minus(before);
                assertThat(traffic.publishes()).isEqualTo(2);
                assertThat(traffic.deliveries()).isEqualTo(1 + hearers);
                assertThat(traffic.acknowledgements()).isEqualTo(1 + hearers);
            });
        }
    }

    @Test
    void call_after_a_silence_subscribes_no_more_than_any_other_where_a_spare_is_due_anyway() {
        Traffic before = seen();
        try (InvokeHandler function = function("per-call", "publish")) {
            sees(Pattern.PER_CALL.connection(), before);
            Traffic connected = seen();

            long silentUntil = System.nanoTime() + SILENCE.toNanos();
            await().until(() -> System.nanoTime() > silentUntil);
            call(function);

            sees(Pattern.PER_CALL.call, connected);
        }
    }
}
