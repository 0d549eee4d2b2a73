package dev.roundtrip.invoke.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.TestClocks;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However many want to know, the broker is asked about each device once a second. */
class PresenceCheckTest {
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
        PresenceCheck check = new PresenceCheck(broker, PresenceCheck.Scope.SUBSCRIPTIONS, Clocks.SYSTEM);
        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<PresenceReport> first = calls.submit(() -> check.next(PUMP, soon()));
            broker.asked.await();
            List<Future<PresenceReport>> others = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                others.add(calls.submit(() -> check.next(PUMP, soon())));
            }
            broker.answering.countDown();

            PresenceReport before = first.get();
            for (Future<PresenceReport> other : others) {
                // They came after the first question had begun: its answer is not for them.
                assertThat(other.get()).isNotSameAs(before);
            }
        }
        assertThat(broker.askedAt).hasSize(2);
        Long firstAt = broker.askedAt.remove();
        assertThat(broker.askedAt.remove() - firstAt)
                .isGreaterThanOrEqualTo(PresenceCheck.PACE.minusMillis(20).toNanos());
    }

    @Test
    void whoever_takes_an_answer_of_the_last_second_asks_nobody() throws Exception {
        broker.answering.countDown();
        PresenceCheck check = new PresenceCheck(broker, PresenceCheck.Scope.CONNECTION, Clocks.SYSTEM);

        PresenceReport asked = check.latest(PUMP, soon());

        assertThat(check.latest(new Target("valve"), soon())).isNotSameAs(asked);
        assertThat(broker.askedAt).hasSize(2);
    }

    @Test
    void broker_that_is_silent_has_told_nothing() throws Exception {
        PresenceCheck check = new PresenceCheck(broker, PresenceCheck.Scope.CONNECTION, Clocks.SYSTEM);

        PresenceReport silence = check.next(PUMP, Deadline.after(Duration.ofMillis(1), System::nanoTime));

        assertThat(silence.connection()).isInstanceOf(DataPlane.Unanswered.class);
        broker.answering.countDown();
    }

    /** Tells at once what a test makes it tell. */
    private static class TellingBroker implements DataPlane {
        final AtomicInteger asked = new AtomicInteger();
        final List<String> order = new CopyOnWriteArrayList<>();

        @Override
        public Sent send(Command command) {
            throw new IllegalStateException("nobody sends");
        }

        @Override
        public Asked<Connection> connection(Target target, Deadline deadline) {
            asked.incrementAndGet();
            order.add("connection");
            return new Answered<>(new Unknown(), null, Clocks.SYSTEM.now());
        }

        @Override
        public Asked<List<String>> subscriptions(Target target, Deadline deadline) {
            order.add("subscriptions");
            return new Answered<>(List.of(), null, Clocks.SYSTEM.now());
        }

        @Override
        public void disconnect() {}
    }

    @ParameterizedTest
    @EnumSource(PresenceCheck.Scope.class)
    void question_about_one_of_many_devices_looks_at_none_of_the_others(PresenceCheck.Scope scope) throws Exception {
        TestClocks time = new TestClocks();
        PresenceCheck check = new PresenceCheck(new TellingBroker(), scope, time.clocks());
        for (int i = 0; i < 10_000; i++) {
            var unused = check.next(new Target("device-" + i), soon());
        }
        long before = time.readings();

        for (int i = 0; i < 100; i++) {
            var unused = check.next(new Target("other-" + i), soon());
        }

        assertThat(check.size()).isEqualTo(10_100);
        // Is the oldest over? When did this begin? How long may it take?
        assertThat(time.readings() - before).isLessThanOrEqualTo(100 * 5);
    }

    @Test
    void devices_are_forgotten_when_their_second_is_over() throws Exception {
        TestClocks time = new TestClocks();
        PresenceCheck check = new PresenceCheck(new TellingBroker(), PresenceCheck.Scope.CONNECTION, time.clocks());
        for (int i = 0; i < 1_000; i++) {
            var unused = check.next(new Target("device-" + i), soon());
        }
        time.pass(PresenceCheck.PACE);

        var unused = check.next(PUMP, soon());

        assertThat(check.size()).isOne();
    }

    @Test
    void more_devices_than_can_be_remembered_push_the_oldest_out() throws Exception {
        TestClocks time = new TestClocks();
        TellingBroker telling = new TellingBroker();
        PresenceCheck check = new PresenceCheck(telling, PresenceCheck.Scope.CONNECTION, time.clocks());
        for (int i = 0; i < PresenceCheck.MAX_REMEMBERED + 1_000; i++) {
            var unused = check.next(new Target("device-" + i), soon());
        }

        assertThat(check.size()).isLessThanOrEqualTo(PresenceCheck.MAX_REMEMBERED + 2);
        var unused = check.latest(new Target("device-" + PresenceCheck.MAX_REMEMBERED), soon());
        assertThat(telling.asked).hasValue(PresenceCheck.MAX_REMEMBERED + 1_000);
    }

    @Test
    void answer_of_before_a_freeze_is_not_told_after_it() throws Exception {
        TestClocks time = new TestClocks();
        PresenceCheck check = new PresenceCheck(new TellingBroker(), PresenceCheck.Scope.CONNECTION, time.clocks());
        PresenceReport before = check.latest(PUMP, soon());
        assertThat(check.latest(PUMP, soon())).isSameAs(before);

        time.freeze(Duration.ofHours(1));
        PresenceReport thawed = check.latest(PUMP, soon());
        time.pass(Duration.ofHours(-2), Duration.ZERO);
        PresenceReport setBack = check.latest(PUMP, soon());

        assertThat(thawed).isNotSameAs(before);
        assertThat(setBack).isNotSameAs(thawed);
    }

    @Test
    void device_is_asked_for_again_after_a_question_that_failed() throws Exception {
        TestClocks time = new TestClocks();
        AtomicBoolean broken = new AtomicBoolean(true);
        PresenceCheck check = new PresenceCheck(
                new TellingBroker() {
                    @Override
                    public Asked<Connection> connection(Target target, Deadline deadline) {
                        if (broken.get()) {
                            throw new OutOfMemoryError("none left for the moment");
                        }
                        return super.connection(target, deadline);
                    }
                },
                PresenceCheck.Scope.CONNECTION,
                time.clocks());

        PresenceReport failed = check.next(PUMP, soon());
        broken.set(false);
        time.pass(PresenceCheck.PACE);
        PresenceReport asked = check.next(PUMP, soon());

        assertThat(failed.connection()).isInstanceOf(DataPlane.Unanswered.class);
        assertThat(asked.connection()).isInstanceOf(DataPlane.Answered.class);
    }

    @Test
    void connection_is_asked_for_after_the_filters_so_that_nothing_came_in_between() throws Exception {
        TellingBroker telling = new TellingBroker();
        PresenceCheck check = new PresenceCheck(telling, PresenceCheck.Scope.SUBSCRIPTIONS, Clocks.SYSTEM);

        var unused = check.next(PUMP, soon());

        assertThat(telling.order).containsExactly("subscriptions", "connection");
    }
}
