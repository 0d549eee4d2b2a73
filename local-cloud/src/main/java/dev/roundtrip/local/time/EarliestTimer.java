package dev.roundtrip.local.time;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One timer of the clock that waits for the earliest of many moments; whoever it calls knows the others. Thread-safe.
 */
public final class EarliestTimer {
    private final ServiceClock clock;
    private final Runnable due;

    /** What the timer waits for; guarded by this. */
    private @Nullable Instant armed;

    private ServiceClock.@Nullable Timer timer;

    /** @param due called by the clock when the earliest moment has come, which is forgotten then */
    public EarliestTimer(ServiceClock clock, Runnable due) {
        this.clock = clock;
        this.due = due;
    }

    /** Waits for a moment too. */
    public synchronized void watch(Instant time) {
        if (armed == null || time.isBefore(armed)) {
            if (timer != null) {
                timer.cancel();
            }
            armed = time;
            timer = clock.at(time, this::come);
        }
    }

    private void come() {
        synchronized (this) {
            armed = null;
            timer = null;
        }
        due.run();
    }
}
