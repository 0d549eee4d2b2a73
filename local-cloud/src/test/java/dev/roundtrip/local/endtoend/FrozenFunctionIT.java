package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.app.LocalCloudSettings.RuntimeChoice;
import dev.roundtrip.local.lambda.Idleness;
import dev.roundtrip.local.lambda.Initialization;
import dev.roundtrip.local.lambda.RuntimeSettings;
import dev.roundtrip.mqtt.BrokerLimits;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged function is stopped between calls, for so long that the broker hangs up, and wakes without losing one.
 */
@Tag("alone") // its function proves a connection within 150 ms
class FrozenFunctionIT {
    private static final int ENVIRONMENTS = 10;
    /** More where time does not matter. */
    private static final int ROUNDS = Math.min(10, Integer.getInteger("frozen.calls", 3));

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @ParameterizedTest
    @ValueSource(strings = {"per-call", "instance"})
    void first_call_after_a_freeze_of_one_and_a_half_keep_alives_is_answered_and_ran_once(String subscription)
            throws Exception {
        Ledger ledger = new Ledger();
        Latencies latencies = new Latencies();
        List<String> requests = new ArrayList<>();
        try (TestCloud cloud = TestCloud.start(
                state,
                settings -> settings.withFunction(Map.of("ACK_SUBSCRIPTION", subscription))
                        .withBroker(new BrokerChoice.Own(shortKeepAlive()))
                        .withRuntime(new RuntimeChoice.OwnProcess(new RuntimeSettings.Scale(
                                ENVIRONMENTS, 1, Idleness.FROZEN, Initialization.ON_DEMAND))))) {
            cloud.device(cloud.settings("pump"), new Meeting(ENVIRONMENTS), ledger);
            round(cloud, ledger, new Latencies());
            long connectedBefore = cloud.counters().accepted();

            for (int i = 0; i < ROUNDS; i++) {
                // The device alone is left.
                await().atMost(PATIENCE).until(() -> cloud.counters().connected() == 1);
                requests.addAll(round(cloud, ledger, latencies));
            }
            assertThat(cloud.counters().accepted() - connectedBefore).isGreaterThanOrEqualTo(requests.size());
        }

        latencies.print("from the call of a frozen function until its command is at the device");
        assertThat(requests)
                .hasSize(ENVIRONMENTS * ROUNDS)
                .allSatisfy(request -> assertThat(ledger.runs(request)).isOne());
    }

    private static BrokerLimits shortKeepAlive() {
        BrokerLimits limits = BrokerLimits.local();
        return limits.withSessions(limits.sessions().withMaxKeepAlive(Duration.ofSeconds(2)));
    }

    /** One call after the other reaches the device, and all are there at once: each needs an environment of its own. */
    private static List<String> round(TestCloud cloud, Ledger ledger, Latencies latencies) throws Exception {
        List<String> requests = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < ENVIRONMENTS; i++) {
                String request = "thaw-" + ledger.size();
                long began = System.nanoTime();
                calls.add(
                        callers.submit(() -> cloud.get("target=pump&method=echo&request=" + request + "&timeout=28")));
                latencies.add(ledger.awaitArrival(request) - began);
                requests.add(request);
            }
            for (int i = 0; i < ENVIRONMENTS; i++) {
                HttpResponse<String> answer = calls.get(i).get();
                assertThat(result(answer)).as(answer.body()).isEqualTo("ok");
                assertThat(json(answer).path("response").textValue()).isEqualTo(requests.get(i));
            }
        }
        return requests;
    }
}
