package dev.roundtrip.local.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RunningClockTest {
    private static final Instant BEGIN = Instant.parse("2026-05-04T03:02:01Z");

    private final AtomicReference<Instant> system = new AtomicReference<>(BEGIN);
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @Test
    void a_faster_clock_shows_the_time_that_passed_since_its_start_multiplied() {
        try (RunningClock clock = start(60)) {
            assertThat(clock.instant()).isEqualTo(BEGIN);
            system.set(BEGIN.plusSeconds(2));
            assertThat(clock.instant()).isEqualTo(BEGIN.plusSeconds(120));
        }
    }

    @Test
    void a_clock_at_rate_1_is_the_clock_of_the_system_even_when_that_is_set_back() {
        try (RunningClock clock = start(1)) {
            system.set(BEGIN.minusSeconds(3));
            assertThat(clock.instant()).isEqualTo(BEGIN.minusSeconds(3));
        }
    }

    @Test
    void tasks_run_in_the_order_of_their_times_and_a_cancelled_one_does_not_run() throws InterruptedException {
        try (RunningClock clock = start(1)) {
            CountDownLatch all = new CountDownLatch(1);
            CountDownLatch begin = new CountDownLatch(1);
            clock.at(BEGIN, () -> waitFor(begin));
            clock.at(BEGIN.minusSeconds(1), () -> ran.add("past"));
            clock.at(BEGIN.plusSeconds(3), all::countDown);
            clock.at(BEGIN.plusSeconds(2), () -> ran.add("second"));
            clock.at(BEGIN.plusSeconds(2), () -> ran.add("third"));
            clock.at(BEGIN.plusSeconds(1), () -> ran.add("first"));
            clock.at(BEGIN.plusSeconds(1), () -> ran.add("cancelled")).cancel();
            system.set(BEGIN.plusSeconds(10));
            begin.countDown();

            all.await();

            assertThat(ran).contains("past").containsSubsequence("first", "second", "third");
            assertThat(ran).doesNotContain("cancelled");
        }
    }

    @Test
    void a_task_that_is_not_due_waits_for_the_clock() {
        try (RunningClock clock = start(10)) {
            clock.at(BEGIN.plusSeconds(600), () -> ran.add("ten minutes"));
            clock.at(BEGIN.plusSeconds(5), () -> ran.add("five seconds"));

            system.set(BEGIN.plusSeconds(1));
            await().untilAsserted(() -> assertThat(ran).containsExactly("five seconds"));
            system.set(BEGIN.plusSeconds(60));
            await().untilAsserted(() -> assertThat(ran).containsExactly("five seconds", "ten minutes"));
        }
    }

    @Test
    void a_task_that_fails_is_told_and_the_next_one_runs() {
        try (RunningClock clock = start(1)) {
            clock.at(BEGIN, () -> {
                throw new IllegalStateException("broken");
            });
            clock.at(BEGIN, () -> ran.add("next"));

            await().untilAsserted(() -> assertThat(ran).containsExactly("next"));
            assertThat(failures)
                    .singleElement()
                    .satisfies(failed -> assertThat(failed).hasMessage("broken"));
        }
    }

    @Test
    void a_rate_has_bounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> start(0));
        assertThatIllegalArgumentException().isThrownBy(() -> start(RunningClock.MAX_RATE + 1));
    }

    @Test
    void a_moved_clock_runs_each_task_at_its_own_time() {
        MovableClock clock = new MovableClock(BEGIN);
        clock.at(BEGIN.plusSeconds(20), () -> ran.add(told("later", clock)));
        clock.at(BEGIN.plusSeconds(10), () -> {
            ran.add(told("first", clock));
            clock.at(BEGIN.plusSeconds(15), () -> ran.add(told("asked for by the first", clock)));
        });

        clock.advance(Duration.ofSeconds(30));

        assertThat(ran).containsExactly("first 10", "asked for by the first 15", "later 20");
        assertThat(clock.instant()).isEqualTo(BEGIN.plusSeconds(30));
        assertThat(clock.waiting()).isZero();
    }

    private static String told(String name, MovableClock clock) {
        return name + " " + Duration.between(BEGIN, clock.instant()).toSeconds();
    }

    private RunningClock start(int rate) {
        return RunningClock.start(system::get, rate, failures::add);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
