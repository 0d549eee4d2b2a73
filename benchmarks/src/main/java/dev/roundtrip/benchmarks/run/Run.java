package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.ClosedLoop;
import dev.roundtrip.benchmarks.report.Report;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Target;
import dev.roundtrip.benchmarks.stage.Stage;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** One run: everything that is measured of the whole, in one process on one cloud. */
public final class Run {
    private static final String ECHO = "echo";
    private static final String DEVICE = "device-0";

    private final Plan plan;
    private final Consumer<String> progress;
    private final List<Section> sections = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();

    private Run(Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** Measures.
     *
     * @param progress told what happens, one line each
     * @throws IOException when something does not start or connect
     * @throws InterruptedException when interrupted; everything is stopped then
     * @throws IllegalStateException when a question was never answered
     */
    public static Report measure(Plan plan, Consumer<String> progress) throws IOException, InterruptedException {
        return new Run(plan, progress).measure();
    }

    private Report measure() throws IOException, InterruptedException {
        Instant begun = Instant.now();
        progress.accept("starting the cloud and a device");
        try (Stage stage = new Stage(List.of(DEVICE))) {
            SignedCalls.Command echo = new SignedCalls.Command(ECHO, List.of(DEVICE));
            try (Subjects subjects = Subjects.connect(stage, echo, Collections.max(plan.clients()))) {
                closedLoops(subjects);
            }
        }
        return new Report(begun, Conditions.of(plan), targets, sections);
    }

    private void closedLoops(Subjects subjects) throws InterruptedException {
        progress.accept("warming up");
        int many = Collections.max(plan.clients());
        for (int clients : new int[] {many, 1}) {
            ClosedLoop.run(subjects.calls(), clients, plan.warmUp().dividedBy(2));
            ClosedLoop.run(subjects.mqtt(), clients, plan.warmUp().dividedBy(4));
            ClosedLoop.run(subjects.http(), clients, plan.warmUp().dividedBy(8));
        }
        progress.accept("measuring the warm call");
        WarmCall.Outcome warm = WarmCall.measure(subjects, plan);
        sections.add(warm.section());
        targets.addAll(warm.targets());
        progress.accept("measuring throughput");
        Throughput.Outcome throughput = Throughput.measure(subjects, plan);
        sections.add(throughput.section());
        targets.addAll(throughput.targets());
    }
}
