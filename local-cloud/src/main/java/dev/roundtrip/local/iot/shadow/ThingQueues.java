package dev.roundtrip.local.iot.shadow;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Requests over MQTT that are in flight: those of a thing run one after the other on a virtual thread, in the order in
 * which they came. Bounds how many a connection may have for a thing, and the bytes of all. Thread-safe.
 */
final class ThingQueues {
    /** What all payloads may take; who has more waits with it in the broker, which bounds that. Our choice. */
    private static final int MAX_BYTES = 32 * 1024 * 1024;

    /** What a request takes beside its payload, about. */
    private static final int OVERHEAD = 1024;

    private final int mostOfSource;
    private final Semaphore room = new Semaphore(MAX_BYTES);
    private final Map<String, Queue<Runnable>> waiting = new HashMap<>();
    private final Map<Source, Integer> inFlight = new HashMap<>();

    /** @param mostOfSource in flight for each connection and thing */
    ThingQueues(int mostOfSource) {
        this.mostOfSource = mostOfSource;
    }

    /** Whose requests count together. */
    record Source(String clientId, String thing) {}

    /** Runs a request in its turn; false when the source has as many in flight as it may. Waits for room.
     *
     * @param bytes of the payload
     */
    boolean run(Source source, int bytes, Runnable request) throws InterruptedException {
        if (!count(source)) {
            return false;
        }
        int weight = bytes + OVERHEAD;
        try {
            room.acquire(weight);
        } catch (InterruptedException stopped) {
            end(source);
            throw stopped;
        }
        enqueue(source.thing(), () -> {
            try {
                request.run();
            } finally {
                room.release(weight);
                end(source);
            }
        });
        return true;
    }

    private synchronized boolean count(Source source) {
        int before = inFlight.getOrDefault(source, 0);
        if (before >= mostOfSource) {
            return false;
        }
        inFlight.put(source, before + 1);
        return true;
    }

    private synchronized void end(Source source) {
        int after = inFlight.getOrDefault(source, 1) - 1;
        if (after == 0) {
            inFlight.remove(source);
        } else {
            inFlight.put(source, after);
        }
    }

    private synchronized void enqueue(String thing, Runnable request) {
        Queue<Runnable> busy = waiting.get(thing);
        if (busy != null) {
            busy.add(request);
            return;
        }
        waiting.put(thing, new ArrayDeque<>(2));
        Thread unused = Thread.ofVirtual().name("shadow-request").start(() -> runAll(thing, request));
    }

    private void runAll(String thing, Runnable first) {
        for (Runnable request = first; request != null; request = next(thing)) {
            request.run();
        }
    }

    private synchronized @Nullable Runnable next(String thing) {
        Queue<Runnable> lined = waiting.get(thing);
        Runnable next = lined == null ? null : lined.poll();
        if (next == null) {
            waiting.remove(thing);
        }
        return next;
    }
}
