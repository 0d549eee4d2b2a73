package dev.roundtrip.device.responder;

import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.Method;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The counters of the lanes, of 1,000 at most. Used under the ledger's lock. */
final class Counters {
    private static final int MAX_LANES = 1_000;
    private static final int EPOCH_BYTES = 9;

    private final Map<Method, Lane> touched = new TreeMap<>(Comparator.comparing(Method::value));
    private final Set<Method> taken = new HashSet<>();
    private Epoch epoch = randomEpoch();

    static Epoch randomEpoch() {
        byte[] random = new byte[EPOCH_BYTES];
        new SecureRandom().nextBytes(random);
        return new Epoch(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }

    /** The counters of a lane; new ones when nothing ran in it. */
    Lane of(Method name) {
        Lane lane = touched.get(name);
        return lane == null ? untouched(name) : lane;
    }

    private Lane untouched(Method name) {
        return new Lane(name, epoch, 0, null);
    }

    /** The lanes in which something ran, or whose counters were set, by name. */
    List<Lane> all() {
        return List.copyOf(touched.values());
    }

    /** The epoch of the lanes in which nothing ran. */
    Epoch epoch() {
        return epoch;
    }

    void open(Epoch other) {
        epoch = other;
    }

    /** Whether there is room for the counters of a lane. */
    boolean hasRoomFor(Method lane) {
        return touched.containsKey(lane) || taken.contains(lane) || touched.size() + taken.size() < MAX_LANES;
    }

    /** Takes room for a lane whose first call is about to begin. */
    void takeRoom(Method lane) {
        if (!touched.containsKey(lane)) {
            taken.add(lane);
        }
    }

    void giveRoomBack(Method lane) {
        taken.remove(lane);
    }

    /** Sets the counters of a lane. Those of a lane in which nothing ran take no room. */
    void put(Lane lane) {
        taken.remove(lane.name());
        if (lane.equals(untouched(lane.name()))) {
            touched.remove(lane.name());
        } else {
            touched.put(lane.name(), lane);
        }
    }

    void putIfGiven(@Nullable Lane lane) {
        if (lane != null) {
            put(lane);
        }
    }

    /** A higher counter may be lost: the numbers stay, under another epoch. */
    void distrust() {
        epoch = randomEpoch();
        touched.replaceAll((name, lane) -> new Lane(name, epoch, lane.last(), lane.lastId()));
    }
}
