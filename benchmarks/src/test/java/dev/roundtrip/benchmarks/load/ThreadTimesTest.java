package dev.roundtrip.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roundtrip.benchmarks.load.ThreadTimes.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ThreadTimesTest {
    @Test
    void a_thread_that_works_has_run_and_one_that_waits_has_not() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/schedstat")));
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Thread idle = Thread.ofPlatform().name("an-idle-one").start(() -> await(done));
        Thread busy = Thread.ofPlatform().name("a-busy-one-with-a-long-name").start(() -> {
            await(released);
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < 20_000_000) {
                Thread.onSpinWait();
            }
            await(done);
        });
        while (idle.getState() != Thread.State.WAITING || busy.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        ThreadTimes before = ThreadTimes.now();

        released.countDown();
        while (busy.getState() == Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        while (busy.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        ThreadTimes since = ThreadTimes.now().since(before);

        done.countDown();
        idle.join();
        busy.join();
        assertThat(named(since, "a-busy-one-with")).singleElement().satisfies(time -> {
            assertThat(time.cpuNanos()).isPositive();
            assertThat(time.runs()).isPositive();
        });
        assertThat(named(since, "an-idle-one"))
                .singleElement()
                .satisfies(time -> assertThat(time.runs()).isZero());
    }

    private static List<Time> named(ThreadTimes times, String name) {
        return times.byThread().values().stream()
                .filter(time -> time.name().equals(name))
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
