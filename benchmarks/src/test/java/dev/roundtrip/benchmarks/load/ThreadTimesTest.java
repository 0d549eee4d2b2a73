package dev.roundtrip.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roundtrip.benchmarks.load.ThreadTimes.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThreadTimesTest {
    private static final long WORK_NANOS = Duration.ofMillis(50).toNanos();

    @Test
    void a_thread_that_works_runs_longer_than_one_that_waits() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/schedstat")));
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch worked = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Thread idle = Thread.ofPlatform().name("an-idle-one").start(() -> await(done));
        Thread busy = Thread.ofPlatform().name("a-busy-one-with-a-long-name").start(() -> {
            await(released);
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < WORK_NANOS) {
                Thread.onSpinWait();
            }
            worked.countDown();
            await(done);
        });
        ThreadTimes before = ThreadTimes.now();

        released.countDown();
        await(worked);
        ThreadTimes since = ThreadTimes.now().since(before);

        done.countDown();
        idle.join();
        busy.join();
        Time ofBusy = only(since, "a-busy-one-with");
        assertThat(ofBusy.cpuNanos()).isGreaterThan(only(since, "an-idle-one").cpuNanos());
        assertThat(ofBusy.runs()).isPositive();
    }

    @Test
    void nothing_is_told_since_a_moment_of_which_nobody_told() {
        assertThat(ThreadTimes.now().since(new ThreadTimes(Map.of())).byThread())
                .isEmpty();
    }

    private static Time only(ThreadTimes times, String name) {
        return times.byThread().values().stream()
                .filter(time -> time.name().equals(name))
                .reduce((one, other) -> {
                    throw new AssertionError("two threads are named " + name);
                })
                .orElseThrow();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
