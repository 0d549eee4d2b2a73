package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.faults.FaultSpec;
import dev.roundtrip.local.faults.FaultState;
import dev.roundtrip.local.faults.Faults;
import dev.roundtrip.local.faults.FaultsException;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.Device;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fault does what it says, and nothing worse. */
class FaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    private TestCloud cloudWith(String faults) throws Exception {
        BrokerChoice.Own broker = new BrokerChoice.Own(BrokerLimits.local()).withFaults(FaultSpec.parse(faults));
        return TestCloud.start(state, settings -> settings.withBroker(broker));
    }

    private static Faults faults(TestCloud cloud) {
        return Objects.requireNonNull(cloud.cloud().faults());
    }

    @Test
    void dropped_command_is_a_timeout_and_never_ran() throws Exception {
        try (TestCloud cloud = cloudWith("seed=1,drop=1")) {
            Device pump = cloud.device("pump");

            HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=hi&timeout=1");

            assertThat(result(answer)).isEqualTo("timeout");
            assertThat(pump.counters().received()).isZero();
            assertThat(faults(cloud).state().sinceStart()).containsEntry("drop", 1L);
        }
    }

    @Test
    void delayed_messages_take_their_time_both_ways() throws Exception {
        try (TestCloud cloud = cloudWith("seed=1,delay=1:300ms")) {
            cloud.device("pump");

            HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=hi&timeout=10");

            assertThat(json(answer).path("response").textValue()).isEqualTo("hi");
            assertThat(json(answer).path("elapsed").asInt()).isGreaterThanOrEqualTo(600);
        }
    }

    @Test
    void command_that_arrives_twice_runs_once() throws Exception {
        try (TestCloud cloud = cloudWith("seed=1,duplicate=1")) {
            Device pump = cloud.device("pump");

            HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=hi&timeout=10");

            assertThat(json(answer).path("response").textValue()).isEqualTo("hi");
            await().atMost(PATIENCE).until(() -> pump.counters().repeated() == 1);
            assertThat(pump.counters().ran()).isEqualTo(1);
        }
    }

    @Test
    void overtaken_messages_arrive_all_the_same() throws Exception {
        try (TestCloud cloud = cloudWith("seed=1,reorder=1")) {
            cloud.device("pump");

            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=" + i + "&timeout=10");
                assertThat(json(answer).path("response").textValue()).isEqualTo(Integer.toString(i));
            }
        }
    }

    @Test
    void command_that_arrives_after_its_deadline_does_not_run() throws Exception {
        try (TestCloud cloud = cloudWith("seed=1,late=1:1s")) {
            Device pump = cloud.device("pump");

            HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=hi&timeout=1");

            assertThat(result(answer)).isEqualTo("timeout");
            await().atMost(PATIENCE).until(() -> pump.counters().refused() == 1);
            assertThat(pump.counters().ran()).isZero();
        }
    }

    @Test
    void cut_connections_come_back() throws Exception {
        try (TestCloud cloud = cloudWith("seed=1,cut=0.4")) {
            cloud.device("pump");

            await().atMost(PATIENCE).until(() -> {
                cloud.get("target=pump&method=echo&request=hi&timeout=1");
                return faults(cloud).state().sinceStart().getOrDefault("cut", 0L) >= 5;
            });
            await().atMost(PATIENCE)
                    .until(() -> cloud.get("target=pump&method=echo&request=hi&timeout=1")
                                    .statusCode()
                            == 200);
        }
    }

    @Test
    void calls_work_again_after_the_broker_was_away() throws Exception {
        try (TestCloud cloud = cloudWith("seed=1,restart=4s:300ms")) {
            cloud.device("pump");

            await().atMost(PATIENCE)
                    .until(() -> faults(cloud).state().sinceStart().getOrDefault("restart", 0L) >= 2);
            await().atMost(PATIENCE)
                    .until(() -> cloud.get("target=pump&method=echo&request=hi&timeout=1")
                                    .statusCode()
                            == 200);
        }
    }

    @Test
    void faults_begin_and_end_while_the_cloud_runs() throws Exception {
        try (TestCloud cloud = TestCloud.start(state)) {
            Device pump = cloud.device("pump");
            assertThat(faults(cloud).state().spec()).isEqualTo(FaultSpec.NONE);

            for (long round = 1; round <= 3; round++) {
                var unused = faults(cloud).replace(FaultSpec.parse("seed=1,drop=1"));
                assertThat(result(cloud.get("target=pump&method=echo&request=hi&timeout=1")))
                        .isEqualTo("timeout");
                FaultState before = faults(cloud).replace(FaultSpec.NONE);
                assertThat(result(cloud.get("target=pump&method=echo&request=hi&timeout=10")))
                        .isEqualTo("ok");

                assertThat(before.sinceReplaced()).isEqualTo(Map.of("drop", 1L));
                assertThat(before.sinceStart()).isEqualTo(Map.of("drop", round));
            }
            assertThat(pump.counters().received()).isEqualTo(3);
        }
    }

    @Test
    void forging_device_connects_with_the_first_faults_that_forge_and_leaves_with_the_last() throws Exception {
        rehearse();
        Leftovers before = Leftovers.now(state);
        try (TestCloud cloud = TestCloud.start(state)) {
            cloud.device("pump");
            cloud.get("target=pump&method=echo&request=hi&timeout=10");
            assertThat(cloud.cloud().state().has(new Target("impostor"))).isFalse();
            FaultSpec forging = FaultSpec.parse("seed=1,forge=1");

            for (int round = 1; round <= 3; round++) {
                var unused = faults(cloud).replace(forging);
                unused = faults(cloud).replace(FaultSpec.parse("seed=2,forge=1"));
                await().atMost(PATIENCE).until(() -> {
                    HttpResponse<String> answer = cloud.get("target=pump&method=sleep&request=200&timeout=5");
                    assertThat(answer.body()).doesNotContain("forged").contains("\"result\":");
                    return faults(cloud).state().sinceReplaced().containsKey("forge.refused");
                });
                unused = faults(cloud).replace(FaultSpec.NONE);
                await().atMost(PATIENCE).until(() -> cloud.counters().connected() == 2);
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<FaultState>> replacing = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    FaultSpec spec = i % 2 == 0 ? forging : FaultSpec.NONE;
                    replacing.add(threads.submit(() -> faults(cloud).replace(spec)));
                }
                for (Future<FaultState> each : replacing) {
                    assertThat(each.get().spec()).isIn(forging, FaultSpec.NONE);
                }
            }
            var unused = faults(cloud).replace(FaultSpec.NONE);
            await().atMost(PATIENCE).until(() -> cloud.counters().connected() == 2);
            unused = faults(cloud).replace(forging);
            assertThat(cloud.counters().connected()).isEqualTo(3);
            assertThat(cloud.log()).noneMatch(line -> line.contains("\"faults\""));
        }
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(Leftovers.now(state).since(before)).isEmpty());
    }

    /** What a process keeps after its first call is not left over. */
    private void rehearse() throws Exception {
        try (TestCloud cloud = TestCloud.start(state)) {
            cloud.device("pump");
            cloud.get("target=pump&method=echo&request=hi&timeout=10");
        }
    }

    @Test
    void forging_device_that_may_not_connect_is_told_to_who_asked_for_it_and_faults_stay() throws Exception {
        try (TestCloud cloud = TestCloud.start(state)) {
            cloud.edit(cloud.thing("impostor").files().policy(), text -> text.replace("iot:Connect", "iot:Receive"));

            assertThatExceptionOfType(FaultsException.class)
                    .isThrownBy(() -> faults(cloud).replace(FaultSpec.parse("forge=1")))
                    .withMessageStartingWith("forge needs a device, and it does not connect: ");

            assertThat(faults(cloud).state().spec()).isEqualTo(FaultSpec.NONE);
            assertThat(cloud.log())
                    .anyMatch(line -> line.contains("the faults stay as they were: forge needs a device"));
        }
    }

    @Test
    void nobody_can_answer_for_somebody_else() throws Exception {
        try (TestCloud cloud = cloudWith("seed=1,forge=1")) {
            cloud.device("pump");

            await().atMost(PATIENCE).until(() -> {
                HttpResponse<String> answer = cloud.get("target=pump&method=sleep&request=200&timeout=5");
                assertThat(answer.body()).doesNotContain("forged").contains("\"result\":");
                return faults(cloud).state().sinceStart().getOrDefault("forge.refused", 0L) >= 3;
            });
            assertThat(cloud.log()).noneMatch(line -> line.contains("answer for"));
        }
    }
}
