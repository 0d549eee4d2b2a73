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
    private final Map<Places, Integer> taken = new HashMap<>();
    private boolean closed;

    RequestLanes(BrokerLimits.Requests limits) {
        this.limits = limits;
        this.all = ofBroker();
    }

    /** Requests of one lane are in order. */
    record Lane(ReservedTopicService service, String order, Purpose purpose) {
        Lane(ReservedTopicService service, String order) {
            this(service, order, Purpose.SERVE);
        }

        /** The lane in which requests are refused for which this one has no place. */
        Lane ofRefusals() {
            return new Lane(service, order, Purpose.REFUSE);
        }
    }

    /** What a lane is for. */
    private enum Purpose {
        SERVE,
        REFUSE
    }

    /** The places that requests of one client have in a lane. */
    private record Places(String clientId, Lane lane) {}

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

    /** Takes a place in a lane; false when the client has as many there as the service allows. */
    synchronized boolean enter(String clientId, Lane lane) {
        Places places = new Places(clientId, lane);
        int before = taken.getOrDefault(places, 0);
        if (before >= lane.service().maxInFlight()) {
            return false;
        }
        taken.put(places, before + 1);
        return true;
    }

    /** Gives back the place of a request that has ended. */
    synchronized void leave(String clientId, Lane lane) {
        taken.computeIfPresent(new Places(clientId, lane), (places, count) -> count == 1 ? null : count - 1);
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
