package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Plot;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.report.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** How many calls a second get through, by the number of clients. */
final class Throughput {
    private static final double WANTED_PER_SECOND = 20_000;
    private static final int WANTED_CLIENTS = 256;
    private static final double WANTED_SHARE = 0.85;
    private static final int SHARE_CLIENTS = 64;

    /** Of both bare round trips in a row. */
    static final double WANTED_OF_ROW = 0.65;

    private Throughput() {}

    /** What came out.
     *
     * @param maxPerSecond the most signed calls in a second, with any number of clients
     */
    record Result(Outcome outcome, double maxPerSecond) {}

    private record Level(int clients, Sample calls, Sample mqtt, Sample http) {
        double inARow() {
            return Throughput.inARow(http, mqtt);
        }
    }

    static Result measure(Subjects subjects, Plan plan) throws InterruptedException {
        List<Level> levels = new ArrayList<>();
        for (int clients : plan.clients()) {
            List<Sample> samples =
                    Turns.take(List.of(subjects.calls(), subjects.mqtt(), subjects.http()), clients, plan);
            levels.add(new Level(clients, samples.get(0), samples.get(1), samples.get(2)));
        }
        Section section = new Section(
                "throughput",
                "Throughput",
                "Clients that each ask again as soon as they are answered, each on a connection of its own, each call"
                        + " signed anew; in turns with as many bare MQTT round trips on one connection, and as many"
                        + " bare HTTP round trips. HTTP then MQTT is reckoned from these two: how many would get"
                        + " through in a second if each were one of both, 1 ÷ (1 ÷ HTTP/s + 1 ÷ MQTT/s). Client, API"
                        + " front, function, broker and device share this process and its cores.",
                table(levels),
                List.of(plot(levels)));
        double max = levels.stream()
                .mapToDouble(level -> level.calls().perSecond())
                .max()
                .orElse(0);
        return new Result(new Outcome(section, targets(levels)), max);
    }

    /** How many in a second would get through if each were a bare HTTP and a bare MQTT round trip: what both cost adds
     * up.
     */
    static double inARow(Sample http, Sample mqtt) {
        return 1 / (1 / http.perSecond() + 1 / mqtt.perSecond());
    }

    private static Table table(List<Level> levels) {
        return new Table(
                List.of(
                        new Table.Column("calls/s", 0),
                        new Table.Column("p50 ms", 2),
                        new Table.Column("p99 ms", 2),
                        new Table.Column("CPU µs", 0),
                        new Table.Column("errors", 0),
                        new Table.Column("MQTT/s", 0),
                        new Table.Column("MQTT p50 ms", 2),
                        new Table.Column("MQTT CPU µs", 0),
                        new Table.Column("MQTT errors", 0),
                        new Table.Column("calls ÷ MQTT", 2),
                        new Table.Column("HTTP/s", 0),
                        new Table.Column("HTTP errors", 0),
                        new Table.Column("calls ÷ HTTP", 2),
                        new Table.Column("HTTP then MQTT/s", 0),
                        new Table.Column("calls ÷ HTTP then MQTT", 2)),
                levels.stream()
                        .map(level -> Table.Row.of(
                                level.clients() + (level.clients() == 1 ? " client" : " clients"),
                                level.calls().perSecond(),
                                level.calls().millis(50),
                                level.calls().millis(99),
                                level.calls().cpuMicros(),
                                level.calls().errors(),
                                level.mqtt().perSecond(),
                                level.mqtt().millis(50),
                                level.mqtt().cpuMicros(),
                                level.mqtt().errors(),
                                level.calls().perSecond() / level.mqtt().perSecond(),
                                level.http().perSecond(),
                                level.http().errors(),
                                level.calls().perSecond() / level.http().perSecond(),
                                level.inARow(),
                                level.calls().perSecond() / level.inARow()))
                        .toList());
    }

    private static Plot plot(List<Level> levels) {
        return new Plot(
                "What gets through",
                new Plot.Axis("clients", Plot.Scale.LOGARITHMIC),
                new Plot.Axis("per second", Plot.Scale.LINEAR),
                List.of(
                        line("signed calls", levels, Level::calls),
                        line("bare MQTT", levels, Level::mqtt),
                        line("bare HTTP", levels, Level::http)));
    }

    private static Plot.Line line(String name, List<Level> levels, Function<Level, Sample> subject) {
        return new Plot.Line(
                name,
                levels.stream()
                        .map(level -> new Plot.Point(
                                level.clients(), subject.apply(level).perSecond()))
                        .toList());
    }

    private static List<Target> targets(List<Level> levels) {
        double most = figure(levels, WANTED_CLIENTS, level -> level.calls().perSecond());
        double share = figure(levels, SHARE_CLIENTS, level -> level.calls().perSecond()) / most;
        double ofRow = figure(levels, WANTED_CLIENTS, level -> level.calls().perSecond() / level.inARow());
        long errors = levels.stream()
                .mapToLong(level -> level.calls().errors()
                        + level.mqtt().errors()
                        + level.http().errors())
                .sum();
        List<Target> targets = new ArrayList<>();
        if (!Double.isNaN(most)) {
            targets.add(Target.atLeast("calls/s at " + WANTED_CLIENTS + " clients", WANTED_PER_SECOND, most));
            targets.add(Target.atLeast(
                    "calls/s at " + SHARE_CLIENTS + " clients ÷ at " + WANTED_CLIENTS, WANTED_SHARE, share));
            targets.add(
                    Target.atLeast("calls/s at " + WANTED_CLIENTS + " clients ÷ HTTP then MQTT", WANTED_OF_ROW, ofRow));
        }
        targets.add(Target.atMost("throughput, errors", 0, (double) errors));
        return targets;
    }

    private static double figure(List<Level> levels, int clients, ToDoubleFunction<Level> figure) {
        return levels.stream()
                .filter(level -> level.clients() == clients)
                .mapToDouble(figure)
                .findFirst()
                .orElse(Double.NaN);
    }
}
