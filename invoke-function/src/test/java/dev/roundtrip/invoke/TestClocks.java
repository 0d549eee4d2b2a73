package dev.roundtrip.invoke;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Two clocks that go only where a test moves them, and count how often they are read. Thread-safe. */
public final class TestClocks {
    private final AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-11-21T08:00:00Z"));
    /** Near the end of what a long can hold: the time that nobody may compare with less-than. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

    private final AtomicLong readings = new AtomicLong();

    public Clocks clocks() {
        return new Clocks(wall::get, () -> {
            readings.incrementAndGet();
            return nanos.get();
        });
    }

    /** Both go on by the same time. */
    public void pass(Duration time) {
        pass(time, time);
    }

    /** A process is frozen, and its monotonic clock stands still. */
    public void freeze(Duration time) {
        pass(time, Duration.ZERO);
    }

    public void pass(Duration byTheWall, Duration monotonic) {
        wall.updateAndGet(now -> now.plus(byTheWall));
        nanos.addAndGet(monotonic.toNanos());
    }

    /** How often the monotonic clock was read. */
    public long readings() {
        return readings.get();
    }
}
