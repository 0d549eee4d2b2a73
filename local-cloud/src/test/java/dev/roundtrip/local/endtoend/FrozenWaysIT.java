package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.app.LocalCloudSettings.RuntimeChoice;
import dev.roundtrip.local.lambda.Idleness;
import dev.roundtrip.local.lambda.Initialization;
import dev.roundtrip.local.lambda.RuntimeSettings;
import dev.roundtrip.simulator.behaviour.Behaviour;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The packaged function is stopped between calls, all its connections end meanwhile, and the call that wakes it ends
 * as it must.
 */
@Tag("alone") // its calls prove a connection within 150 ms
class FrozenWaysIT {
    /** Of each way; many more where time does not matter. */
    private static final int CALLS = Integer.getInteger("frozen.calls", 3);

    private static final int ENVIRONMENTS = Math.min(5, CALLS);
    private static final int ROUNDS = CALLS / ENVIRONMENTS;

    /** Longer than a function takes a connection to the data plane for alive that it has not heard of. */
    private static final Duration FREEZE = Duration.ofMillis(3_200);

    private static final List<BadCable.Cut> CUTS = List.of(BadCable.Cut.SILENCE, BadCable.Cut.RST, BadCable.Cut.FIN);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    private final Ledger ledger = new Ledger();

    /** What each request's call was told. */
    private final Map<String, String> told = new ConcurrentHashMap<>();

    @ParameterizedTest
    @EnumSource
    void first_call_after_a_freeze_in_which_every_connection_ended_is_told_nothing_that_is_not_so(Way way)
            throws Exception {
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
            cloud.device(cloud.settings("pump"), Behaviour.honest(), ledger);
            callAtOnce(frozen, way);

            for (int i = 0; i < ROUNDS; i++) {
                long frozenSince = System.nanoTime();
                await().until(() -> System.nanoTime() - frozenSince > FREEZE.toNanos());
                cable.cut(CUTS.get(i % CUTS.size()));
                callAtOnce(frozen, way);
            }
        }

        System.out.printf(
                "frozen, cut and thawed, %s: %d of %d ok%n",
                way, told.values().stream().filter("ok"::equals).count(), told.size());
        assertThat(told).hasSizeGreaterThanOrEqualTo(CALLS).allSatisfy((request, result) -> {
            switch (result) {
                case "ok" -> assertThat(ledger.runs(request)).isOne();
                case "timeout" -> assertThat(ledger.runs(request)).isLessThanOrEqualTo(1);
                // The device is there all the time.
                case "unavailable" -> assertThat(ledger.runs(request)).isZero();
                default -> assertThat(result).isIn("ok", "timeout", "unavailable");
            }
        });
    }

    /** Calls that wait at the same time need an environment each. */
    private void callAtOnce(TestCloud frozen, Way way) throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < ENVIRONMENTS; i++) {
                calls.add(callers.submit(() -> {
                    String request = way + "-" + UUID.randomUUID();
                    told.put(request, result(frozen.get(way.call(request, 10))));
                    return null;
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }
    }
}
