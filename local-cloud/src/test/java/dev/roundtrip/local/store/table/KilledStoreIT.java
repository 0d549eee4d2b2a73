package dev.roundtrip.local.store.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that write to a store and die in the middle, or have no room. */
class KilledStoreIT {
    private static final int KILLS = Integer.getInteger("store.kills", 40);
    private static final long SEED = Long.getLong("store.seed", 11);
    private static final int BETWEEN = 100_000;
    /** More than the native library of SQLite has, which is unpacked first. */
    private static final String KILOBYTES = "4000";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private Path file() {
        return directory.resolve("services.db");
    }

    private ProcessBuilder writer(String... before) {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                TableWriter.class.getName(),
                file().toString()));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static Process start(ProcessBuilder builder, String... arguments) throws IOException {
        builder.command().addAll(List.of(arguments));
        return builder.start();
    }

    /** The death of a process is no power cut: of that nothing is said here. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void nothing_acknowledged_is_lost_and_nothing_is_half_there() throws Exception {
        Random random = new Random(SEED);
        List<Integer> acknowledged = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            acknowledged.addAll(killed(kill * BETWEEN, random.nextInt(300)));
            judge(acknowledged);
        }
        assertThat(acknowledged).as("writes that were acknowledged").hasSizeGreaterThan(KILLS);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString())).containsExactly("services.db");
        }
    }

    /** Starts a writer, kills it after so many acknowledged writes, and returns what it acknowledged. */
    private List<Integer> killed(int first, int after) throws Exception {
        Process process = start(writer(), String.valueOf(first), "kill");
        List<Integer> acknowledged = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            String line = lines.readLine();
            while (line != null) {
                acknowledged.add(Integer.valueOf(line));
                if (acknowledged.size() == after + 1) {
                    process.toHandle().destroyForcibly(); // The process itself would close what it has printed.
                }
                line = lines.readLine();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return acknowledged;
    }

    private void judge(List<Integer> acknowledged) {
        try (TableStore store = SqliteTables.at(file())) {
            List<String> lost = new ArrayList<>();
            List<List<String>> keys = store.read(rows -> {
                for (int number : acknowledged) {
                    String key = TableWriter.key(number);
                    String value = rows.get(TableWriter.EVENS, key)
                            .map(bytes -> new String(bytes, UTF_8))
                            .orElse("");
                    if (!value.equals(String.valueOf(number))) {
                        lost.add(key);
                    }
                }
                return List.of(keys(rows, TableWriter.EVENS), keys(rows, TableWriter.ODDS));
            });
            assertThat(lost).as("acknowledged, and not there").isEmpty();
            assertThat(keys.getFirst()).as("transactions that are half there").isEqualTo(keys.getLast());
        }
    }

    private static List<String> keys(TableStore.Snapshot rows, Table table) {
        return rows.page(table, "", "", Integer.MAX_VALUE).stream()
                .map(Row::key)
                .toList();
    }

    /** The limit on the size of files stands for a disk that is full. */
    @Test
    @Timeout(120)
    void store_without_room_refuses_and_goes_on_when_there_is_room() throws Exception {
        Process process =
                start(writer("bash", "-c", "ulimit -f " + KILOBYTES + "; exec \"$@\"", "writer"), "0", "full");
        List<String> lines;
        try (BufferedReader reader = process.inputReader(UTF_8)) {
            lines = reader.lines().toList();
        }
        assertThat(process.waitFor()).isZero();
        assertThat(lines).hasSize(2);
        int count = Integer.parseInt(lines.getFirst().replaceFirst("refused after (\\d+):.*", "$1"));
        assertThat(lines.getFirst()).contains("the disk", "then try again");
        assertThat(lines.getLast()).isEqualTo("written " + count);

        try (TableStore store = SqliteTables.at(file())) {
            List<String> keys = store.read(rows -> keys(rows, TableWriter.EVENS));
            assertThat(keys).hasSize(count - count / 2 + 1).startsWith(TableWriter.key(count / 2));
            assertThat(keys).isEqualTo(store.read(rows -> keys(rows, TableWriter.ODDS)));
        }
    }
}
