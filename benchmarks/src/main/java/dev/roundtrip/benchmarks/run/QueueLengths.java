package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.ClosedLoop;
import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.report.Target;
import dev.roundtrip.benchmarks.stage.Stage;
import dev.roundtrip.benchmarks.subject.BareMqtt;
import dev.roundtrip.benchmarks.subject.JobQueue;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** What it costs a thing to start its next job when few jobs wait, and when many do. */
final class QueueLengths {
    private static final SignedCalls.Command ECHO = new SignedCalls.Command("echo", List.of("device-0"));

    /** The most that a long queue may cost; our choice. */
    private static final double MOST = 1.3;

    private static final double NANOS = 1e6;
    private static final int DIGITS = 3;

    private QueueLengths() {}

    /** The requests of one thing. */
    private record Times(JobQueue queue, Histogram starts, Histogram updates) {
        static Times of(JobQueue queue) {
            return new Times(queue, new Histogram(DIGITS), new Histogram(DIGITS));
        }

        void take(int times) throws IOException, InterruptedException {
            for (int i = 0; i < times; i++) {
                JobQueue.Took took = queue.next();
                starts.recordValue(took.startNext());
                updates.recordValue(took.update());
            }
        }

        void forget() {
            starts.reset();
            updates.reset();
        }

        double start(double percent) {
            return starts.getValueAtPercentile(percent) / NANOS;
        }
    }

    static Outcome measure(JobPlan plan, Consumer<String> progress) throws IOException, InterruptedException {
        progress.accept("queueing " + plan.many() + " jobs on a thing");
        try (Stage stage = new Stage(ECHO.targets());
                BareMqtt bare = new BareMqtt(stage.cloud(), ECHO, 1);
                JobQueue few = new JobQueue(stage.cloud(), "idle");
                JobQueue many = new JobQueue(stage.cloud(), "busy")) {
            few.fill(plan.few());
            many.fill(plan.many());
            progress.accept("measuring start-next behind " + plan.few() + " and " + plan.many() + " jobs");
            Times little = Times.of(few);
            Times much = Times.of(many);
            // One round warms up.
            Sample reference = Sample.empty();
            for (int round = 0; round <= plan.plan().rounds(); round++) {
                if (round == 1) {
                    reference = Sample.empty();
                    little.forget();
                    much.forget();
                }
                reference = reference.plus(
                        ClosedLoop.run(bare, 1, plan.plan().turn().dividedBy(2)));
                little.take(plan.starts());
                much.take(plan.starts());
            }
            return outcome(plan, reference, List.of(little, much));
        }
    }

    private static Outcome outcome(JobPlan plan, Sample bare, List<Times> times) {
        List<Table.Row> rows = new ArrayList<>();
        rows.add(Table.Row.of("bare MQTT round trip", bare.millis(50), 1.0, Double.NaN, bare.millis(99), Double.NaN));
        List<Integer> lengths = List.of(plan.few(), plan.many());
        double first = times.getFirst().start(50);
        for (int i = 0; i < times.size(); i++) {
            Times one = times.get(i);
            rows.add(Table.Row.of(
                    String.format(Locale.ROOT, "%,d queued", lengths.get(i)),
                    one.start(50),
                    one.start(50) / bare.millis(50),
                    one.start(50) / first,
                    one.start(99),
                    one.updates().getValueAtPercentile(50) / NANOS));
        }
        Section section = Section.of(
                "start-next",
                "Starting the next job",
                "One thing starts its next execution, and ends it with SUCCEEDED; a new job is queued behind the others"
                        + " before, which is not counted. From the publish until start-next/accepted, and until"
                        + " update/accepted. Rows take turns, "
                        + plan.plan().rounds() + " of each with " + plan.starts()
                        + " executions. Rows are kept in a file.",
                new Table(
                        List.of(
                                new Table.Column("p50 ms", 2),
                                new Table.Column("p50 ÷ bare MQTT", 2),
                                new Table.Column("p50 ÷ first queue", 2),
                                new Table.Column("p99 ms", 2),
                                new Table.Column("update p50 ms", 2)),
                        rows));
        return new Outcome(
                section,
                List.of(Target.atMost(
                        "start-next with " + plan.many() + " queued ÷ with " + plan.few(),
                        MOST,
                        times.getLast().start(50) / first)));
    }
}
