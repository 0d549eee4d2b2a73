package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.OpenLoop;
import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.load.Schedule;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.report.Target;
import java.util.Collections;
import java.util.List;

/** How long calls take that come at a fixed rate, whatever becomes of the earlier ones. */
final class FixedRate {
    /** Of the most that got through. */
    private static final double LOAD = 0.5;

    private FixedRate() {}

    static Outcome measure(Subjects subjects, Plan plan, double maxPerSecond) throws InterruptedException {
        double rate = Math.max(1, LOAD * maxPerSecond);
        int lanes = Collections.max(plan.clients());
        Schedule schedule = new Schedule(rate, plan.turn());
        Sample calls = Sample.empty();
        Sample mqtt = Sample.empty();
        for (int round = 0; round < plan.rounds(); round++) {
            calls = calls.plus(OpenLoop.run(subjects.calls(), lanes, schedule));
            mqtt = mqtt.plus(OpenLoop.run(subjects.mqtt(), lanes, schedule));
        }
        Table table = new Table(
                Latencies.COLUMNS,
                List.of(Latencies.row("signed call", calls), Latencies.row("bare MQTT round trip", mqtt)));
        Section section = new Section(
                "fixed-rate",
                "At a fixed rate of " + Math.round(rate) + " a second",
                "Half of the most that got through, evenly spaced, over up to " + lanes
                        + " connections. Time runs from the moment when a call was due, so that nothing is omitted:"
                        + " waiting for a free connection counts, and so does the measuring program's own lateness, on"
                        + " Linux 0.05 ms and more: the slack of its timers (prctl(2)).",
                table,
                List.of(Latencies.plot(
                        "How long callers wait at half load",
                        List.of(Latencies.line("signed call", calls), Latencies.line("bare MQTT", mqtt)))));
        return new Outcome(
                section, List.of(Target.atMost("fixed rate, errors", 0, (double) (calls.errors() + mqtt.errors()))));
    }
}
