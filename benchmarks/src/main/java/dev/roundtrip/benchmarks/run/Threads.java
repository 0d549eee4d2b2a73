package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.ClosedLoop;
import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.benchmarks.load.ThreadTimes;
import dev.roundtrip.benchmarks.load.ThreadTimes.Time;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/** Which threads a round trip runs on: for how long, how long each of them waits for a processor, and how often it is
 * given one.
 */
final class Threads {
    private static final double MICROS = 1e3;

    private Threads() {}

    /** Threads that do one part of the work.
     *
     * @param label the part
     * @param names what their names begin with
     */
    private record Part(String label, List<String> names) {
        boolean has(Time time) {
            return names.stream().anyMatch(name -> time.name().startsWith(name));
        }
    }

    private static final List<Part> PARTS = List.of(
            new Part("HTTP client", List.of("caller-http")),
            new Part("HTTP front's event loop", List.of("http-")),
            new Part("virtual threads", List.of("ForkJoinPool")),
            new Part("event loops of gateway and device", List.of("AwsEventLoop")),
            new Part("broker", List.of("broker")),
            new Part("compilers", List.of("C1 Compiler", "C2 Compiler")),
            new Part("collector", List.of("GC Thread", "VM Thread")));

    /** What was spent on one kind of round trip.
     *
     * @param count how many were answered
     */
    private record Spent(Collection<Time> times, long count) {
        static Spent on(RoundTrips subject, int clients, Plan plan) throws InterruptedException {
            ThreadTimes before = ThreadTimes.now();
            long count =
                    ClosedLoop.run(subject, clients, plan.turn()).flawless().count();
            return new Spent(ThreadTimes.now().since(before).byThread().values(), count);
        }

        List<Number> figures(Part part) {
            return figures(times.stream().filter(part::has).toList());
        }

        List<Number> rest() {
            return figures(times.stream()
                    .filter(time -> PARTS.stream().noneMatch(part -> part.has(time)))
                    .toList());
        }

        List<Number> all() {
            return figures(times);
        }

        private List<Number> figures(Collection<Time> of) {
            return List.of(each(of, Time::cpuNanos) / MICROS, each(of, Time::waitNanos) / MICROS, each(of, Time::runs));
        }

        private double each(Collection<Time> of, ToLongFunction<Time> figure) {
            return times.isEmpty()
                    ? Double.NaN
                    : (double) of.stream().mapToLong(figure).sum() / Math.max(1, count);
        }
    }

    /** Measures with that many clients. */
    static Section measure(Subjects subjects, int clients, Plan plan) throws InterruptedException {
        List<Spent> spent = List.of(
                Spent.on(subjects.calls(), clients, plan),
                Spent.on(subjects.mqtt(), clients, plan),
                Spent.on(subjects.http(), clients, plan),
                Spent.on(subjects.inARow(), clients, plan));
        String who = clients == 1 ? "one client" : clients + " clients";
        return Section.of(
                "threads-" + clients,
                "Threads of a round trip, " + who,
                "What the kernel's scheduler tells of every thread of this process while " + who
                        + " ask again as soon as they are answered, for each answer: how long its threads ran, how long"
                        + " they could have run and had to wait for a processor, and how often they were given one."
                        + " First for signed calls, then for bare MQTT, then for bare HTTP, then for HTTP and MQTT in a"
                        + " row, with a thread that waits for each; for "
                        + plan.turn().toMillis()
                        + " ms each. Work that an answer does not wait for, such as acknowledgements, is in it; threads"
                        + " that ended meanwhile are not.",
                table(spent));
    }

    private static Table table(List<Spent> spent) {
        List<Table.Column> columns = new ArrayList<>();
        for (String subject : List.of("call", "MQTT", "HTTP", "row")) {
            columns.add(new Table.Column(subject + " CPU µs", 1));
            columns.add(new Table.Column(subject + " waits µs", 1));
            columns.add(new Table.Column(subject + " runs", 1));
        }
        List<Table.Row> rows = new ArrayList<>();
        for (Part part : PARTS) {
            rows.add(row(
                    part.label(), spent.stream().map(one -> one.figures(part)).toList()));
        }
        rows.add(row("others", spent.stream().map(Spent::rest).toList()));
        rows.add(row("all", spent.stream().map(Spent::all).toList()));
        return new Table(columns, rows);
    }

    private static Table.Row row(String label, List<List<Number>> figures) {
        return Table.Row.of(label, figures.stream().flatMap(List::stream).toArray(Number[]::new));
    }
}
