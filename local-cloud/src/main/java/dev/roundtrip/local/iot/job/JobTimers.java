package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.time.ServiceClock;
import java.time.Instant;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Waits for the first of all timers; the others are rows. Thread-safe. */
final class JobTimers {
    private final ServiceClock clock;
    private final TimerLateness lateness;
    private final LongConsumer due;
    private ServiceClock.@Nullable Timer waiting;
    private long waitingFor;

    /** @param due is told the present moment, in milliseconds, when timers ended */
    JobTimers(ServiceClock clock, TimerLateness lateness, LongConsumer due) {
        this.clock = clock;
        this.lateness = lateness;
        this.due = due;
    }

    /** Waits for a timer too.
     *
     * @param end in milliseconds
     */
    synchronized void arm(long end) {
        ServiceClock.Timer before = waiting;
        if (before != null && waitingFor <= end) {
            return;
        }
        if (before != null) {
            before.cancel();
        }
        waitingFor = end;
        waiting = clock.at(Instant.ofEpochMilli(lateness.end(end)), this::end);
    }

    /** Whether a timer ended. */
    boolean isDue(long end, long now) {
        return lateness.end(end) <= now;
    }

    private void end() {
        synchronized (this) {
            waiting = null;
        }
        due.accept(clock.millis());
    }
}
