package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final int PAYLOAD = 10_000;
    private static final int THREADS = 4;
    private final TestClock clock = new TestClock();

    @Test
    void message_for_many_weighs_once_and_one_reference_for_each() {
        Backlog backlog = backlog(1_000_000, 1_000);
        Message message = message(Message.NEVER);

        for (int i = 0; i < 100; i++) {
            assertThat(backlog.take(message, Backlog.Claim.PASSING)).isTrue();
        }

        assertThat(backlog.bytes()).isEqualTo(message.weight() + 100 * Backlog.REFERENCE_BYTES);
        assertThat(backlog.messages()).isEqualTo(100);
    }

    @Test
    void content_counts_until_the_last_place_lets_go_of_it() {
        Backlog backlog = backlog(1_000_000, 1_000);
        Message message = message(Message.NEVER);
        assertThat(backlog.take(message, Backlog.Claim.PASSING)).isTrue();
        assertThat(backlog.take(message, Backlog.Claim.PASSING)).isTrue();

        backlog.giveBack(message);
        assertThat(backlog.bytes()).isEqualTo(message.weight() + Backlog.REFERENCE_BYTES);
        backlog.giveBack(message);

        assertThat(backlog.bytes()).isZero();
        assertThat(backlog.messages()).isZero();
    }

    @Test
    void takes_no_more_than_there_is_room_for_and_refusals_cost_nothing() {
        Backlog backlog = backlog(5 * (PAYLOAD + 1_000), 1_000);

        List<Message> taken = takeAll(backlog, Backlog.Claim.PASSING);

        assertThat(taken).hasSize(5);
        taken.forEach(backlog::giveBack);
        assertThat(backlog.bytes()).isZero();
        assertThat(backlog.messages()).isZero();
    }

    @Test
    void number_of_messages_is_bounded_too() {
        Backlog backlog = backlog(100_000_000, 16);

        assertThat(takeAll(backlog, Backlog.Claim.STORED)).hasSize(14);
        assertThat(takeAll(backlog, Backlog.Claim.PASSING)).hasSize(2);
        assertThat(backlog.messages()).isEqualTo(16);
    }

    @Test
    void what_is_stored_leaves_room_for_what_passes() {
        Backlog backlog = backlog(80 * (PAYLOAD + 1_000), 1_000);

        takeAll(backlog, Backlog.Claim.STORED);

        assertThat(backlog.take(message(Message.NEVER), Backlog.Claim.STORED)).isFalse();
        assertThat(backlog.take(message(Message.NEVER), Backlog.Claim.PASSING)).isTrue();
    }

    @Test
    void bytes_that_are_written_already_count_even_when_there_is_no_room() {
        Backlog backlog = backlog(1_000, 1_000);

        backlog.takeAnyway(5_000);

        assertThat(backlog.tryTake(1)).isFalse();
        backlog.giveBack(5_000);
        assertThat(backlog.tryTake(1_000)).isTrue();
    }

    @Test
    void expired_messages_are_looked_for_when_there_is_no_room_and_something_has_expired() {
        Backlog backlog = backlog(5 * (PAYLOAD + 1_000), 1_000);
        AtomicInteger searches = new AtomicInteger();
        backlog.add(now -> searches.incrementAndGet());
        Message late = message(Duration.ofMinutes(1).toNanos());
        backlog.makeRoomFor(late, 1);
        takeAll(backlog, Backlog.Claim.PASSING);
        backlog.makeRoomFor(late, 1);
        assertThat(searches).hasValue(0);
        backlog.noteExpiry(Duration.ofSeconds(10).toNanos());
        backlog.noteExpiry(Duration.ofSeconds(20).toNanos());
        backlog.makeRoomFor(late, 1);
        assertThat(searches).hasValue(0);

        clock.advance(Duration.ofSeconds(11));
        backlog.makeRoomFor(late, 1);

        assertThat(searches).hasValue(1);
    }

    @Test
    void search_for_expired_messages_takes_a_tenth_of_the_time_at_most() {
        Backlog backlog = backlog(1, 1);
        AtomicInteger searches = new AtomicInteger();
        backlog.add(now -> {
            searches.incrementAndGet();
            clock.advance(Duration.ofMillis(10));
            backlog.noteExpiry(now);
        });
        backlog.noteExpiry(clock.nanos());
        Message message = message(Message.NEVER);

        for (int millis = 0; millis < 1_000; millis++) {
            backlog.makeRoomFor(message, 1);
            clock.advance(Duration.ofMillis(1));
        }

        assertThat(searches).hasValueBetween(9, 12);
    }

    @Test
    void account_is_exact_however_many_threads_take_and_give_back_the_same_messages() throws InterruptedException {
        Backlog backlog = backlog(20 * (PAYLOAD + 1_000), 40);
        List<Message> shared = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            shared.add(message(Message.NEVER));
        }
        AtomicLong most = new AtomicLong();
        List<Thread> threads = new ArrayList<>();

        for (int i = 0; i < THREADS; i++) {
            threads.add(Thread.ofPlatform().start(() -> takeAndGiveBack(backlog, shared, most)));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(backlog.bytes()).isZero();
        assertThat(backlog.messages()).isZero();
        assertThat(shared).allSatisfy(message -> assertThat(message.holders()).hasValue(0));
        assertThat(most.get()).isBetween(10L, 40L + THREADS);
    }

    private static void takeAndGiveBack(Backlog backlog, List<Message> shared, AtomicLong most) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        List<Message> mine = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            Message message = shared.get(random.nextInt(shared.size()));
            Backlog.Claim claim = random.nextBoolean() ? Backlog.Claim.STORED : Backlog.Claim.PASSING;
            if (random.nextBoolean() && backlog.take(message, claim)) {
                mine.add(message);
                most.accumulateAndGet(backlog.messages(), Math::max);
            } else if (!mine.isEmpty()) {
                backlog.giveBack(mine.remove(random.nextInt(mine.size())));
            }
        }
        mine.forEach(backlog::giveBack);
    }

    private List<Message> takeAll(Backlog backlog, Backlog.Claim claim) {
        List<Message> taken = new ArrayList<>();
        Message next = message(Message.NEVER);
        while (backlog.take(next, claim)) {
            taken.add(next);
            next = message(Message.NEVER);
        }
        return taken;
    }

    private Backlog backlog(long bytes, int messages) {
        return new Backlog(new BrokerLimits.Memory(bytes, messages), clock);
    }

    private static Message message(long expiresAt) {
        return new Message(Publication.of("a/b", new byte[PAYLOAD]), Qos.AT_LEAST_ONCE, false, expiresAt);
    }
}
