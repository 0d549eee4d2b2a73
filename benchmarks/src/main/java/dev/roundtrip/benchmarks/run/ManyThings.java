package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.ClosedLoop;
import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.report.Target;
import dev.roundtrip.benchmarks.stage.Stage;
import dev.roundtrip.benchmarks.subject.BareMqtt;
import dev.roundtrip.benchmarks.subject.RollOut;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** How long a job takes that is rolled out to many things at once. */
final class ManyThings {
    private static final SignedCalls.Command ECHO = new SignedCalls.Command("echo", List.of("device-0"));

    private ManyThings() {}

    static Outcome measure(JobPlan plan, Consumer<String> progress) throws IOException, InterruptedException {
        progress.accept("registering " + plan.things() + " things in a group");
        try (Stage stage = new Stage(ECHO.targets());
                BareMqtt bare = new BareMqtt(stage.cloud(), ECHO, 1);
                RollOut rollOut = new RollOut(stage.cloud(), plan.things())) {
            Sample unused = ClosedLoop.run(bare, 1, plan.plan().warmUp().dividedBy(3));
            Sample reference = ClosedLoop.run(bare, 1, plan.plan().turn());
            progress.accept("rolling a job out to " + plan.things() + " things");
            RollOut.Took took = rollOut.run();
            double seconds = seconds(took.ended());
            Section section = Section.of(
                    "roll-out",
                    "A job for many things",
                    "One job is made for a group, and all things are told at once. Their devices share one connection"
                            + " with 64 requests at a time; each starts the job with start-next, and says SUCCEEDED at"
                            + " once. The last column is the p50 of bare MQTT round trips before.",
                    new Table(
                            List.of(
                                    new Table.Column("CreateJob s", 2),
                                    new Table.Column("until all succeeded s", 2),
                                    new Table.Column("executions per second", 0),
                                    new Table.Column("errors", 0),
                                    new Table.Column("bare MQTT p50 ms", 2)),
                            List.of(Table.Row.of(
                                    String.format(Locale.ROOT, "%,d things", plan.things()),
                                    seconds(took.created()),
                                    seconds,
                                    plan.things() / seconds,
                                    took.errors(),
                                    reference.millis(50)))));
            return new Outcome(section, List.of(Target.atMost("roll-out, errors", 0, (double) took.errors())));
        }
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
