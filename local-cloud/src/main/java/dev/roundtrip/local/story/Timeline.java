package dev.roundtrip.local.story;

import java.time.Duration;
import java.time.Instant;

/** Turns the times of a journal into times of day. Immutable.
 *
 * @param at a time of day
 * @param nanos the same on the scale of {@link System#nanoTime()}
 */
public record Timeline(Instant at, long nanos) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** The clock of this machine, as it is now. */
    public static Timeline system() {
        return new Timeline(Instant.now(), System.nanoTime());
    }

    /** The time of day of an entry. */
    public Instant instant(long entryNanos) {
        return at.plusNanos(entryNanos - nanos);
    }

    /** The time of an instant on the scale of the journal. */
    public long nanos(Instant instant) {
        return nanos + Duration.between(at, instant).toNanos();
    }

    /** Milliseconds from one entry to another, with microseconds. */
    public static double millis(long fromNanos, long toNanos) {
        return Math.round((toNanos - fromNanos) / 1e3) * 1e3 / NANOS_PER_MILLI;
    }
}
