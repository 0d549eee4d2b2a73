package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Report;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Target;
import dev.roundtrip.benchmarks.stage.Stage;
import dev.roundtrip.benchmarks.subject.BareMqtt;
import dev.roundtrip.benchmarks.subject.Errands;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Jobs and commands beside bare MQTT round trips, with short and long queues, and a job for many things. */
public final class JobRun {
    private static final SignedCalls.Command ECHO = new SignedCalls.Command("echo", List.of("device-0"));

    /** A thing each, whose commands are subscribed to over one connection. Source: AWS IoT Core quotas, "Subscriptions
     * per connection".
     */
    private static final int MAX_THINGS = 50;

    private final JobPlan plan;
    private final Consumer<String> progress;
    private final List<Section> sections = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();

    private JobRun(JobPlan plan, Consumer<String> progress) {
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
    public static Report measure(JobPlan plan, Consumer<String> progress) throws IOException, InterruptedException {
        JobRun run = new JobRun(plan, progress);
        Instant begun = Instant.now();
        Map<String, String> conditions = Conditions.of(plan.plan());
        run.errands();
        for (Outcome outcome : List.of(QueueLengths.measure(plan, progress), ManyThings.measure(plan, progress))) {
            run.sections.add(outcome.section());
            run.targets.addAll(outcome.targets());
        }
        return new Report(begun, conditions, run.targets, run.sections);
    }

    private void errands() throws IOException, InterruptedException {
        int most = Math.min(Collections.max(plan.plan().clients()), MAX_THINGS);
        progress.accept("starting a cloud, and registering " + 2 * most + " things");
        try (Stage stage = new Stage(ECHO.targets());
                BareMqtt bare = new BareMqtt(stage.cloud(), ECHO, most);
                Errands jobs = new Errands(stage.cloud(), Errands.Way.JOBS, most);
                Errands commands = new Errands(stage.cloud(), Errands.Way.COMMANDS, most)) {
            SideBySide ways = new SideBySide(
                    List.of(
                            new SideBySide.Way("bare MQTT round trip", bare),
                            new SideBySide.Way("job: CreateJob to SUCCEEDED", jobs),
                            new SideBySide.Way("command: StartCommandExecution to SUCCEEDED", commands)),
                    plan.plan());
            progress.accept("warming up");
            ways.warmUp(most);
            for (int clients : new TreeSet<>(List.of(1, most))) {
                progress.accept("measuring jobs and commands, " + clients + " at once");
                errands(ways, clients);
            }
        }
    }

    private void errands(SideBySide ways, int clients) throws InterruptedException {
        List<Sample> samples = ways.measure(clients);
        sections.add(Section.of(
                "errands-" + clients,
                "Jobs and commands, " + (clients == 1 ? "one" : clients) + " at once",
                "Each client has a thing of its own, and makes the next job or execution as soon as the service knows"
                        + " that the device succeeded with the one before. From the signed request until"
                        + " update/accepted. The device starts a job with start-next when notify-next comes, and says"
                        + " SUCCEEDED at once; it answers a command with SUCCEEDED at once. Rows are kept in a file."
                        + " Turns of " + plan.plan().turn().toMillis() + " ms, "
                        + plan.plan().rounds() + " of each.",
                ways.table(samples, "bare MQTT")));
        targets.add(Target.atMost("jobs and commands, " + clients + " at once, errors", 0, SideBySide.errors(samples)));
    }
}
