package dev.roundtrip.invoke.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** However many want to know, the broker is asked about each device once a second. */
class LookoutTest {
    private static final Target PUMP = new Target("pump");

    private final RememberingBroker broker = new RememberingBroker();

    /** Knows nobody, and remembers when it was asked. */
    private static final class RememberingBroker implements DataPlane {
        private final ConcurrentLinkedQueue<Long> askedAt = new ConcurrentLinkedQueue<>();
        private final CountDownLatch answering = new CountDownLatch(1);
        private final CountDownLatch asked = new CountDownLatch(1);

        @Override
        public Sent send(Command command) {
            throw new IllegalStateException("nobody sends");
        }

        @Override
        public Asked<Connection> connection(Target target, Deadline deadline) {
            askedAt.add(System.nanoTime());
            asked.countDown();
            try {
                answering.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return new Answered<>(new Unknown(), null, Clocks.SYSTEM.now());
        }

        @Override
        public Asked<List<String>> subscriptions(Target target, Deadline deadline) {
            return new Answered<>(List.of(), null, Clocks.SYSTEM.now());
        }

        @Override
        public void disconnect() {}
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), System::nanoTime);
    }

    @Test
    void many_who_ask_at_once_share_two_questions_a_second_apart() throws Exception {
        Lookout lookout = new Lookout(broker, Lookout.Scope.SUBSCRIPTIONS, Clocks.SYSTEM);
        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Sighting> first = calls.submit(() -> lookout.next(PUMP, soon()));
            broker.asked.await();
            List<Future<Sighting>> others = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                others.add(calls.submit(() -> lookout.next(PUMP, soon())));
            }
            broker.answering.countDown();

            Sighting before = first.get();
            for (Future<Sighting> other : others) {
                // They came after the first question had begun: its answer is not for them.
                assertThat(other.get()).isNotSameAs(before);
            }
        }
        assertThat(broker.askedAt).hasSize(2);
        Long firstAt = broker.askedAt.remove();
        assertThat(broker.askedAt.remove() - firstAt)
                .isGreaterThanOrEqualTo(Lookout.PACE.minusMillis(20).toNanos());
    }

    @Test
    void whoever_takes_an_answer_of_the_last_second_asks_nobody() throws Exception {
        broker.answering.countDown();
        Lookout lookout = new Lookout(broker, Lookout.Scope.CONNECTION, Clocks.SYSTEM);

        Sighting asked = lookout.latest(PUMP, soon());

        assertThat(lookout.latest(new Target("valve"), soon())).isNotSameAs(asked);
        assertThat(broker.askedAt).hasSize(2);
    }

    @Test
    void broker_that_is_silent_has_told_nothing() throws Exception {
        Lookout lookout = new Lookout(broker, Lookout.Scope.CONNECTION, Clocks.SYSTEM);

        Sighting silence = lookout.next(PUMP, Deadline.after(Duration.ofMillis(1), System::nanoTime));

        assertThat(silence.connection()).isInstanceOf(DataPlane.Unanswered.class);
        broker.answering.countDown();
    }
}
