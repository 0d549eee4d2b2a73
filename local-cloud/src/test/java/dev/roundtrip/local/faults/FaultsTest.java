package dev.roundtrip.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.mqtt.InFlightMessage;
import dev.roundtrip.mqtt.RawClient;
import dev.roundtrip.mqtt.TestBroker;
import dev.roundtrip.mqtt.Wire;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Faults are replaced while messages pass, and every message is accounted for. */
class FaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PUBLISHERS = 4;
    private static final int MESSAGES = 500;

    private final TestBroker test = new TestBroker();
    private final Ledger ledger = new Ledger();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private volatile Impostor impostor = () -> {
        throw new FaultsException("no device forges here; ask for other faults");
    };
    private final Faults faults = new Faults(test.broker, () -> impostor.provision(), ledger, complaints::add);

    @AfterEach
    void stop() throws IOException {
        test.close();
        faults.close();
    }

    /** Which faults touched the message of each topic; a topic has one message. */
    private static final class Ledger implements FaultListener {
        final Map<String, String> words = new ConcurrentHashMap<>();

        @Override
        public void touched(String word, InFlightMessage message) {
            words.merge(message.topic(), word, (one, other) -> one + " " + other);
        }

        long count(String word) {
            return words.values().stream().filter(word::equals).count();
        }
    }

    private static void publish(RawClient publisher, String topic) throws IOException {
        publisher.send(Wire.publish1(Wire.MQTT_5, 1, topic, "x"));
        assertThat(publisher.next()).isEqualTo("40020001");
    }

    private static List<String> receive(RawClient subscriber) throws IOException {
        List<String> topics = new ArrayList<>();
        while (true) {
            RawClient.Publish next = subscriber.nextPublish();
            if (next.topic().equals("t/end")) {
                return topics;
            }
            topics.add(next.topic());
            subscriber.send(Wire.pubAck(next.packetId()));
        }
    }

    @Test
    void many_threads_that_replace_lose_no_message_but_those_that_a_fault_dropped() throws Exception {
        RawClient subscriber = test.mqtt5().connect("s").subscribe("t/#");
        List<FaultSpec> specs = List.of(
                FaultSpec.NONE,
                FaultSpec.parse("seed=1,drop=0.3"),
                FaultSpec.parse("seed=2,drop=0.1,delay=0.3:5ms,duplicate=0.3,reorder=0.3"),
                FaultSpec.parse("seed=3,late=1:3ms"),
                FaultSpec.parse("seed=4,duplicate=1"));
        AtomicBoolean enough = new AtomicBoolean();
        List<String> received;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<String>> reading = threads.submit(() -> receive(subscriber));
            List<Future<Integer>> replacing = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int first = thread;
                replacing.add(threads.submit(() -> {
                    int times = 0;
                    while (!enough.get()) {
                        FaultState before = faults.replace(specs.get((first + times++) % specs.size()));
                        assertThat(before.sinceStart().keySet())
                                .containsAll(before.sinceReplaced().keySet());
                        Thread.onSpinWait();
                    }
                    return times;
                }));
            }
            List<Future<?>> publishing = new ArrayList<>();
            for (int number = 0; number < PUBLISHERS; number++) {
                String name = "p" + number;
                RawClient publisher = test.mqtt5().connect(name);
                publishing.add(threads.submit(() -> {
                    for (int message = 0; message < MESSAGES; message++) {
                        publish(publisher, "t/" + name + "-" + message);
                    }
                    return null;
                }));
            }

            for (Future<?> each : publishing) {
                each.get();
            }
            enough.set(true);
            for (Future<Integer> each : replacing) {
                assertThat(each.get()).isPositive();
            }
            var unused = faults.replace(FaultSpec.NONE);
            await().atMost(PATIENCE).until(() -> faults.heldBack() == 0);
            publish(test.mqtt5().connect("last"), "t/end");
            received = reading.get();
        }

        Map<String, Integer> times = new ConcurrentHashMap<>();
        received.forEach(topic -> times.merge(topic, 1, Integer::sum));
        for (int number = 0; number < PUBLISHERS; number++) {
            for (int message = 0; message < MESSAGES; message++) {
                String topic = "t/p" + number + "-" + message;
                int expected = switch (ledger.words.getOrDefault(topic, "")) {
                    case "drop" -> 0;
                    case "duplicate" -> 2;
                    default -> 1;
                };
                assertThat(times.getOrDefault(topic, 0)).as(topic).isEqualTo(expected);
            }
        }
        FaultState state = faults.state();
        assertThat(state.spec()).isEqualTo(FaultSpec.NONE);
        assertThat(state.sinceReplaced()).isEmpty();
        assertThat(state.sinceStart())
                .isNotEmpty()
                .allSatisfy(
                        (word, count) -> assertThat(ledger.count(word)).as(word).isEqualTo(count));
        assertThat(state.sinceStart().values().stream()
                        .mapToLong(count -> count)
                        .sum())
                .isEqualTo(ledger.words.size());
        assertThat(complaints).isEmpty();
    }

    @Test
    void same_spec_decides_alike_after_each_replacement() throws Exception {
        RawClient subscriber = test.mqtt5().connect("s").subscribe("t/#");
        RawClient publisher = test.mqtt5().connect("p");
        FaultSpec spec = FaultSpec.parse("seed=7,drop=0.5");

        List<List<String>> rounds = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            var unused = faults.replace(spec);
            for (int message = 0; message < 50; message++) {
                publish(publisher, "t/" + message);
            }
            unused = faults.replace(FaultSpec.NONE);
            publish(publisher, "t/end");
            rounds.add(receive(subscriber));
        }

        assertThat(rounds.get(0)).hasSizeBetween(10, 40);
        assertThat(rounds).containsOnly(rounds.get(0));
    }

    @Test
    void what_faults_hold_back_arrives_after_they_were_replaced() throws Exception {
        RawClient subscriber = test.mqtt5().connect("s").subscribe("t/#");
        RawClient publisher = test.mqtt5().connect("p");
        FaultSpec slow = FaultSpec.parse("seed=1,delay=1:200ms");

        assertThat(faults.replace(slow).spec()).isEqualTo(FaultSpec.NONE);
        publish(publisher, "t/slow");
        FaultState before = faults.replace(FaultSpec.parse("seed=1,reorder=1"));
        publish(publisher, "t/overtaken");
        var unused = faults.replace(FaultSpec.NONE);
        publish(publisher, "t/quick");

        assertThat(before).isEqualTo(new FaultState(slow, Map.of("delay", 1L), Map.of("delay", 1L)));
        assertThat(List.of(
                        subscriber.nextPublish().topic(),
                        subscriber.nextPublish().topic(),
                        subscriber.nextPublish().topic()))
                .containsExactlyInAnyOrder("t/quick", "t/overtaken", "t/slow");
        assertThat(faults.state())
                .isEqualTo(new FaultState(FaultSpec.NONE, Map.of(), Map.of("delay", 1L, "reorder", 1L)));
        await().atMost(PATIENCE).until(() -> faults.heldBack() == 0);
    }

    @Test
    void broker_that_is_away_for_an_hour_comes_back_when_restarts_end_and_goes_again_when_they_begin()
            throws Exception {
        for (int round = 1; round <= 3; round++) {
            var unused = faults.replace(FaultSpec.parse("seed=1,restart=1ms:60m"));
            await().atMost(PATIENCE).until(() -> !test.broker.isListening());

            FaultState before = faults.replace(FaultSpec.NONE);

            await().atMost(PATIENCE).until(() -> test.broker.isListening());
            assertThat(before.sinceReplaced()).isEqualTo(Map.of("restart", 1L));
            assertThat(faults.state().sinceStart()).isEqualTo(Map.of("restart", (long) round));
            test.mqtt5().connect("c").close();
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void faults_stay_as_they_were_where_the_forging_device_cannot_be_made() throws Exception {
        FaultSpec before = FaultSpec.parse("seed=1,drop=1");
        var unused = faults.replace(before);

        assertThatExceptionOfType(FaultsException.class)
                .isThrownBy(() -> faults.replace(FaultSpec.parse("forge=1")))
                .withMessage("no device forges here; ask for other faults");
        TlsFiles nothing = new TlsFiles(Path.of("nothing"), Path.of("nothing"), Path.of("nothing"));
        impostor = () -> new Login(new Target("impostor"), Endpoint.of("127.0.0.1:1"), nothing);
        assertThatExceptionOfType(FaultsException.class)
                .isThrownBy(() -> faults.replace(FaultSpec.parse("forge=1")))
                .withMessageStartingWith("forge needs a device, and it cannot log in: cannot read nothing");

        assertThat(faults.state().spec()).isEqualTo(before);
        assertThat(complaints).hasSize(2).allMatch(line -> line.startsWith("the faults stay as they were: "));
    }

    @Test
    void closed_faults_leave_nothing_behind_and_are_not_replaced() throws Exception {
        var unused = faults.replace(FaultSpec.parse("seed=1,delay=1:60m,restart=1ms:60m"));
        await().atMost(PATIENCE).until(() -> !test.broker.isListening());

        test.broker.close();
        faults.close();

        assertThatExceptionOfType(FaultsException.class)
                .isThrownBy(() -> faults.replace(FaultSpec.parse("drop=1")))
                .withMessageContaining("start it again");
        assertThat(faults.state().spec()).isEqualTo(FaultSpec.NONE);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("faults") && thread.isAlive());
    }

    @Test
    void updates_of_executions_meet_conflicts_as_the_seed_says_and_are_counted() throws Exception {
        assertThat(faults.conflicts()).isFalse();
        faults.replace(FaultSpec.parse("seed=7,conflict=0.5"));
        List<Boolean> first = conflicts();
        faults.replace(FaultSpec.parse("seed=7,conflict=0.5"));

        assertThat(conflicts()).isEqualTo(first).contains(true, false);
        assertThat(faults.state().sinceReplaced())
                .containsEntry("conflict", first.stream().filter(each -> each).count());
        faults.replace(FaultSpec.parse("conflict=1"));
        assertThat(conflicts()).doesNotContain(false);
    }

    private List<Boolean> conflicts() {
        List<Boolean> conflicts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            conflicts.add(faults.conflicts());
        }
        return conflicts;
    }
}
