package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Plot;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.report.Target;
import java.util.ArrayList;
import java.util.List;

/** One client that calls again and again, beside one that asks over bare MQTT, and one that asks the bare server. */
final class WarmCall {
    private static final double MAX_P50_RATIO = 1.5;
    private static final double MAX_P99_RATIO = 2;
    private static final double[] PERCENTS = {0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99};

    private WarmCall() {}

    /** What came out. */
    record Outcome(Section section, List<Target> targets) {}

    static Outcome measure(Subjects subjects, Plan plan) throws InterruptedException {
        List<RoundTrips> all = List.of(subjects.calls(), subjects.mqtt(), subjects.http());
        List<Sample> samples = Turns.take(all, 1, plan);
        Sample call = samples.get(0);
        Sample mqtt = samples.get(1);
        Sample http = samples.get(2);
        double p50 = call.millis(50) / mqtt.millis(50);
        double p99 = call.millis(99) / mqtt.millis(99);
        Table table = new Table(
                List.of(
                        new Table.Column("p50 ms", 3),
                        new Table.Column("p90 ms", 3),
                        new Table.Column("p99 ms", 3),
                        new Table.Column("p99.9 ms", 3),
                        new Table.Column("max ms", 3),
                        new Table.Column("CPU µs", 0),
                        new Table.Column("count", 0),
                        new Table.Column("errors", 0)),
                List.of(
                        row("signed call", call),
                        row("bare MQTT round trip", mqtt),
                        row("bare HTTP round trip", http),
                        Table.Row.of(
                                "call ÷ bare MQTT",
                                p50,
                                call.millis(90) / mqtt.millis(90),
                                p99,
                                call.millis(99.9) / mqtt.millis(99.9),
                                call.millis(100) / mqtt.millis(100),
                                call.cpuMicros() / mqtt.cpuMicros(),
                                Double.NaN,
                                Double.NaN)));
        Plot plot = new Plot(
                "How long one client waits",
                new Plot.Axis("percentile", Plot.Scale.NINES),
                new Plot.Axis("ms", Plot.Scale.LINEAR),
                List.of(line("signed call", call), line("bare MQTT", mqtt), line("bare HTTP", http)));
        Section section = new Section(
                "warm-call",
                "Warm call, one client",
                "One client on one kept-alive connection signs each call anew and asks again as soon as it is answered. In turns of "
                        + plan.turn().toMillis() + " ms, " + plan.rounds()
                        + " of each, with the gateway's MQTT client on the gateway's listener (signed WebSocket over TLS) asking the same device"
                        + " with the same bytes, and with the same HTTP client asking the same server for a path it does not have.",
                table,
                List.of(plot));
        return new Outcome(
                section,
                List.of(
                        Target.atMost("warm call, p50 ÷ bare MQTT", MAX_P50_RATIO, p50),
                        Target.atMost("warm call, p99 ÷ bare MQTT", MAX_P99_RATIO, p99),
                        Target.atMost(
                                "warm call, errors", 0, (double) (call.errors() + mqtt.errors() + http.errors()))));
    }

    private static Table.Row row(String label, Sample sample) {
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

    private static Plot.Line line(String name, Sample sample) {
        List<Plot.Point> points = new ArrayList<>();
        for (double percent : PERCENTS) {
            points.add(new Plot.Point(percent, sample.millis(percent)));
        }
        return new Plot.Line(name, points);
    }
}
