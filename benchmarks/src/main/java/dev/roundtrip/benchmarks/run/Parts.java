package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.ClosedLoop;
import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/** Where the time of a warm call goes, as the function itself tells in Server-Timing. */
final class Parts {
    private static final Pattern PART = Pattern.compile("([a-z-]+);dur=([0-9.]+)");
    private static final double NANOS = 1e6;

    private final Map<String, Histogram> parts = new LinkedHashMap<>();

    static Section measure(SignedCalls subject, Plan plan) throws InterruptedException {
        Parts parts = new Parts();
        subject.tellTimings(parts::add);
        Sample calls = ClosedLoop.run(subject, 1, plan.turn()).flawless();
        subject.tellTimings(null);
        if (parts.parts.isEmpty()) {
            throw new IllegalStateException("no answer told by Server-Timing where its time went");
        }
        return Section.of(
                "parts",
                "Where a warm call's time goes",
                "By the Server-Timing header of each answer to one client. The rest of the call, as its client sees it,"
                        + " is HTTP, signature, policy and event, on both sides.",
                parts.table(calls));
    }

    /** Takes in one header, such as {@code publish;dur=0.082, device;dur=0.713}; called by one thread. */
    void add(String header) {
        Matcher matcher = PART.matcher(header);
        while (matcher.find()) {
            parts.computeIfAbsent(matcher.group(1), name -> new Histogram(3))
                    .recordValue(Math.round(Double.parseDouble(matcher.group(2)) * NANOS));
        }
    }

    Table table(Sample calls) {
        List<Table.Row> rows = new ArrayList<>();
        double told = 0;
        for (Map.Entry<String, Histogram> part : parts.entrySet()) {
            Histogram nanos = part.getValue();
            rows.add(Table.Row.of(
                    part.getKey(),
                    nanos.getMean() / NANOS,
                    nanos.getValueAtPercentile(50) / NANOS,
                    nanos.getValueAtPercentile(99) / NANOS));
            told += nanos.getMean() * nanos.getTotalCount();
        }
        double mean = calls.nanos().getMean();
        double rest = mean - told / Math.max(1, calls.count());
        rows.add(Table.Row.of("the rest", rest / NANOS, Double.NaN, Double.NaN));
        rows.add(Table.Row.of("signed call, its header read", mean / NANOS, calls.millis(50), calls.millis(99)));
        return new Table(
                List.of(new Table.Column("mean ms", 3), new Table.Column("p50 ms", 3), new Table.Column("p99 ms", 3)),
                rows);
    }
}
