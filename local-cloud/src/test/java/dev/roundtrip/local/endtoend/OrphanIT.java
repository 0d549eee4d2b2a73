package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.Main;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The function's processes never outlive the local cloud, however it ends. */
class OrphanIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @ParameterizedTest
    @ValueSource(strings = {"--freeze", "--snap-start"})
    void killed_cloud_leaves_no_process_behind(String option) throws Exception {
        Process cloud = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "start",
                        "--runtime=process",
                        option,
                        "--state=" + state,
                        "--api-port=0",
                        "--mqtt-port=0",
                        "--wss-port=0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader printed = cloud.inputReader()) {
            assertThat(printed.lines().anyMatch(line -> line.startsWith("Ctrl-C")))
                    .isTrue();
            // A shell, its reader, and the function.
            List<ProcessHandle> functions = await().atMost(PATIENCE)
                    .until(() -> cloud.descendants().toList(), processes -> processes.size() == 3);

            cloud.destroyForcibly();

            await().atMost(PATIENCE).until(() -> functions.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            Stream.concat(cloud.descendants(), Stream.of(cloud.toHandle())).forEach(ProcessHandle::destroyForcibly);
        }
    }
}
