package dev.roundtrip.benchmarks.coldstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.benchmarks.Main;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who stops the measurement gets the machine back as it was. */
class ColdStartStopIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The next round may begin before the signal arrives. */
    private static final Pattern ROUND = Pattern.compile("benchmark: round \\d+ of \\d+");

    @Test
    void sigterm_leaves_neither_processes_nor_files(@TempDir Path temporary) throws Exception {
        Process benchmark = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "cold-start",
                        "--only",
                        "as deployed",
                        "--json",
                        temporary.resolve("never-written.json").toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader told = benchmark.inputReader()) {
            assertThat(told.lines().anyMatch(line -> line.contains("round 2 of")))
                    .isTrue();
            List<ProcessHandle> functions = await().atMost(PATIENCE)
                    .until(() -> benchmark.descendants().toList(), started -> !started.isEmpty());

            // Unlike the process itself, its handle leaves the streams open.
            benchmark.toHandle().destroy();

            assertThat(told.lines().filter(line -> !ROUND.matcher(line).matches()))
                    .containsExactly("benchmark: stopped before everything was measured");
            assertThat(benchmark.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(functions).noneMatch(ProcessHandle::isAlive);
            try (Stream<Path> left = Files.list(temporary)) {
                assertThat(left).noneMatch(file -> file.getFileName().toString().startsWith("roundtrip-"));
            }
        } finally {
            benchmark.destroyForcibly();
        }
    }
}
