package dev.roundtrip.device.responder;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** The deliveries that wait for the outcome of another call with their key, each until it is answered or runs. Bounded
 * in number and in bytes. Thread-safe.
 */
final class WaitingRoom {
    private static final int MAX_ARRIVALS = 1_000;
    private static final long MAX_BYTES = 8L << 20;

    private final Set<Arrival> inside = Collections.newSetFromMap(new IdentityHashMap<>());
    private long bytes;

    /** Lets a delivery in, or lets it stay. False when there is no room. */
    synchronized boolean admit(Arrival arrival) {
        int more = arrival.delivery().payload().length;
        if (inside.contains(arrival)) {
            return true;
        }
        if (inside.size() >= MAX_ARRIVALS || bytes + more > MAX_BYTES) {
            return false;
        }
        inside.add(arrival);
        bytes += more;
        return true;
    }

    synchronized boolean holds(Arrival arrival) {
        return inside.contains(arrival);
    }

    synchronized boolean isEmpty() {
        return inside.isEmpty();
    }

    /** False when it was not inside. */
    synchronized boolean leave(Arrival arrival) {
        boolean was = inside.remove(arrival);
        if (was) {
            bytes -= arrival.delivery().payload().length;
        }
        return was;
    }
}
