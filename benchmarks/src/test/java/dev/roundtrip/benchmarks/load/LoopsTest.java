package dev.roundtrip.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.benchmarks.load.RoundTrips.Ending;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopsTest {
    private static final Executor AT_ONCE = ForkJoinPool.commonPool();

    @Test
    void a_schedule_is_even() {
        Schedule schedule = new Schedule(2_000, Duration.ofSeconds(3));

        assertThat(schedule.count()).isEqualTo(6_000);
        assertThat(schedule.dueNanos(0)).isZero();
        assertThat(schedule.dueNanos(1)).isEqualTo(500_000);
        assertThat(schedule.dueNanos(5_999)).isEqualTo(2_999_500_000L);
    }

    @Test
    void an_open_loop_asks_every_question_and_counts_how_each_ended() throws Exception {
        OneLane server = new OneLane(List.of(Ending.ANSWERED, Ending.FAILED), List.of(AT_ONCE));

        Sample sample = OpenLoop.run(server, 1, new Schedule(1_000, Duration.ofMillis(50)));

        assertThat(server.asked()).isEqualTo(50);
        assertThat(sample.count()).isEqualTo(49);
        assertThat(sample.errors()).isEqualTo(1);
        assertThat(sample.perSecond()).isEqualTo(980);
    }

    @Test
    void an_open_loop_omits_nothing_while_its_only_lane_is_held_up() throws Exception {
        long stall = 100;
        Executor held = CompletableFuture.delayedExecutor(stall, TimeUnit.MILLISECONDS);
        OneLane server = new OneLane(List.of(), List.of(held, AT_ONCE));

        Sample sample = OpenLoop.run(server, 1, new Schedule(100, Duration.ofMillis(stall)));

        // Those due in the first half have waited for the second, though the server answered all but one at once.
        long waited = sample.count()
                - sample.nanos().getCountBetweenValues(0, TimeUnit.MILLISECONDS.toNanos(stall / 2) - 1_000_000);
        assertThat(waited).isGreaterThanOrEqualTo(5);
    }

    @Test
    void a_closed_loop_stops_asking_when_it_is_not_answered() throws Exception {
        OneLane server = new OneLane(List.of(Ending.ANSWERED, Ending.ANSWERED, Ending.FAILED), List.of(AT_ONCE));

        Sample sample = ClosedLoop.run(server, 1, Duration.ofMillis(200));

        assertThat(server.asked()).isEqualTo(3);
        assertThat(sample.count()).isEqualTo(2);
        assertThat(sample.errors()).isEqualTo(1);
    }

    @Test
    void samples_add_up() {
        Sample one = Sample.empty().plusErrors(2).plusCpu(Duration.ofMillis(3));

        Sample two = one.plus(one);

        assertThat(two.errors()).isEqualTo(4);
        assertThat(two.cpu()).isEqualTo(Duration.ofMillis(6));
        assertThat(two.perSecond()).isZero();
        assertThat(two.cpuMicros()).isZero();
    }
}
