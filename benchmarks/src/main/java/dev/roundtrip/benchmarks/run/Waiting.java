package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.report.Target;
import dev.roundtrip.benchmarks.stage.Stage;
import dev.roundtrip.benchmarks.subject.Api;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Very many calls that wait at once, for devices that take a second. */
final class Waiting {
    private static final double MAX_MEGABYTES = 600;
    private static final double MIN_SECONDS = 1;

    /** How often every client calls. */
    private static final int TIMES = 4;

    private static final int LOOKS_A_SECOND = 10;

    private Waiting() {}

    static Outcome measure(Scene scene, List<String> devices, Plan plan, double maxPerSecond)
            throws IOException, InterruptedException {
        int clients = Collections.max(plan.inFlight());
        // Where fewer calls than that come in within a second, the first would be answered before the last is asked.
        Duration device = Duration.ofMillis(Math.round(1000 * Math.max(MIN_SECONDS, 2 * clients / maxPerSecond)));
        double before = Memory.residentMegabytes(ProcessHandle.current());
        AtomicInteger most = new AtomicInteger();
        Sample sample;
        Stage stage = scene.stage();
        scene.caller()
                .connect(Api.of(stage.cloud()), new SignedCalls.Command("wait-" + device.toMillis(), devices), clients);
        try (ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor()) {
            var unused = looks.scheduleAtFixedRate(
                    () -> most.accumulateAndGet(stage.cloud().waitingCalls(), Math::max),
                    0,
                    TimeUnit.SECONDS.toMillis(1) / LOOKS_A_SECOND,
                    TimeUnit.MILLISECONDS);
            sample = scene.caller().closedLoop(clients, device.multipliedBy(TIMES));
        }
        double peak = Memory.peakMegabytes(ProcessHandle.current());
        Table table = new Table(
                List.of(
                        new Table.Column("most at once", 0),
                        new Table.Column("answered", 0),
                        new Table.Column("errors", 0),
                        new Table.Column("p50 ms", 0),
                        new Table.Column("p99 ms", 0),
                        new Table.Column("MB before", 0),
                        new Table.Column("MB at most", 0)),
                List.of(Table.Row.of(
                        clients + " clients",
                        most.get(),
                        sample.count(),
                        sample.errors(),
                        sample.millis(50),
                        sample.millis(99),
                        before,
                        peak)));
        List<Target> targets = new ArrayList<>(List.of(
                Target.atLeast(clients + " clients, calls waiting at once", clients, most.get()),
                Target.atMost(clients + " clients, errors", 0, (double) sample.errors())));
        if (!Double.isNaN(peak)) {
            targets.add(Target.atMost(clients + " clients, resident MB", MAX_MEGABYTES, peak));
        }
        return new Outcome(
                Section.of(
                        "waiting",
                        "Calls that wait at once",
                        clients + " clients, each on a connection of its own, call devices that take "
                                + device.toMillis()
                                + " ms (a second, or as long as it takes this machine to bring in that many calls"
                                + " twice), for "
                                + TIMES * device.toMillis()
                                + " ms; the function counts who waits. Memory is what was ever resident (VmHWM) of the"
                                + " process of cloud and devices since it began; the clients are a process of their"
                                + " own.",
                        table),
                targets);
    }
}
