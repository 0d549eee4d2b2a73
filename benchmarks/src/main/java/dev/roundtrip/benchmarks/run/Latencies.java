package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Plot;
import dev.roundtrip.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.List;

/** How long round trips took, as figures and as lines. */
final class Latencies {
    static final List<Table.Column> COLUMNS = List.of(
            new Table.Column("p50 ms", 3),
            new Table.Column("p90 ms", 3),
            new Table.Column("p99 ms", 3),
            new Table.Column("p99.9 ms", 3),
            new Table.Column("max ms", 3),
            new Table.Column("CPU µs", 0),
            new Table.Column("count", 0),
            new Table.Column("errors", 0));

    private static final double[] PERCENTS = {0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99};

    private Latencies() {}

    static Table.Row row(String label, Sample sample) {
        return Table.Row.of(
                label,
                sample.millis(50),
                sample.millis(90),
                sample.millis(99),
                sample.millis(99.9),
                sample.millis(100),
                sample.cpuMicros(),
                sample.count(),
                sample.errors());
    }

    /** How many times as long as the reference. */
    static Table.Row ratio(String label, Sample sample, Sample reference) {
        return Table.Row.of(
                label,
                sample.millis(50) / reference.millis(50),
                sample.millis(90) / reference.millis(90),
                sample.millis(99) / reference.millis(99),
                sample.millis(99.9) / reference.millis(99.9),
                sample.millis(100) / reference.millis(100),
                sample.cpuMicros() / reference.cpuMicros(),
                Double.NaN,
                Double.NaN);
    }

    static Plot plot(String title, List<Plot.Line> lines) {
        return new Plot(
                title,
                new Plot.Axis("percentile", Plot.Scale.NINES),
                new Plot.Axis("ms", Plot.Scale.LOGARITHMIC),
                lines);
    }

    static Plot.Line line(String name, Sample sample) {
        List<Plot.Point> points = new ArrayList<>();
        for (double percent : PERCENTS) {
            double enough = 1 / (1 - percent / 100);
            if (sample.count() >= enough) {
                points.add(new Plot.Point(percent, sample.millis(percent)));
            }
        }
        return new Plot.Line(name, points);
    }
}
