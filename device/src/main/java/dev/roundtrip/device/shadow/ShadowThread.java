package dev.roundtrip.device.shadow;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The thread of a shadow: runs one task after the other, and one task after a wait. Thread-safe, except {@link #after}
 * and {@link #cancel}, which are of the thread itself.
 */
final class ShadowThread implements AutoCloseable {
    private static final long CLOSE_SECONDS = 2;

    private final Consumer<String> troubles;
    private final ScheduledExecutorService thread;

    /** What comes after the present wait; of the thread alone. */
    private @Nullable ScheduledFuture<?> next;

    /** @param thing the device's name
     * @param troubles told, in one sentence, of a task that fails
     */
    ShadowThread(String thing, Consumer<String> troubles) {
        this.troubles = troubles;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(thing + "-shadow").factory());
    }

    /** Runs a task; does nothing once the device is closed. */
    void run(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException defect) {
                    troubles.accept(
                            "the shadow has a defect: " + defect.getClass().getName());
                }
            });
        } catch (RejectedExecutionException closed) {
            // The device is closed.
        }
    }

    /** Runs a task after a wait, in the place of what would have come after the present one. */
    void after(Duration time, Runnable task) {
        cancel();
        try {
            next = thread.schedule(() -> run(task), time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // The device is closed.
        }
    }

    /** Waits for nothing any more. */
    void cancel() {
        ScheduledFuture<?> before = next;
        if (before != null) {
            before.cancel(false);
            next = null;
        }
    }

    /** Ends the thread; a task that runs is interrupted. */
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
