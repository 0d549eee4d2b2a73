package dev.roundtrip.local.endtoend;

import java.time.Duration;
import java.util.Locale;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How long things took: printed, never asserted. */
final class Latencies {
    /** What a first call after a freeze shall stay under on loopback. */
    private static final Duration GOAL = Duration.ofMillis(500);

    private final Histogram micros =
            new ConcurrentHistogram(Duration.ofMinutes(1).toNanos() / 1_000, 3);

    void add(long nanos) {
        micros.recordValue(nanos / 1_000);
    }

    void print(String what) {
        System.out.printf(
                Locale.ROOT,
                "%s: median %.1f ms, 99 %% %.1f ms, max %.1f ms; %d of %d under %d ms%n",
                what,
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getMaxValue() / 1e3,
                micros.getCountBetweenValues(0, GOAL.toNanos() / 1_000 - 1),
                micros.getTotalCount(),
                GOAL.toMillis());
    }
}
