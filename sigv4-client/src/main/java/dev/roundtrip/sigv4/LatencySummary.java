package dev.roundtrip.sigv4;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Counts how repeated calls ended and how long they took. Not thread-safe. */
final class LatencySummary {
    private static final int SIGNIFICANT_DIGITS = 4;

    /** A hundredth is exact enough, and a histogram has some 30 KB in place of a megabyte. */
    private static final int DIGITS_OF_MANY = 2;

    private final Histogram micros;
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private @Nullable Duration first;
    private final Reasons reasons = new Reasons();
    private int failures;
    private boolean allSucceeded = true;

    LatencySummary() {
        this(SIGNIFICANT_DIGITS);
    }

    private LatencySummary(int significantDigits) {
        this.micros = new Histogram(significantDigits);
    }

    /** One of up to {@value TargetList#MAX_TARGETS}, which is exact to one per cent. */
    static LatencySummary ofMany() {
        return new LatencySummary(DIGITS_OF_MANY);
    }

    /** Counts an answer. */
    void answered(Answer answer) {
        if (count() == 0) {
            first = answer.elapsed();
        }
        statuses.merge(answer.status(), 1, Integer::sum);
        micros.recordValue(answer.elapsed().toNanos() / 1000);
        if (!answer.isSuccess()) {
            reasons.add(answer);
            allSucceeded = false;
        }
    }

    /** Counts a call without an answer.
     *
     * @param reason one sentence
     */
    void failed(String reason) {
        failures++;
        reasons.add(reason);
        allSucceeded = false;
    }

    /** How many calls ended so far. */
    int count() {
        return Math.toIntExact(micros.getTotalCount()) + failures;
    }

    /** Whether there were calls, and each was answered with 2xx. */
    boolean isSuccess() {
        return count() > 0 && allSucceeded;
    }

    /** The summary, in lines that each end with a line feed.
     *
     * @param wanted how many calls were asked for
     * @param took from the first call's begin to the last one's end
     */
    String text(int wanted, Duration took) {
        double seconds = Math.max(took.toNanos(), 1) / 1e9;
        StringBuilder text = new StringBuilder();
        String completeness = count() < wanted ? " of " + wanted : "";
        String rate = String.format(Locale.ROOT, " in %.2f s, %.1f/s", seconds, count() / seconds);
        line(text, "calls", count() + completeness + rate);
        if (!statuses.isEmpty()) {
            line(text, "statuses", answers().collect(Collectors.joining(", ")));
        }
        reasons.lines().forEach(reason -> line(text, "failed", reason));
        if (micros.getTotalCount() > 0) {
            line(
                    text,
                    "latency",
                    "min " + millis(micros.getMinValue())
                            + "  p50 " + millis(micros.getValueAtPercentile(50))
                            + "  p90 " + millis(micros.getValueAtPercentile(90))
                            + "  p99 " + millis(micros.getValueAtPercentile(99))
                            + "  max " + millis(micros.getMaxValue()) + " ms");
        }
        if (first != null) {
            line(text, "first", millis(first.toNanos() / 1000) + " ms, with connecting");
        }
        return text.toString();
    }

    /** How the calls ended: statuses, and how many had no answer. */
    String endings() {
        return Stream.concat(answers(), failures == 0 ? Stream.of() : Stream.of("no answer × " + failures))
                .collect(Collectors.joining(", "));
    }

    private Stream<String> answers() {
        return statuses.entrySet().stream().map(entry -> entry.getKey() + " × " + entry.getValue());
    }

    /** What so many per cent of the answers took at most, in milliseconds; empty without an answer. */
    String percentile(double percentile) {
        return micros.getTotalCount() == 0 ? "" : millis(micros.getValueAtPercentile(percentile));
    }

    private static void line(StringBuilder to, String title, String content) {
        to.append(String.format(Locale.ROOT, "%-10s", title)).append(content).append('\n');
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.2f", micros / 1000.0);
    }
}
