package dev.roundtrip.device.responder;

import dev.roundtrip.device.method.DeviceClock;
import java.time.Duration;
import java.time.Instant;

/** A point in time by the device's clock, which may be set, and by its uptime, which may not.
 *
 * @param clock by the clock
 * @param uptime by the uptime
 */
record Moment(Instant clock, Duration uptime) {

    static Moment now(DeviceClock clock) {
        return new Moment(clock.now(), clock.uptime());
    }

    Moment plus(Duration duration) {
        return new Moment(clock.plus(duration), uptime.plus(duration));
    }

    /** Whether it is earlier by both: a clock that is set makes nothing past. */
    boolean isBefore(Moment other) {
        return clock.isBefore(other.clock) && uptime.compareTo(other.uptime) < 0;
    }
}
