package dev.roundtrip.invoke;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One time budget for connecting, subscribing, publishing and waiting. Immutable; runs from the moment it is made. */
public final class Deadline {
    private final LongSupplier nanoTime;
    private final long end;

    private Deadline(LongSupplier nanoTime, long end) {
        this.nanoTime = nanoTime;
        this.end = end;
    }

    /** A deadline from now on.
     *
     * @param budget zero or less has already passed
     * @param nanoTime a clock that never goes back, in nanoseconds, such as {@link System#nanoTime}
     */
    public static Deadline after(Duration budget, LongSupplier nanoTime) {
        return new Deadline(nanoTime, nanoTime.getAsLong() + budget.toNanos());
    }

    /** The same deadline, or one this far from now if that is earlier. */
    public Deadline atMost(Duration budget) {
        long sooner = nanoTime.getAsLong() + budget.toNanos();
        return sooner - end < 0 ? new Deadline(nanoTime, sooner) : this;
    }

    /** What is left; zero when it has passed, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /** What is left in nanoseconds; zero when it has passed, never negative. */
    public long remainingNanos() {
        return Math.max(0, end - nanoTime.getAsLong());
    }

    /** What is left in whole seconds, rounded up; zero when it has passed. */
    public long remainingSecondsRoundedUp() {
        long second = TimeUnit.SECONDS.toNanos(1);
        return (remainingNanos() + second - 1) / second;
    }

    public boolean hasPassed() {
        return remainingNanos() == 0;
    }
}
