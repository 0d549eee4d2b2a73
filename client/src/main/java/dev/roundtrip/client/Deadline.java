package dev.roundtrip.client;

import java.time.Duration;

/** The one deadline of a call: for credentials, connections, tries and the waits between them.
 *
 * @param begun when the call began, in nanoseconds of the clock
 * @param total how long the call may take
 */
record Deadline(Time time, long begun, Duration total) {
    static Deadline in(Duration total, Time time) {
        return new Deadline(time, time.nanos(), total);
    }

    Duration elapsed() {
        return Duration.ofNanos(time.nanos() - begun);
    }

    /** Never negative. */
    Duration remaining() {
        Duration remaining = total.minus(elapsed());
        return remaining.isNegative() ? Duration.ZERO : remaining;
    }
}
