package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.device.responder.Limits;
import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.faults.FaultSpec;
import dev.roundtrip.local.faults.Faults;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.BrokerCounters;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.UnsignedRequest;
import dev.roundtrip.simulator.Device;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.behaviour.Fault;
import dev.roundtrip.simulator.behaviour.Step;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls from many clients under every fault at once: whatever callers are told is what happened. */
@Tag("alone") // judges thousands of calls that wait for each other
class StormIT {
    private static final int CALLS = Integer.getInteger("storm.calls", 7_000);
    /** Devices take seconds to come back from each. In a small storm the first comes early, and each lasts longer than
     * the time-outs of most calls, so that those who wait
     * for an answer that it has cost them call again while it lasts. */
    private static final String RESTART = CALLS >= 50_000 ? "20s:300ms" : "4s:1500ms";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How often a call with a key is made at the most, until its caller knows; some devices never answer. */
    private static final int MAX_ATTEMPTS = 6;

    private static final Duration BACK_OFF = Duration.ofMillis(200);
    private static final String FAULTS =
            "drop=0.005,delay=0.03:150ms,duplicate=0.03,reorder=0.03,late=0.005:200ms,cut=0.003,forge=0.01,restart=";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void whatever_callers_are_told_is_what_happened(StormKind kind) throws Exception {
        long seed = Long.getLong("storm.seed", kind.seed());
        FaultSpec faults = FaultSpec.parse("seed=" + seed + "," + FAULTS + RESTART);
        rehearse(kind);
        Leftovers before = Leftovers.now(directory);

        StormFigures figures = new StormFigures(kind, faults);
        StormLedger ledger = new StormLedger();
        List<StormEnding> endings;
        List<StormEnding> afterwards;
        List<String> log;
        List<String> untrueStories;
        try (TestCloud cloud = TestCloud.start(
                state("storm"),
                settings -> settings.withFunction(kind.function())
                        .withBroker(new BrokerChoice.Own(BrokerLimits.local())
                                .withFaults(faults)
                                .withEventLoops(Integer.getInteger("storm.loops", kind.eventLoops()))))) {
            List<Device> devices = devices(cloud, new Random(seed), ledger);
            try (StormStories stories = stories(cloud)) {
                endings = storm(cloud, kind, seed);
                figures.storm(
                        endings,
                        Objects.requireNonNull(cloud.cloud().faults()).state().sinceStart());
                afterwards = nothingWaits(cloud, devices);
                untrueStories = stories.judge(
                        Stream.concat(endings.stream(), afterwards.stream()).toList(), ledger);
            }
            log = cloud.log();
        }
        List<StormEnding> all =
                Stream.concat(endings.stream(), afterwards.stream()).toList();
        List<String> violations = new StormJudge(ledger, log).judge(all);
        System.out.println(figures.table(ledger, violations.size()));

        assertThat(violations).as(faults.toString()).isEmpty();
        assertThat(untrueStories).as("stories of the journal").isEmpty();
        assertThat(endings.stream().map(ending -> ending.call().number()).distinct())
                .hasSize(kind.calls(CALLS));
        assertThat(ledger.discarded()).isZero();
        assertThat(figures.missing())
                .as("endings and faults that did not come about")
                .isEmpty();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(Leftovers.now(directory).since(before)).isEmpty());
        System.out.println("Left over of threads, sockets, subscriptions and descriptors: 0.\n");
    }

    private static StormStories stories(TestCloud cloud) {
        LocalCloud local = cloud.cloud();
        return new StormStories(
                Objects.requireNonNull(local.journal(), "the journal is off"),
                LocalCloudSettings.PREFIX,
                CALLS * MAX_ATTEMPTS);
    }

    private Path state(String name) throws Exception {
        return Files.setPosixFilePermissions(
                Files.createDirectory(directory.resolve(name)), PosixFilePermissions.fromString("rwx------"));
    }

    /** One call in quiet: what a process keeps after its first call is not left over from the storm. */
    private void rehearse(StormKind kind) throws Exception {
        try (TestCloud cloud =
                TestCloud.start(state("rehearsal"), settings -> settings.withFunction(kind.function()))) {
            cloud.device("pump");
            cloud.device("old-pump", MqttVersion.MQTT_3);
            assertThat(cloud.get("target=pump&method=echo&request=hi").statusCode())
                    .isEqualTo(200);
            assertThat(cloud.get("target=old-pump&method=echo&request=hi").statusCode())
                    .isEqualTo(200);
        }
    }

    private static List<Device> devices(TestCloud cloud, Random random, StormLedger ledger) throws Exception {
        Behaviour moody = Behaviour.honest()
                .with(Fault.failing(new DeviceError(StormJudge.TOLD_TO_FAIL, "so it was told"))
                        .sometimes(0.02, random))
                .with(Fault.duplicate().sometimes(0.05, random))
                .with(Fault.late(Duration.ofMillis(50)).sometimes(0.005, random))
                .with(garbled(random).sometimes(0.01, random))
                .with(Fault.silent().sometimes(0.005, random));
        Behaviour slow = moody.with(Fault.delay(Duration.ofMillis(100)));
        return List.of(
                cloud.device(cloud.settings("pump-5"), moody, ledger),
                cloud.device(cloud.settings("pump-5b"), moody, ledger),
                cloud.device(cloud.settings("pump-3").withMqtt(MqttVersion.MQTT_3), moody, ledger),
                cloud.device(cloud.settings("slow-pump").withLimits(Limits.DEFAULT.withMaxInFlight(6)), slow, ledger));
    }

    /** Of what ran alone: of a device that was told to fail nobody could tell from its garbage that it did not run. */
    private static Fault garbled(Random random) {
        Fault garbage = Fault.garbage(random);
        return (command, plan) ->
                plan.stream().anyMatch(Step.Run.class::isInstance) ? garbage.distort(command, plan) : plan;
    }

    private static List<StormEnding> storm(TestCloud cloud, StormKind kind, long seed) throws Exception {
        Random random = new Random(seed);
        Queue<StormCall> calls = new ConcurrentLinkedQueue<>();
        for (int number = 1; number <= kind.calls(CALLS); number++) {
            calls.add(StormCall.of(number, random));
        }
        RequestSigner signer = cloud.signer();
        List<StormEnding> endings = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<StormEnding>>> all = new ArrayList<>();
            for (int client = 0; client < kind.clients(); client++) {
                all.add(threads.submit(() -> {
                    List<StormEnding> mine = new ArrayList<>();
                    for (StormCall call = calls.poll(); call != null; call = calls.poll()) {
                        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
                            StormEnding ending = make(call, cloud, signer);
                            mine.add(ending);
                            boolean didNotRun = ending.status() == 503 || ending.status() == 429;
                            if (didNotRun) {
                                // As a caller does, only sooner.
                                Thread.sleep(BACK_OFF);
                            }
                            if (call.key() == null || !(didNotRun || ending.status() == 504)) {
                                break;
                            }
                        }
                    }
                    return mine;
                }));
            }
            for (Future<List<StormEnding>> client : all) {
                endings.addAll(client.get());
            }
        }
        return endings;
    }

    private static StormEnding make(StormCall call, TestCloud cloud, RequestSigner signer) throws Exception {
        UnsignedRequest request = call.query() == null
                ? UnsignedRequest.post(cloud.cloud().apiEndpoint().toString(), Objects.requireNonNull(call.body()))
                : UnsignedRequest.get(cloud.url(call.query()));
        Instant asked = Instant.now();
        HttpResponse<String> answer = cloud.send(signer.sign(request));
        Instant told = Instant.now();
        return new StormEnding(call, answer.statusCode(), TestCloud.json(answer), asked, told);
    }

    /** The storm is over, what it held back arrives, and every part is as it was before; returns the calls that were
     * made to see that.
     */
    private static List<StormEnding> nothingWaits(TestCloud cloud, List<Device> devices) throws Exception {
        Faults faults = Objects.requireNonNull(cloud.cloud().faults());
        faults.replace(FaultSpec.NONE);
        await().atMost(PATIENCE).until(() -> faults.heldBack() == 0);
        List<StormEnding> calm = new ArrayList<>();
        for (Device device : devices) {
            StormCall call =
                    StormCall.calm(CALLS + calm.size() + 1, device.name().value());
            // Whether the storm itself lost an answer whose call was repeated in time is chance; here it is not.
            await().atMost(PATIENCE).until(() -> {
                StormEnding ending = make(call, cloud, cloud.signer());
                calm.add(ending);
                return ending.isReplayed();
            });
        }
        assertThat(cloud.cloud().waitingCalls()).isZero();
        Broker broker = Objects.requireNonNull(cloud.cloud().broker());
        await().atMost(PATIENCE).untilAsserted(() -> {
            BrokerCounters now = broker.counters();
            assertThat(now.connected()).as("the devices and the gateway").isEqualTo(devices.size() + 1L);
            assertThat(now.sessions()).isEqualTo(devices.size() + 1L);
            assertThat(now.subscriptions()).as("one for each").isEqualTo(devices.size() + 1L);
        });
        return calm;
    }
}
