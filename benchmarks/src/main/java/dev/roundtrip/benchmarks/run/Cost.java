package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.ProcessCpu;
import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.load.Schedule;
import dev.roundtrip.benchmarks.report.Plot;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.report.Target;
import dev.roundtrip.benchmarks.subject.Api;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What one call costs in CPU time, by how many others wait meanwhile, and by how many devices are called; always at
 * the same rate.
 */
final class Cost {
    /** Of the most that got through: far from where anything waits in line. */
    private static final double LOAD = 0.2;

    /** The longest that a device may have to wait so that as many calls are in flight as wanted, in seconds. */
    private static final double LONGEST_WAIT = 8;

    private static final double MAX_RISE = 1.15;

    /** How many calls are in flight while the number of devices changes. */
    private static final int IN_FLIGHT = 100;

    private final Scene scene;
    private final Plan plan;
    private final double perSecond;

    Cost(Scene scene, Plan plan, double maxPerSecond) {
        this.scene = scene;
        this.plan = plan;
        this.perSecond = Math.max(1, Math.max(LOAD * maxPerSecond, Collections.max(plan.inFlight()) / LONGEST_WAIT));
    }

    /** One measuring point.
     *
     * @param x what changes
     * @param inFlight calls at once
     * @param lanes connections
     * @param devices who is called
     */
    private record Level(int x, int inFlight, int lanes, List<String> devices) {}

    Outcome byInFlight(List<String> devices) throws IOException, InterruptedException {
        List<Level> levels = plan.inFlight().stream()
                .map(inFlight -> new Level(inFlight, inFlight, inFlight + inFlight / 4 + 50, devices))
                .toList();
        return outcome(
                "cost-in-flight",
                "calls in flight",
                "Calls come at " + Math.round(perSecond)
                        + " a second, and devices take as long as it takes for so many to be in flight; for one, they"
                        + " answer at once. Every connection has made a call before. CPU time is that of both"
                        + " processes, clients, and cloud with devices, from the first call until the last is answered."
                        + " Levels take turns, up and down again.",
                levels);
    }

    Outcome byDevices(List<String> devices) throws IOException, InterruptedException {
        int lanes = Math.max(2 * IN_FLIGHT, Collections.max(plan.devices()));
        List<Level> levels = plan.devices().stream()
                .map(count -> new Level(count, IN_FLIGHT, lanes, devices.subList(0, count)))
                .toList();
        return outcome(
                "cost-devices",
                "devices",
                "Calls come at " + Math.round(perSecond) + " a second with " + IN_FLIGHT
                        + " in flight, to so many devices in turn; the others are connected and idle.",
                levels);
    }

    private Outcome outcome(String id, String what, String method, List<Level> levels)
            throws IOException, InterruptedException {
        Sample[] samples = new Sample[levels.size()];
        Arrays.fill(samples, Sample.empty());
        for (int round = 0; round < plan.rounds(); round++) {
            for (int turn = 0; turn < samples.length; turn++) {
                // Up and down again, so that no level always comes after what another leaves behind.
                int i = round % 2 == 0 ? turn : samples.length - 1 - turn;
                samples[i] = samples[i].plus(measure(levels.get(i)));
            }
        }
        List<Table.Row> rows = new ArrayList<>();
        List<Plot.Point> points = new ArrayList<>();
        double first = samples[0].cpuMicros();
        double most = 0;
        long errors = 0;
        for (int i = 0; i < samples.length; i++) {
            Sample sample = samples[i];
            double relative = sample.cpuMicros() / first;
            rows.add(Table.Row.of(
                    levels.get(i).x() + " " + what,
                    sample.cpuMicros(),
                    relative,
                    inFlight(sample),
                    sample.millis(50),
                    sample.count(),
                    sample.errors()));
            points.add(new Plot.Point(levels.get(i).x(), sample.cpuMicros()));
            most = Math.max(most, relative);
            errors += sample.errors();
        }
        Table table = new Table(
                List.of(
                        new Table.Column("CPU µs", 0),
                        new Table.Column("÷ first", 2),
                        new Table.Column("in flight", 1),
                        new Table.Column("p50 ms", 1),
                        new Table.Column("count", 0),
                        new Table.Column("errors", 0)),
                rows);
        Plot plot = new Plot(
                "What a call costs",
                new Plot.Axis(what, Plot.Scale.LOGARITHMIC),
                new Plot.Axis("CPU µs", Plot.Scale.LINEAR),
                List.of(new Plot.Line("signed call", points)));
        return new Outcome(
                new Section(id, "Cost of a call by " + what, method, table, List.of(plot)),
                List.of(
                        Target.atMost("cost by " + what + ", highest ÷ first", MAX_RISE, most),
                        Target.atMost("cost by " + what + ", errors", 0, (double) errors)));
    }

    /** How many there were while as many came as went, by Little's law: as many as come, times how long each stays. */
    private static double inFlight(Sample sample) {
        return sample.perSecond() * sample.nanos().getMean() / TimeUnit.SECONDS.toNanos(1);
    }

    private Sample measure(Level level) throws IOException, InterruptedException {
        long waitMillis = level.inFlight() == 1 ? 0 : Math.round(1000 * level.inFlight() / perSecond);
        SignedCalls.Command command = new SignedCalls.Command("wait-" + waitMillis, level.devices());
        Duration time = plan.turn().plusMillis(waitMillis);
        scene.caller().connect(Api.of(scene.stage().cloud()), command, level.lanes());
        // What a connection's first call costs is no matter of how many others wait.
        scene.caller()
                .openLoop(new Schedule(perSecond, Duration.ofNanos((long) (1e9 * (level.lanes() + 0.5) / perSecond))))
                .flawless();
        Duration before = ProcessCpu.spent();
        Sample sample = scene.caller().openLoop(new Schedule(perSecond, time));
        return sample.plusCpu(ProcessCpu.spent().minus(before));
    }
}
