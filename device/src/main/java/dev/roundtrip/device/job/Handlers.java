package dev.roundtrip.device.job;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The handlers that run in this process, of all its devices: a device that was closed may have left one behind that
 * did not hear its interrupt, and the next device of the same name waits for it instead of running beside it.
 */
final class Handlers {
    private static final Map<Key, Thread> RUNNING = new ConcurrentHashMap<>();

    /** How often one who waits looks whether its execution is over; our choice. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private record Key(String thing, String jobId, long number, long queuedAt) {}

    private Handlers() {}

    /** Starts a handler on a thread of its own, after any other of the same execution has ended.
     *
     * @param waits told before another one is waited for
     * @param isOver whether the execution is over, so that nothing is waited for any more, and nothing runs
     * @return null when nothing runs
     * @throws InterruptedException when the calling thread is interrupted before; the handler does not run then
     */
    static @Nullable Thread start(
            String thing, HandedOver execution, Runnable handler, Runnable waits, BooleanSupplier isOver)
            throws InterruptedException {
        Key key = new Key(thing, execution.jobId(), execution.number(), execution.queuedAt());
        Thread worker = Thread.ofVirtual().name("job-" + execution.jobId()).unstarted(() -> {
            try {
                handler.run();
            } finally {
                RUNNING.remove(key);
            }
        });
        Thread before = RUNNING.putIfAbsent(key, worker);
        if (before != null) {
            waits.run();
        }
        while (before != null && !isOver.getAsBoolean()) {
            boolean unused = before.join(LOOK);
            before = RUNNING.putIfAbsent(key, worker);
        }
        if (before != null) {
            return null;
        }
        worker.start();
        return worker;
    }
}
