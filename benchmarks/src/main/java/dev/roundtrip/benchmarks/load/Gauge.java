package dev.roundtrip.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Collects what a sample consists of. Thread-safe. */
final class Gauge {
    private final Histogram nanos = new ConcurrentHistogram(Sample.HIGHEST_NANOS, Sample.DIGITS);
    private final LongAdder errors = new LongAdder();
    private final long cpuBefore = ProcessCpu.spent().toNanos();
    private final long begun = System.nanoTime();

    void record(RoundTrips.Ending ending, long tookNanos) {
        switch (ending) {
            case ANSWERED -> nanos.recordValue(Math.min(tookNanos, Sample.HIGHEST_NANOS));
            case FAILED -> errors.increment();
        }
    }

    /** To be called at the moment when measuring ends. */
    Reading read() {
        return new Reading(System.nanoTime() - begun, ProcessCpu.spent().toNanos() - cpuBefore);
    }

    /** Clocks at the end of measuring. */
    record Reading(long elapsedNanos, long cpuNanos) {}

    Sample sample(Reading end) {
        return new Sample(
                nanos.copy(), errors.sum(), Duration.ofNanos(end.elapsedNanos()), Duration.ofNanos(end.cpuNanos()));
    }
}
