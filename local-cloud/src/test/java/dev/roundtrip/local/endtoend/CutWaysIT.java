package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.simulator.behaviour.Behaviour;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The connections of a function that is awake are cut, its data plane's among them, and the next call ends as it must.
 */
@Tag("alone") // its calls prove a connection within 150 ms
class CutWaysIT {
    private static final BadCable.Cut[] CUTS = BadCable.Cut.values();

    /** How answers are listened for: not shared, for to hear another's answers is to be not idle. */
    private static final List<String> SUBSCRIPTIONS = List.of("per-call", "instance");

    /** Of each way with each subscription, one for each cut at least; many more where time does not matter. */
    private static final int CALLS =
            Math.max(Integer.getInteger("frozen.calls", 3) / SUBSCRIPTIONS.size(), CUTS.length);

    private static final int FUNCTIONS = Math.min(4 * CUTS.length, CALLS);
    private static final int ROUNDS = Math.ceilDiv(CALLS, FUNCTIONS);
    private static final int AT_ONCE = 3;

    /** Longer than a function takes a connection to the data plane for alive that it has not heard of. */
    private static final Duration IDLE = Duration.ofMillis(3_200);

    /** How many seconds a call waits that must be answered, and one that may end as it likes. */
    private static final int PATIENCE = 20;

    private static final int IMPATIENCE = 3;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    private final Ledger ledger = new Ledger();
    private final List<Function> functions = new ArrayList<>();

    /** What each request's call was told. */
    private final Map<String, String> told = new ConcurrentHashMap<>();

    /** A function with a cable of its own to the broker that all share. */
    private record Function(BadCable cable, TestCloud front) {}

    /** Each way with each subscription. */
    static Stream<Arguments> waysAndSubscriptions() {
        return Stream.of(Way.values())
                .flatMap(way -> SUBSCRIPTIONS.stream().map(subscription -> Arguments.of(way, subscription)));
    }

    private void start(Way way, String subscription) throws Exception {
        cloud = TestCloud.start(state, settings -> settings.withFunction(way.settings()));
        cloud.device(cloud.settings("pump"), Behaviour.honest(), ledger);
        Map<String, String> variables = new HashMap<>(way.settings());
        variables.put("ACK_SUBSCRIPTION", subscription);
        for (int i = 0; i < FUNCTIONS; i++) {
            BadCable cable = new BadCable(cloud.gatewayPort());
            BrokerChoice behind = new BrokerChoice.Other(
                    "127.0.0.1:" + cable.port(), cloud.cloud().state().authorityFile());
            functions.add(new Function(
                    cable,
                    TestCloud.start(
                            state, settings -> settings.withBroker(behind).withFunction(variables))));
        }
        assertThat(callAll(way, PATIENCE)).containsOnly("ok");
    }

    @AfterEach
    void stop() throws Exception {
        stopFunctions();
        cloud.close();
    }

    @ParameterizedTest
    @MethodSource("waysAndSubscriptions")
    void first_call_after_idleness_in_which_every_connection_ended_is_answered_and_ran_once(
            Way way, String subscription) throws Exception {
        start(way, subscription);

        for (int round = 0; round < ROUNDS; round++) {
            long idleSince = System.nanoTime();
            await().until(() -> System.nanoTime() - idleSince > IDLE.toNanos());
            cutAll();
            assertThat(callAll(way, PATIENCE)).containsOnly("ok");
        }

        assertThat(told).hasSizeGreaterThanOrEqualTo(CALLS);
        assertThat(told.keySet())
                .allSatisfy(request -> assertThat(ledger.runs(request)).isOne());
    }

    @ParameterizedTest
    @MethodSource("waysAndSubscriptions")
    void call_right_after_a_cut_is_never_told_what_is_not_so(Way way, String subscription) throws Exception {
        start(way, subscription);

        for (int round = 0; round < ROUNDS; round++) {
            assertThat(callAll(way, PATIENCE)).allSatisfy(CutWaysIT::assertHonest);
            cutAll();
            assertThat(callAll(way, IMPATIENCE)).allSatisfy(CutWaysIT::assertHonest);
        }

        // What is still on its way arrives before they have stopped, or never.
        stopFunctions();
        assertThat(told).allSatisfy((request, result) -> {
            switch (result) {
                case "ok" -> assertThat(ledger.runs(request)).isOne();
                case "timeout" -> assertThat(ledger.runs(request)).isLessThanOrEqualTo(1);
                default -> assertThat(ledger.runs(request)).as(result).isZero();
            }
        });
    }

    /** The device is there all the time. */
    private static void assertHonest(String result) {
        assertThat(result).isIn("ok", "timeout", "unavailable");
    }

    private void stopFunctions() throws Exception {
        for (Function function : functions) {
            function.front().close();
            function.cable().close();
        }
        functions.clear();
    }

    private void cutAll() {
        for (int i = 0; i < FUNCTIONS; i++) {
            functions.get(i).cable().cut(CUTS[i % CUTS.length]);
        }
    }

    private List<String> callAll(Way way, int timeoutSeconds) throws Exception {
        List<String> results = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<String>> calls = new ArrayList<>();
            for (Function function : functions) {
                calls.add(callers.submit(() -> {
                    String request = way + "-" + UUID.randomUUID();
                    HttpResponse<String> answer = function.front().get(way.call(request, timeoutSeconds));
                    told.put(request, result(answer));
                    return result(answer);
                }));
            }
            for (Future<String> call : calls) {
                results.add(call.get());
            }
        }
        return results;
    }
}
