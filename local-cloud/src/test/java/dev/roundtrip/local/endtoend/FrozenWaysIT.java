package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.cloud.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.cloud.LocalCloudSettings.RuntimeChoice;
import dev.roundtrip.local.runtime.Idleness;
import dev.roundtrip.local.runtime.Initialization;
import dev.roundtrip.local.runtime.RuntimeSettings;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The packaged function is stopped between calls, all its connections end meanwhile, and it wakes without losing a call. */
class FrozenWaysIT {
    /** Of each way; many more where time does not matter. */
    private static final int CALLS = Integer.getInteger("frozen.calls", 3);

    private static final int ENVIRONMENTS = Math.min(10, CALLS);
    private static final int ROUNDS = CALLS / ENVIRONMENTS;

    /** Longer than a function takes a connection to the data plane for alive that it has not heard of. */
    private static final Duration FREEZE = Duration.ofMillis(3_200);

    private static final List<BadCable.Cut> CUTS = List.of(BadCable.Cut.SILENCE, BadCable.Cut.RST, BadCable.Cut.FIN);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    private final Ledger ledger = new Ledger();

    @ParameterizedTest
    @EnumSource
    void first_call_after_a_freeze_in_which_every_connection_ended_is_answered_and_ran_once(Way way) throws Exception {
        List<String> requests = new ArrayList<>();
        Latencies latencies = new Latencies();
        try (TestCloud cloud = TestCloud.start(state, settings -> settings.withFunction(way.settings()));
                BadCable cable = new BadCable(cloud.gatewayPort());
                TestCloud frozen = TestCloud.start(
                        state,
                        settings -> settings.withFunction(way.settings())
                                .withBroker(new BrokerChoice.Other(
                                        "127.0.0.1:" + cable.port(),
                                        cloud.cloud().state().authorityFile()))
                                .withRuntime(new RuntimeChoice.OwnProcess(new RuntimeSettings.Scale(
                                        ENVIRONMENTS, 1, Idleness.FROZEN, Initialization.ON_DEMAND))))) {
            cloud.device(cloud.settings("pump"), new Meeting(ENVIRONMENTS), ledger);
            round(frozen, way, new Latencies());

            for (int i = 0; i < ROUNDS; i++) {
                long frozenSince = System.nanoTime();
                await().until(() -> System.nanoTime() - frozenSince > FREEZE.toNanos());
                cable.cut(CUTS.get(i % CUTS.size()));
                requests.addAll(round(frozen, way, latencies));
            }
        }

        latencies.print("from the call of a frozen function by " + way + " until its command is at the device");
        assertThat(requests)
                .hasSize(ENVIRONMENTS * ROUNDS)
                .allSatisfy(request -> assertThat(ledger.runs(request)).isOne());
    }

    /** One call after the other reaches the device, and all are there at once: each needs an environment of its own. */
    private List<String> round(TestCloud frozen, Way way, Latencies latencies) throws Exception {
        List<String> requests = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < ENVIRONMENTS; i++) {
                String request = way + "-" + ledger.size();
                long began = System.nanoTime();
                calls.add(callers.submit(() -> frozen.get(way.call(request, 28))));
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
