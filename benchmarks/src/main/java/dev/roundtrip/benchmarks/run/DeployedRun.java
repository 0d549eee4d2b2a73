package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Report;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.report.Target;
import dev.roundtrip.benchmarks.stage.Stage;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One run of the packaged function in processes of its own, beside the same function in this process and beside the
 * bare round trips.
 */
public final class DeployedRun {
    private static final SignedCalls.Command ECHO = new SignedCalls.Command("echo", List.of("device-0"));

    private static final String HERE = "call, in this process";

    /** The names of rows, in their order; the figures of the references follow those of the calls. */
    private static final List<String> REFERENCES =
            List.of("HTTP, then MQTT, a thread waits", "bare MQTT round trip", "bare HTTP round trip");

    private final Plan plan;
    private final int many;
    private final Consumer<String> progress;
    private final List<Section> sections = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private final List<Table.Row> memory = new ArrayList<>();

    private DeployedRun(Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.many = Collections.max(plan.clients());
        this.progress = progress;
    }

    /** Measures.
     *
     * @param progress told what happens, one line each
     * @throws IOException when something does not start or connect, as on a machine without Linux
     * @throws InterruptedException when interrupted; everything is stopped then
     * @throws IllegalStateException when a question was never answered
     */
    public static Report measure(Plan plan, Consumer<String> progress) throws IOException, InterruptedException {
        return new DeployedRun(plan, progress).measure();
    }

    private Report measure() throws IOException, InterruptedException {
        Instant begun = Instant.now();
        Map<String, String> conditions = Conditions.deployed(plan);
        progress.accept("starting a cloud with the function in this process");
        try (Stage here = new Stage(ECHO.targets());
                Subjects references = Subjects.connect(here, ECHO, many)) {
            progress.accept("starting functions that take one call at a time");
            try (Functions functions = new Functions(ECHO, 1)) {
                oneAtATime(references, functions);
            }
            progress.accept("starting functions that take " + many + " calls at once");
            try (Functions functions = new Functions(ECHO, many)) {
                manyAtOnce(references, functions);
            }
        }
        progress.accept("measuring the three ways to listen, keys and order");
        for (int clients : List.of(1, many)) {
            sections.add(ListeningWays.measure(ListeningWays.Place.OWN_PROCESS, clients, plan));
        }
        sections.add(Section.of(
                "deployed-memory",
                "Memory of an environment",
                "What is resident of the process that the function runs in, as Linux tells (VmRSS, VmHWM): when it has"
                        + " started and waits for its first call, right after the calls above, and at most. The JVM"
                        + " sizes its heap for 512 MB where it takes one call at a time, and for 2 GB where it takes"
                        + " many.",
                new Table(
                        List.of(
                                new Table.Column("MB after the start", 0),
                                new Table.Column("MB after the calls", 0),
                                new Table.Column("MB at most", 0)),
                        memory)));
        return new Report(begun, conditions, targets, sections);
    }

    private void oneAtATime(Subjects references, Functions functions) throws InterruptedException {
        List<Sample> samples = turns(references, functions, 1);
        Sample inARow = samples.get(functions.calls().size() + 1);
        List<String> labels = labels(functions);
        List<Table.Row> rows = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            rows.add(Latencies.row(labels.get(i), samples.get(i)));
        }
        for (int i = 0; i <= functions.calls().size(); i++) {
            rows.add(Latencies.ratio(labels.get(i) + ", ÷ HTTP, then MQTT", samples.get(i), inARow));
        }
        sections.add(new Section(
                "deployed-warm-call",
                "Warm call as deployed, one client",
                "One client on one kept-alive connection signs each call anew and asks again as soon as it is answered."
                        + " The function runs from its package in a process of its own under AWS's runtime client and"
                        + " takes one call at a time, with a subscription for each call; in this process it is called"
                        + " directly, and all calls share one subscription."
                        + " In turns of " + plan.turn().toMillis() + " ms, " + plan.rounds()
                        + " of each. CPU time is that of all processes.",
                new Table(Latencies.COLUMNS, rows),
                List.of(Latencies.plot(
                        "How long one client waits",
                        Stream.iterate(0, i -> i + 1)
                                .limit(labels.size())
                                .map(i -> Latencies.line(labels.get(i), samples.get(i)))
                                .toList()))));
        targets.add(Target.atMost(
                "warm call in this process, p50 ÷ HTTP, then MQTT",
                WarmCall.MAX_ROW_RATIO,
                samples.getFirst().millis(50) / inARow.millis(50)));
        targets.add(Target.atMost("as deployed, one client, errors", 0, errors(samples)));
        sections.add(Parts.measure(functions.ordinary(), plan));
        memory.addAll(functions.memory());
    }

    private void manyAtOnce(Subjects references, Functions functions) throws InterruptedException {
        List<Sample> samples = turns(references, functions, many);
        Sample mqtt = samples.get(functions.calls().size() + 2);
        Sample http = samples.get(functions.calls().size() + 3);
        double reckoned = Throughput.inARow(http, mqtt);
        List<String> labels = labels(functions);
        List<Table.Row> rows = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            Sample sample = samples.get(i);
            rows.add(Table.Row.of(
                    labels.get(i),
                    sample.perSecond(),
                    sample.perSecond() / reckoned,
                    sample.millis(50),
                    sample.millis(99),
                    sample.cpuMicros(),
                    sample.errors()));
        }
        rows.add(
                Table.Row.of("1 ÷ (1 ÷ HTTP + 1 ÷ MQTT)", reckoned, 1, Double.NaN, Double.NaN, Double.NaN, Double.NaN));
        sections.add(Section.of(
                "deployed-throughput",
                "Throughput as deployed, " + many + " clients",
                many
                        + " clients that each ask again as soon as they are answered. One process of the function takes"
                        + " all of their calls at once, as on AWS Lambda Managed"
                        + " Instances, and all calls share one subscription; up to " + 4 * many
                        + " direct messages may be under way (MAX_DIRECT_MESSAGES). Each is held against the calls that"
                        + " would get through in a second if each were one bare HTTP and one bare MQTT round trip.",
                new Table(
                        List.of(
                                new Table.Column("per second", 0),
                                new Table.Column("÷ HTTP and MQTT", 2),
                                new Table.Column("p50 ms", 2),
                                new Table.Column("p99 ms", 2),
                                new Table.Column("CPU µs", 0),
                                new Table.Column("errors", 0)),
                        rows)));
        targets.add(Target.atLeast(
                "calls/s in this process at " + many + " clients ÷ HTTP and MQTT",
                Throughput.WANTED_OF_ROW,
                samples.getFirst().perSecond() / reckoned));
        targets.add(Target.atMost("as deployed, " + many + " clients, errors", 0, errors(samples)));
        memory.addAll(functions.memory());
    }

    private static List<String> labels(Functions functions) {
        return Stream.of(Stream.of(HERE), functions.calls().stream().map(Functions.Call::label), REFERENCES.stream())
                .flatMap(rows -> rows)
                .toList();
    }

    /** Warms up, and takes turns: the call in this process, those of the functions, and the references. */
    private List<Sample> turns(Subjects references, Functions functions, int clients) throws InterruptedException {
        List<Turns.Subject> subjects = Stream.of(
                        Stream.of(Turns.Subject.here(references.calls())),
                        functions.calls().stream().map(Functions.Call::subject),
                        Stream.of(references.inARow(), references.mqtt(), references.http())
                                .map(Turns.Subject::here))
                .flatMap(group -> group)
                .toList();
        String who = clients == 1 ? "one client" : clients + " clients";
        progress.accept("warming up, " + who);
        for (Turns.Subject subject : subjects) {
            warmUp(subject, clients);
        }
        progress.accept("measuring calls as deployed, " + who);
        return Turns.takeAll(subjects, clients, plan);
    }

    /** With more and more clients: hundreds of connections that a new process opens at once take longer than a call
     * may.
     */
    private void warmUp(Turns.Subject subject, int clients) throws InterruptedException {
        for (int share : new int[] {64, 16, 4, 1}) {
            subject.sample(Math.ceilDiv(clients, share), plan.warmUp().dividedBy(8))
                    .flawless();
        }
    }

    private static double errors(List<Sample> samples) {
        return samples.stream().mapToLong(Sample::errors).sum();
    }
}
