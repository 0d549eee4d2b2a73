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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A function that was idle while its connection ended finds out by itself, and loses no call over it. */
class BrokenLinkIT {
    private static final int FUNCTIONS = 25;
    private static final int ROUNDS = 4;
    private static final int AT_ONCE = 2;

    /** Longer than a function takes a connection for alive that it has not heard of. */
    private static final Duration IDLE = Duration.ofMillis(600);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @SuppressWarnings("NullAway.Init")
    private static TestCloud cloud;

    private static final Ledger LEDGER = new Ledger();
    private static final List<Function> FUNCTIONS_BEHIND_CABLES = new ArrayList<>();

    /** A function with a cable of its own to the broker that all share. */
    private record Function(BadCable cable, TestCloud front) {
        HttpResponse<String> call(String request) throws Exception {
            return front.get("target=pump&method=echo&request=" + request + "&timeout=10");
        }
    }

    /** Each listens to its own answers alone, for to hear another's is to be not idle. */
    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(state);
        cloud.device(cloud.settings("pump"), Behaviour.honest(), LEDGER);
        for (int i = 0; i < FUNCTIONS; i++) {
            BadCable cable = new BadCable(cloud.gatewayPort());
            BrokerChoice behind = new BrokerChoice.Other(
                    "127.0.0.1:" + cable.port(), cloud.cloud().state().authorityFile());
            FUNCTIONS_BEHIND_CABLES.add(new Function(
                    cable,
                    TestCloud.start(
                            state,
                            settings ->
                                    settings.withBroker(behind).withFunction(Map.of("ACK_SUBSCRIPTION", "per-call")))));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (Function function : FUNCTIONS_BEHIND_CABLES) {
            function.front().close();
            function.cable().close();
        }
        cloud.close();
    }

    @ParameterizedTest
    @EnumSource
    void first_call_after_the_connection_ended_is_answered_and_ran_once(BadCable.Cut cut) throws Exception {
        Latencies latencies = new Latencies();
        List<String> requests = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            long idleSince = System.nanoTime();
            await().until(() -> System.nanoTime() - idleSince > IDLE.toNanos());
            try (ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE)) {
                List<Future<String>> calls = new ArrayList<>();
                for (Function function : FUNCTIONS_BEHIND_CABLES) {
                    calls.add(callers.submit(() -> {
                        String request = cut + "-" + UUID.randomUUID();
                        function.cable().cut(cut);
                        long began = System.nanoTime();
                        HttpResponse<String> answer = function.call(request);
                        latencies.add(System.nanoTime() - began);
                        assertThat(result(answer)).as(answer.body()).isEqualTo("ok");
                        return request;
                    }));
                }
                for (Future<String> call : calls) {
                    requests.add(call.get());
                }
            }
        }

        latencies.print("first call after " + cut);
        assertThat(requests)
                .hasSize(FUNCTIONS * ROUNDS)
                .allSatisfy(request -> assertThat(LEDGER.runs(request)).isOne());
    }
}
