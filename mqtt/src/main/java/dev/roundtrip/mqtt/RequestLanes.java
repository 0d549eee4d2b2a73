package dev.roundtrip.mqtt;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Runs requests to services on virtual threads: those of one lane one after the other, those of different lanes side
 * by side. Bounds how many are in flight, which wait for their turn or run. Thread-safe; only a request's own thread
 * ever waits. One for a broker, over its restarts.
 */
final class RequestLanes {
    private final BrokerLimits.Requests limits;
    private final Share all;
    private final Map<Lane, Queue<Runnable>> waiting = new HashMap<>();
    private boolean closed;

    RequestLanes(BrokerLimits.Requests limits) {
        this.limits = limits;
        this.all = ofBroker();
    }

    /** Requests of one lane are in order. */
    record Lane(ReservedTopicService service, String order) {}

    /** What one source of requests may have in flight, and has. Guarded by the monitor of the lanes. */
    static final class Share {
        private final int mostRequests;
        private final long mostBytes;
        private int requests;
        private long bytes;

        private Share(int mostRequests, long mostBytes) {
            this.mostRequests = mostRequests;
            this.mostBytes = mostBytes;
        }

        private boolean hasRoomFor(int more) {
            return requests < mostRequests && bytes + more <= mostBytes;
        }

        private void add(int moreRequests, int moreBytes) {
            requests += moreRequests;
            bytes += moreBytes;
        }
    }

    /** The share of one connection. */
    Share ofConnection() {
        return new Share(limits.maxPerConnection(), limits.maxBytesPerConnection());
    }

    /** The share of the data plane, half of the broker's: devices keep the other half. */
    Share ofDataPlane() {
        return new Share(Math.max(1, limits.max() / 2), Math.max(1, limits.maxBytes() / 2));
    }

    /** A share that the broker's bound alone limits. */
    Share ofBroker() {
        return new Share(limits.max(), limits.maxBytes());
    }

    /** Takes room for a request; false when there is none, or the broker is closed. */
    synchronized boolean takeRoom(Share share, int weight) {
        if (closed || !share.hasRoomFor(weight) || !all.hasRoomFor(weight)) {
            return false;
        }
        share.add(1, weight);
        all.add(1, weight);
        return true;
    }

    /** Gives back the room of a request that has ended. */
    synchronized void giveBack(Share share, int weight) {
        share.add(-1, -weight);
        all.add(-1, -weight);
    }

    /** Runs a request, for which room is taken, once those before it in its lane have ended. */
    void run(Lane lane, Runnable request) {
        synchronized (this) {
            Queue<Runnable> busy = waiting.get(lane);
            if (busy != null) {
                busy.add(request);
                return;
            }
            waiting.put(lane, new ArrayDeque<>(2));
        }
        Thread unused = Thread.ofVirtual().name("service-request").start(() -> runAll(lane, request));
    }

    private void runAll(Lane lane, Runnable first) {
        for (Runnable request = first; request != null; request = next(lane)) {
            Defects.contain("A request to a service was not served", request);
        }
    }

    private synchronized @Nullable Runnable next(Lane lane) {
        Queue<Runnable> lined = waiting.get(lane);
        Runnable next = closed || lined == null ? null : lined.poll();
        if (next == null) {
            waiting.remove(lane);
        }
        return next;
    }

    /** Runs nothing more: what waits is gone, what runs is left alone. */
    synchronized void close() {
        closed = true;
    }
}
