package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.app.LocalCloudSettings.Ports;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.BrokerLimits.Rates;
import dev.roundtrip.simulator.Device;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.behaviour.Fault;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits and outages: what is refused did not run, and leaves nothing behind. */
@Tag("alone") // fills the machine
class OverloadIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final StormLedger ledger = new StormLedger();

    private TestCloud start(UnaryOperator<LocalCloudSettings> changes) throws Exception {
        Path state = Files.createDirectory(directory.resolve("state"));
        return TestCloud.start(
                Files.setPosixFilePermissions(
                        state, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------")),
                changes);
    }

    private Device pump(TestCloud cloud, Fault fault) throws Exception {
        return cloud.device(cloud.settings("pump"), Behaviour.honest().with(fault), ledger);
    }

    private static List<HttpResponse<String>> callAtOnce(TestCloud cloud, int calls, int timeout) throws Exception {
        List<HttpResponse<String>> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                String query = "target=pump&method=echo&request=" + i + "&timeout=" + timeout;
                all.add(callers.submit(() -> cloud.get(query)));
            }
            for (Future<HttpResponse<String>> call : all) {
                answers.add(call.get());
            }
        }
        return answers;
    }

    private static long count(List<HttpResponse<String>> answers, int status) {
        return answers.stream().filter(answer -> answer.statusCode() == status).count();
    }

    /** What was refused is refused in full, and its device has never heard of it. */
    private void refusedDidNotRun(List<HttpResponse<String>> answers, String result) throws Exception {
        for (HttpResponse<String> answer : answers) {
            if (answer.statusCode() == 429 || answer.statusCode() == 503) {
                assertThat(result(answer)).isEqualTo(result);
                assertThat(answer.headers().firstValue("Retry-After")).contains("1");
                assertThat(json(answer).path("error").path("message").textValue())
                        .isNotEmpty();
                assertThat(ledger.of(json(answer).path("id").textValue())).isEmpty();
            }
        }
    }

    private static void nothingWaits(TestCloud cloud) {
        Broker broker = Objects.requireNonNull(cloud.cloud().broker());
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(cloud.cloud().waitingCalls()).isZero();
            assertThat(broker.counters().connected()).as("device and gateway").isEqualTo(2);
            assertThat(broker.counters().subscriptions()).isEqualTo(2);
        });
    }

    @Test
    void calls_beyond_the_cap_of_the_gateway_are_throttled() throws Exception {
        try (TestCloud cloud = start(settings -> settings.withFunction(Map.of("MAX_CALLS_IN_FLIGHT", "5")))) {
            Device pump = pump(cloud, Fault.delay(Duration.ofMillis(500)));

            List<HttpResponse<String>> answers = callAtOnce(cloud, 30, 20);

            assertThat(count(answers, 200)).isPositive();
            assertThat(count(answers, 429)).isEqualTo(30 - count(answers, 200)).isPositive();
            refusedDidNotRun(answers, "throttled");
            assertThat(pump.counters().ran()).isEqualTo(count(answers, 200));
            nothingWaits(cloud);
            assertThat(count(callAtOnce(cloud, 5, 20), 200)).isEqualTo(5);
        }
    }

    private TestCloud withRates(Rates rates, String ackSubscription) throws Exception {
        return start(settings -> settings.withFunction(Map.of("ACK_SUBSCRIPTION", ackSubscription))
                .withBroker(new BrokerChoice.Own(BrokerLimits.local().withRates(rates))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "instance"})
    void message_that_the_broker_refuses_for_its_rate_is_throttled(String ackSubscription) throws Exception {
        Rates fivePublishesInASecond = new Rates(0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0);
        try (TestCloud cloud = withRates(fivePublishesInASecond, ackSubscription)) {
            pump(cloud, Fault.none());

            List<HttpResponse<String>> answers = callAtOnce(cloud, 100, 1);

            assertThat(count(answers, 429)).isPositive();
            // Answers are messages too: some are refused, and their callers do not know what happened.
            assertThat(count(answers, 200) + count(answers, 504) + count(answers, 429))
                    .isEqualTo(100);
            refusedDidNotRun(answers, "throttled");
            nothingWaits(cloud);
            await().atMost(PATIENCE).until(() -> count(callAtOnce(cloud, 1, 5), 200) == 1);
        }
    }

    @Test
    void subscription_that_the_broker_refuses_for_its_rate_is_throttled() throws Exception {
        Rates fiveSubscriptionsInASecond = new Rates(0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0);
        try (TestCloud cloud = withRates(fiveSubscriptionsInASecond, "per-call")) {
            Device pump = pump(cloud, Fault.none());

            List<HttpResponse<String>> answers = callAtOnce(cloud, 40, 5);

            assertThat(count(answers, 429)).isEqualTo(40 - count(answers, 200)).isPositive();
            refusedDidNotRun(answers, "throttled");
            assertThat(pump.counters().ran()).isEqualTo(count(answers, 200));
            // The spare for the next call comes when the rate allows it.
            await().atMost(PATIENCE).until(() -> count(callAtOnce(cloud, 1, 5), 200) == 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    Objects.requireNonNull(cloud.cloud().broker())
                                            .counters()
                                            .subscriptions())
                            .isLessThanOrEqualTo(2));
        }
    }

    /** AWS IoT Core discards what exceeds a hundred messages a second, requests and answers, and tells nobody. */
    @ParameterizedTest
    @ValueSource(strings = {"shared", "instance"})
    void calls_beyond_the_rate_of_a_connection_wait_for_their_turn_and_none_is_lost(String ackSubscription)
            throws Exception {
        try (TestCloud cloud = start(settings -> settings.withFunction(Map.of("ACK_SUBSCRIPTION", ackSubscription))
                .withBroker(new BrokerChoice.Own(BrokerLimits.iotCore())))) {
            Device pump = pump(cloud, Fault.none());

            List<HttpResponse<String>> answers = callAtOnce(cloud, 150, 28);
            long before = 0;
            for (int again = 0; again < 2 && count(answers, 200) < 150; again++) {
                // A machine that stood still sends at once what had its turns one by one, and the broker discards what
                // exceeds the rate then. Without turns it discards some each time.
                assertThat(count(answers, 200) + count(answers, 504)).isEqualTo(150);
                before = pump.counters().ran();
                answers = callAtOnce(cloud, 150, 28);
            }

            assertThat(count(answers, 200)).isEqualTo(150);
            assertThat(pump.counters().ran() - before).isEqualTo(150);
            assertThat(answers)
                    .anySatisfy(answer -> assertThat(answer.headers().firstValue("Server-Timing"))
                            .hasValueSatisfying(timing -> assertThat(timing).contains("pace;dur=")));
            nothingWaits(cloud);
        }
    }

    @Test
    void calls_that_get_no_turn_in_time_are_throttled_and_did_not_run() throws Exception {
        try (TestCloud cloud = start(settings -> settings.withBroker(new BrokerChoice.Own(BrokerLimits.iotCore())))) {
            Device pump = pump(cloud, Fault.none());

            List<HttpResponse<String>> answers = callAtOnce(cloud, 500, 8);

            // Half of eight seconds: fifty at once and fifty for each second, and those of the seconds in which they
            // all arrive.
            assertThat(count(answers, 429)).isPositive();
            assertThat(count(answers, 200)).isGreaterThanOrEqualTo(200);
            // Answers that a busy machine held back come at once, and what exceeds the connection's rate is discarded.
            long unknown = count(answers, 504);
            assertThat(count(answers, 200) + unknown).isEqualTo(500 - count(answers, 429));
            assertThat(unknown).isLessThan(25);
            refusedDidNotRun(answers, "throttled");
            assertThat(pump.counters().ran()).isBetween(count(answers, 200), count(answers, 200) + unknown);
            nothingWaits(cloud);
        }
    }

    @Test
    void stopped_broker_is_unavailable_and_leaves_nothing_behind() throws Exception {
        try (TestCloud cloud = start(UnaryOperator.identity())) {
            pump(cloud, Fault.none());
            assertThat(count(callAtOnce(cloud, 20, 20), 200)).isEqualTo(20);
            Leftovers before = Leftovers.now(directory);

            Objects.requireNonNull(cloud.cloud().broker()).close();
            cloud.awaitLostConnection();
            List<HttpResponse<String>> answers = callAtOnce(cloud, 50, 5);

            assertThat(count(answers, 503)).isEqualTo(50);
            refusedDidNotRun(answers, "unavailable");
            assertThat(cloud.cloud().waitingCalls()).isZero();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(Leftovers.now(directory).since(before)).doesNotContain("virtual", "broker"));
        }
    }

    @Test
    void broker_that_stops_reading_makes_nobody_wait_longer_than_asked_and_gets_nothing_too_late() throws Exception {
        int port = FreePort.any();
        try (StallingProxy proxy = new StallingProxy(port);
                TestCloud cloud = start(settings -> settings.withPorts(new Ports(0, 0, port))
                        .withFunction(Map.of("WSS_ENDPOINT", "127.0.0.1:" + proxy.port())))) {
            Device pump = pump(cloud, Fault.none());
            assertThat(count(callAtOnce(cloud, 1, 20), 200)).isEqualTo(1);

            proxy.stall();
            List<HttpResponse<String>> answers = callAtOnce(cloud, 150, 2);
            proxy.resume();

            // The broker takes a hundred without acknowledging one; the others were never handed over.
            assertThat(count(answers, 504)).isBetween(1L, 100L);
            assertThat(count(answers, 503)).isEqualTo(150 - count(answers, 504)).isGreaterThanOrEqualTo(50);
            await().atMost(PATIENCE).until(() -> count(callAtOnce(cloud, 1, 5), 200) == 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(count(callAtOnce(cloud, 150, 20), 200)).isEqualTo(150));
            refusedDidNotRun(answers, "unavailable");
            for (HttpResponse<String> answer : answers) {
                ledger.of(json(answer).path("id").textValue())
                        .forEach(page ->
                                assertThat(page.runs()).as(page::toString).isEmpty());
            }
            assertThat(pump.counters().discarded()).isZero();
            nothingWaits(cloud);
        }
    }
}
