package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.report.Target;
import dev.roundtrip.benchmarks.subject.StoreWork;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.SqliteTables;
import dev.roundtrip.local.store.table.TableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What the store of tables writes and reads, in a file and in memory, without a service above it. */
final class StoreSpeed {
    private static final int ROWS = 100;

    private StoreSpeed() {}

    static List<Outcome> measure(ShadowPlan plan, Consumer<String> progress) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(
                "roundtrip-benchmark",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (TableStore file = SqliteTables.at(directory.resolve("tables.db"));
                TableStore memory = new InMemoryTables()) {
            int most = Collections.max(plan.plan().clients());
            List<Outcome> outcomes = new ArrayList<>();
            for (int clients : new TreeSet<>(List.of(1, most))) {
                progress.accept("measuring the store, " + clients + " at once");
                outcomes.add(measure(plan.plan(), clients, file, memory));
            }
            return outcomes;
        } finally {
            delete(directory);
        }
    }

    private static Outcome measure(Plan plan, int clients, TableStore file, TableStore memory)
            throws InterruptedException {
        List<String> labels = List.of(
                "a virtual thread alone",
                "write a row, in a file",
                "write " + ROWS + " rows in one transaction, in a file",
                "read a row, in a file",
                "write a row, in memory",
                "read a row, in memory");
        List<StoreWork> works = List.of(
                StoreWork.nothing(clients),
                StoreWork.writes(file, clients, 1),
                StoreWork.writes(file, clients, ROWS),
                StoreWork.reads(file, clients),
                StoreWork.writes(memory, clients, 1),
                StoreWork.reads(memory, clients));
        try {
            for (StoreWork work : works) {
                Turns.Subject.here(work).sample(clients, plan.turn().dividedBy(2));
            }
            return outcome(clients, labels, Turns.take(works, clients, plan));
        } finally {
            works.forEach(StoreWork::close);
        }
    }

    private static Outcome outcome(int clients, List<String> labels, List<Sample> samples) {
        Sample alone = samples.getFirst();
        List<Table.Row> rows = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            rows.add(Table.Row.of(
                    labels.get(i),
                    sample.perSecond(),
                    sample.perSecond() / alone.perSecond(),
                    sample.millis(50),
                    sample.millis(99),
                    sample.cpuMicros(),
                    sample.errors()));
        }
        long errors = samples.stream().mapToLong(Sample::errors).sum();
        return new Outcome(
                Section.of(
                        "store-" + clients,
                        "The store of tables, " + (clients == 1 ? "one" : clients) + " at once",
                        "Rows of 512 bytes. Each client asks again as soon as the store returns, on a new virtual"
                                + " thread. Writes that wait at the same time share a commit. Rows of the table take"
                                + " turns.",
                        new Table(
                                List.of(
                                        new Table.Column("per second", 0),
                                        new Table.Column("÷ thread alone", 3),
                                        new Table.Column("p50 ms", 3),
                                        new Table.Column("p99 ms", 3),
                                        new Table.Column("CPU µs", 1),
                                        new Table.Column("errors", 0)),
                                rows)),
                List.of(Target.atMost("store, " + clients + " at once, errors", 0, (double) errors)));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.delete(directory);
    }
}
