package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sessions that come and go, take over, share groups, subscribe to what is retained, and outlive messages, on four
 * event loops at once.
 *
 * <p>{@code -Dstress.rounds=N} makes it longer. {@code -Dstress.seed=N} repeats what each client does; in which order
 * the event loops get to it is the machine's choice.
 */
@Tag("alone") // fills the machine
class BrokerStressIT {
    private static final int ROUNDS = Integer.getInteger("stress.rounds", 40);
    private static final long SEED = Long.getLong("stress.seed", 1);
    private static final int EVENT_LOOPS = 4;
    /** The clock runs faster than clients do. */
    private static final Timeouts PATIENT =
            new Timeouts(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofMillis(5));

    private static final int SHOWN = 10;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final StressLedger ledger = new StressLedger();
    private final TestBroker test = new TestBroker(settings -> settings.withThreads(EVENT_LOOPS)
            .withClock(new SlowClock(settings.clock()))
            .withTimeouts(PATIENT));

    @Test
    void every_acknowledged_message_arrives_once_and_where_it_should() throws Exception {
        System.out.println("Stress of the broker: " + ROUNDS + " rounds, -Dstress.seed=" + SEED);
        test.permissions = BrokerStressIT::allowNoReceiving;
        RawClient deaf = test.mqtt5();
        deaf.send(Wire.connect(Wire.MQTT_5, "deaf", 0x02, 1200, ""));
        assertThat(deaf.next()).startsWith("20");
        deaf.subscribe("$share/lonely-1/l").subscribe("$share/lonely-2/l");
        test.permissions = BrokerStressIT::allow;
        List<StressPublisher> publishers = List.of(publisher("p", "state/p"), publisher("q", "state/q"));
        List<StressClient> clients = List.of(
                client("reader-1", "t/1", StressClient.Kind.STAYS),
                client("reader-2", "t/2", StressClient.Kind.ENDS),
                client("lonely-1", "$share/lonely-1/l", StressClient.Kind.STAYS),
                client("lonely-2", "$share/lonely-2/l", StressClient.Kind.STAYS),
                client("pair-1", "$share/pair/g", StressClient.Kind.STAYS),
                client("pair-2", "$share/pair/g", StressClient.Kind.STAYS),
                client("mixed-1", "$share/mixed/g", StressClient.Kind.STAYS),
                client("mixed-2", "$share/mixed/g", StressClient.Kind.ENDS),
                client("watcher-1", "state/p", StressClient.Kind.STAYS),
                client("watcher-2", "state/q", StressClient.Kind.ENDS));

        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int round = 1; round <= ROUNDS; round++) {
                live(threads, clients, publishers);
                readOn(clients);
                deaf.expectNothing();
                assertNone(new StressJudge(ledger).stranded(), "after round " + round);
            }
        }

        assertNone(new StressJudge(ledger).judge(), "in " + ROUNDS + " rounds");
        for (StressClient client : clients) {
            client.end();
        }
        for (StressPublisher publisher : publishers) {
            publisher.end();
        }
        deaf.close();
        await().untilAsserted(() -> assertThat(StressJudge.held(test.broker.counters()))
                .as("held in the end")
                .isEmpty());
        System.out.println(
                ledger.sent().size() + " messages, " + ledger.inboxes().size() + " sessions, "
                        + test.broker.counters().accepted() + " connections. Stranded, lost, repeated or astray: 0.");
        test.close();
    }

    private StressClient client(String clientId, String filter, StressClient.Kind kind) {
        return new StressClient(test, ledger, clientId, filter, kind, random.split());
    }

    private StressPublisher publisher(String clientId, String state) throws IOException {
        return new StressPublisher(test, ledger, clientId, state, List.of("t/1", "t/2", "g"), "l", random.split());
    }

    /** Everybody comes and goes, while the publishers publish. All subscribers are connected in the end. */
    private static void live(ExecutorService threads, List<StressClient> clients, List<StressPublisher> publishers)
            throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> publishing = new ArrayList<>();
        for (StressPublisher publisher : publishers) {
            publishing.add(threads.submit(task(() -> publisher.publishUntil(over::get))));
        }
        List<Future<?>> living = new ArrayList<>();
        for (StressClient client : clients) {
            living.add(threads.submit(task(client::live)));
        }
        try {
            for (Future<?> client : living) {
                client.get();
            }
        } finally {
            over.set(true);
        }
        for (Future<?> publisher : publishing) {
            publisher.get();
        }
    }

    private static void readOn(List<StressClient> clients) throws IOException {
        int came;
        do {
            came = 0;
            for (StressClient client : clients) {
                came += client.readOn();
            }
        } while (came > 0);
    }

    private static void assertNone(List<String> violations, String when) {
        assertThat(violations.stream().limit(SHOWN).toList())
                .as("%d violations %s, -Dstress.seed=%d", violations.size(), when, SEED)
                .isEmpty();
    }

    private interface Step {
        void run() throws IOException;
    }

    private static Callable<Void> task(Step step) {
        return () -> {
            step.run();
            return null;
        };
    }

    /** Permissions that take their time now and then, so that others get in between. */
    private static boolean allow(Action action, String resource) {
        takeTime(5, 500_000);
        return true;
    }

    /** Those of a member that may receive nothing: while it is asked, another member comes that was away when it was
     * asked.
     */
    private static boolean allowNoReceiving(Action action, String resource) {
        takeTime(100, 3_000_000);
        return action != Action.RECEIVE;
    }

    private static void takeTime(int percent, int maxNanos) {
        ThreadLocalRandom chance = ThreadLocalRandom.current();
        if (chance.nextInt(100) < percent) {
            LockSupport.parkNanos(chance.nextInt(maxNanos));
        }
    }

    /** A clock that takes its time now and then, inside whatever asks for it. */
    private record SlowClock(BrokerClock clock) implements BrokerClock {
        @Override
        public Instant now() {
            return clock.now();
        }

        @Override
        public long nanos() {
            takeTime(1, 500_000);
            return clock.nanos();
        }
    }
}
