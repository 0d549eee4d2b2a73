package dev.roundtrip.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeadlineWatchTest {

    private static Stream<Runnable> failures() {
        return Stream.of(
                () -> {
                    throw new IllegalStateException("a defect");
                },
                () -> {
                    throw new OutOfMemoryError("none left for the moment");
                });
    }

    @ParameterizedTest
    @MethodSource("failures")
    void one_failure_ends_neither_the_watch_nor_the_calls_that_wait(Runnable failure) throws Exception {
        AtomicInteger looks = new AtomicInteger();
        AtomicReference<Thread> looking = new AtomicReference<>();
        CountDownLatch again = new CountDownLatch(1);
        try (DeadlineWatch watch = new DeadlineWatch(now -> {
            if (looks.incrementAndGet() == 1) {
                looking.set(Thread.currentThread());
                failure.run();
            }
            assertThat(Thread.currentThread()).isSameAs(looking.get());
            again.countDown();
            return DeadlineWatch.NOTHING;
        })) {
            watch.cover(System.nanoTime());

            assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
