package dev.roundtrip.benchmarks.subject;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** The shadows that are updated, one for each lane, and what they are updated with: each time another desired value, so
 * that a device of that name would hear of a difference. Thread-safe, one update at a time for each lane.
 */
public final class Shadows {
    /** The things are called so, with their lane's number. */
    public static final String THINGS = "shadow-";

    private final AtomicIntegerArray values;

    /** @param count 1 or more */
    public Shadows(int count) {
        this.values = new AtomicIntegerArray(count);
    }

    int count() {
        return values.length();
    }

    String thing(int lane) {
        return THINGS + lane;
    }

    int lane(String thing) {
        return Integer.parseInt(thing, THINGS.length(), thing.length(), 10);
    }

    byte[] nextUpdate(int lane) {
        int value = values.incrementAndGet(lane);
        return ("{\"state\":{\"desired\":{\"level\":" + value + ",\"mode\":\"automatic\"}}}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether it answers the lane's last update. */
    boolean isAnswer(int lane, String accepted) {
        return accepted.contains("\"level\":" + values.get(lane) + ",");
    }
}
