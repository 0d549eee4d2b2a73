package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.caller.CallerProcess;
import dev.roundtrip.benchmarks.load.ClosedLoop;
import dev.roundtrip.benchmarks.report.Report;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Target;
import dev.roundtrip.benchmarks.stage.Stage;
import dev.roundtrip.benchmarks.subject.Api;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** One run: everything that is measured of the whole, in one process on one cloud. */
public final class Run {
    private static final String ECHO = "echo";

    /** How many devices are there before the many. */
    private static final int FEW = 10;

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
        Map<String, String> conditions = Conditions.of(plan);
        List<String> devices = IntStream.range(0, Collections.max(plan.devices()))
                .mapToObj(number -> "device-" + number)
                .toList();
        List<String> few = devices.subList(0, Math.min(FEW, devices.size()));
        progress.accept("starting the cloud and " + few.size() + " devices");
        try (Stage stage = new Stage(few)) {
            double maxPerSecond = withOneDevice(stage, few.getFirst());
            withManyClients(stage, devices, maxPerSecond);
        }
        progress.accept("measuring the three ways to listen, keys and order");
        for (int clients : List.of(1, Collections.max(plan.clients()))) {
            sections.add(ListeningWays.measure(ListeningWays.Place.HERE, clients, plan));
        }
        return new Report(begun, conditions, targets, sections);
    }

    private void withManyClients(Stage stage, List<String> devices, double maxPerSecond)
            throws IOException, InterruptedException {
        List<String> few = devices.subList(0, Math.min(FEW, devices.size()));
        try (CallerProcess caller = new CallerProcess()) {
            Scene scene = new Scene(stage, caller);
            progress.accept("warming up clients in a process of their own");
            int many = Collections.max(plan.clients());
            caller.connect(Api.of(stage.cloud()), new SignedCalls.Command(ECHO, few), many);
            caller.closedLoop(many, plan.warmUp().dividedBy(2)).flawless();
            progress.accept("letting " + Collections.max(plan.inFlight()) + " calls wait at once");
            add(Waiting.measure(scene, few, plan, maxPerSecond));
            Cost cost = new Cost(scene, plan, maxPerSecond);
            progress.accept("measuring what a call costs by those in flight");
            add(cost.byInFlight(few));
            progress.accept("connecting " + devices.size() + " devices");
            stage.connect(devices.subList(few.size(), devices.size()));
            progress.accept("measuring what a call costs by devices");
            add(cost.byDevices(devices));
        }
    }

    private void add(Outcome outcome) {
        sections.add(outcome.section());
        targets.addAll(outcome.targets());
    }

    private double withOneDevice(Stage stage, String device) throws IOException, InterruptedException {
        SignedCalls.Command echo = new SignedCalls.Command(ECHO, List.of(device));
        try (Subjects subjects = Subjects.connect(stage, echo, Collections.max(plan.clients()))) {
            warmUp(subjects);
            progress.accept("measuring the warm call");
            add(WarmCall.measure(subjects, plan));
            sections.add(Parts.measure(subjects.calls(), plan));
            progress.accept("measuring throughput");
            Throughput.Result throughput = Throughput.measure(subjects, plan);
            add(throughput.outcome());
            progress.accept("measuring the threads");
            for (int clients : List.of(1, Collections.max(plan.clients()))) {
                sections.add(Threads.measure(subjects, clients, plan));
            }
            progress.accept("measuring at a fixed rate");
            add(FixedRate.measure(subjects, plan, throughput.maxPerSecond()));
            return throughput.maxPerSecond();
        }
    }

    private void warmUp(Subjects subjects) throws InterruptedException {
        progress.accept("warming up");
        int many = Collections.max(plan.clients());
        for (int clients : new int[] {many, 1}) {
            ClosedLoop.run(subjects.calls(), clients, plan.warmUp().dividedBy(2))
                    .flawless();
            ClosedLoop.run(subjects.mqtt(), clients, plan.warmUp().dividedBy(4)).flawless();
            ClosedLoop.run(subjects.waited(), clients, plan.warmUp().dividedBy(8))
                    .flawless();
            ClosedLoop.run(subjects.http(), clients, plan.warmUp().dividedBy(8)).flawless();
            ClosedLoop.run(subjects.inARow(), clients, plan.warmUp().dividedBy(8))
                    .flawless();
        }
    }
}
