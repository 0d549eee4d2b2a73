package dev.roundtrip.benchmarks.load;

import java.io.Serializable;
import java.time.Duration;

/** When questions are meant to be asked: evenly spaced.
 *
 * @param perSecond more than 0
 * @param time for how long
 */
public record Schedule(double perSecond, Duration time) implements Serializable {

    /** @throws IllegalArgumentException when a value is out of its range */
    public Schedule {
        if (!(perSecond > 0) || time.isNegative()) {
            throw new IllegalArgumentException("a schedule needs a rate and a time, not " + perSecond + " and " + time);
        }
    }

    /** How many questions there are. */
    public long count() {
        return (long) (time.toNanos() / 1e9 * perSecond);
    }

    /** When a question is due, in nanoseconds after the start.
     *
     * @param question from 0
     */
    public long dueNanos(long question) {
        return (long) (question * (1e9 / perSecond));
    }
}
