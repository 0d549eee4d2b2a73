package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.List;

/** Round trips of several kinds that take turns, a row for each.
 *
 * @param ways the first is what the others are held against
 */
record SideBySide(List<Way> ways, Plan plan) {
    SideBySide {
        ways = List.copyOf(ways);
    }

    /** One row. */
    record Way(String label, RoundTrips roundTrips) {}

    /** Each has its share of the plan's time to warm up. */
    void warmUp(int clients) throws InterruptedException {
        for (Way way : ways) {
            Turns.Subject.here(way.roundTrips())
                    .sample(clients, plan.warmUp().dividedBy(ways.size()))
                    .flawless();
        }
    }

    /** A sample for each way, in their order. */
    List<Sample> measure(int clients) throws InterruptedException {
        return Turns.take(ways.stream().map(Way::roundTrips).toList(), clients, plan);
    }

    /** The samples as a table, with their ratios to the first. */
    Table table(List<Sample> samples, String reference) {
        return table(ways.stream().map(Way::label).toList(), samples, reference, samples.getFirst());
    }

    /** Samples as a table.
     *
     * @param labels of the rows
     * @param reference what the ratios are to, as the columns call it
     * @param divisor its sample
     */
    static Table table(List<String> labels, List<Sample> samples, String reference, Sample divisor) {
        List<Table.Row> rows = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            Sample sample = samples.get(i);
            rows.add(Table.Row.of(
                    labels.get(i),
                    sample.perSecond(),
                    sample.perSecond() / divisor.perSecond(),
                    sample.millis(50),
                    sample.millis(50) / divisor.millis(50),
                    sample.millis(99),
                    sample.cpuMicros(),
                    sample.errors()));
        }
        return new Table(
                List.of(
                        new Table.Column("per second", 0),
                        new Table.Column("÷ " + reference, 2),
                        new Table.Column("p50 ms", 2),
                        new Table.Column("p50 ÷ " + reference, 2),
                        new Table.Column("p99 ms", 2),
                        new Table.Column("CPU µs", 0),
                        new Table.Column("errors", 0)),
                rows);
    }

    /** How many of all round trips failed. */
    static double errors(List<Sample> samples) {
        return (double) samples.stream().mapToLong(Sample::errors).sum();
    }
}
