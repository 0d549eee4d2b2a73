package dev.roundtrip.device.job;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The handlers that run in this process, of all its devices: a device that was closed may have left one behind that
 * did not hear its interrupt, and the next device of the same name waits for it instead of running beside it.
 */
final class Handlers {
    private static final Map<Key, Thread> RUNNING = new ConcurrentHashMap<>();

    private record Key(String thing, String jobId, long number, long queuedAt) {}

    private Handlers() {}

    /** Starts a handler on a thread of its own, after any other of the same execution has ended.
     *
     * @param waits told before another one is waited for
     * @throws InterruptedException when the calling thread is interrupted before; the handler does not run then
     */
    static Thread start(String thing, HandedOver execution, Runnable handler, Runnable waits)
            throws InterruptedException {
        Key key = new Key(thing, execution.jobId(), execution.number(), execution.queuedAt());
        Thread worker = Thread.ofVirtual().name("job-" + execution.jobId()).unstarted(() -> {
            try {
                handler.run();
            } finally {
                RUNNING.remove(key);
            }
        });
        while (true) {
            Thread before = RUNNING.putIfAbsent(key, worker);
            if (before == null) {
                worker.start();
                return worker;
            }
            waits.run();
            before.join();
        }
    }
}
