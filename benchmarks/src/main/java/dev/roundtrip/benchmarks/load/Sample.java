package dev.roundtrip.benchmarks.load;

import java.io.Serializable;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/** What was measured of many round trips. Immutable, if nobody changes the histogram.
 *
 * @param nanos how long each one took that was answered, in nanoseconds
 * @param errors how many ended with anything but their answer
 * @param elapsed how long was measured
 * @param cpu what this process spent meanwhile, on all cores together
 */
public record Sample(Histogram nanos, long errors, Duration elapsed, Duration cpu) implements Serializable {
    /** The shape of every histogram: values up to ten minutes, three digits. */
    static final long HIGHEST_NANOS = Duration.ofMinutes(10).toNanos();

    static final int DIGITS = 3;

    /** Nothing measured yet. */
    public static Sample empty() {
        return new Sample(new Histogram(HIGHEST_NANOS, DIGITS), 0, Duration.ZERO, Duration.ZERO);
    }

    /** Both together, as if they had been one. */
    public Sample plus(Sample other) {
        Histogram sum = nanos.copy();
        sum.add(other.nanos);
        return new Sample(sum, errors + other.errors, elapsed.plus(other.elapsed), cpu.plus(other.cpu));
    }

    /** The same with more errors, of something that was not measured. */
    public Sample plusErrors(long more) {
        return new Sample(nanos, errors + more, elapsed, cpu);
    }

    /** The same with more CPU time, of another process. */
    public Sample plusCpu(Duration more) {
        return new Sample(nanos, errors, elapsed, cpu.plus(more));
    }

    /** This, where errors are no figure.
     *
     * @throws IllegalStateException when there are any
     */
    public Sample flawless() {
        if (errors > 0) {
            throw new IllegalStateException(
                    errors + " of " + (errors + count()) + " were not answered as they had to be");
        }
        return this;
    }

    /** How many were answered. */
    public long count() {
        return nanos.getTotalCount();
    }

    public double perSecond() {
        return elapsed.isZero() ? 0 : count() / (elapsed.toNanos() / 1e9);
    }

    /** The time in milliseconds that so many percent did not exceed; 0 when there was none.
     *
     * @param percent 0 to 100; 100 is the longest
     */
    public double millis(double percent) {
        return nanos.getValueAtPercentile(percent) / 1e6;
    }

    /** CPU time for each answer, in microseconds; 0 when there was none. */
    public double cpuMicros() {
        return count() == 0 ? 0 : cpu.toNanos() / 1e3 / count();
    }
}
