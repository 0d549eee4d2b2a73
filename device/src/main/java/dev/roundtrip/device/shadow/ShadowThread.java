package dev.roundtrip.device.shadow;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The thread of one shadow, which does one thing after the other, and its wait: one at a time. */
final class ShadowThread implements AutoCloseable {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final long CLOSE_SECONDS = 2;

    private final ScheduledExecutorService thread;
    private final Consumer<String> troubles;

    /** What comes after the present wait; of the thread alone. */
    private @Nullable ScheduledFuture<?> next;

    /** The next one; of the thread alone. */
    private Duration pause = SHORTEST_PAUSE;

    /** @param troubles told of a defect */
    ShadowThread(String name, Consumer<String> troubles) {
        this.troubles = troubles;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /** Does it after what is at work and waits, unless the thread is closed. Thread-safe. */
    void run(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error defect) {
                    troubles.accept(
                            "the shadow has a defect: " + defect.getClass().getName());
                }
            });
        } catch (RejectedExecutionException closed) {
            // The device is closed.
        }
    }

    /** Does it after a time, in the place of what was to come. */
    void after(Duration time, Runnable task) {
        cancel();
        try {
            next = thread.schedule(() -> run(task), time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // The device is closed.
        }
    }

    /** Does it after a pause, each longer than the one before. */
    void afterPause(Runnable task) {
        Duration now = pause;
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        after(now, task);
    }

    /** The next pause is the shortest one again. */
    void shortenPause() {
        pause = SHORTEST_PAUSE;
    }

    /** Nothing is to come. */
    void cancel() {
        ScheduledFuture<?> before = next;
        if (before != null) {
            before.cancel(false);
            next = null;
        }
    }

    /** Ends; what is at work is interrupted. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            boolean unused = thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
