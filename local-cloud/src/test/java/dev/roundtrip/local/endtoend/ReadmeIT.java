package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first examples of README.md, with the local cloud that README.md starts for them. */
class ReadmeIT {
    private static final String README = "../README.md";
    private static final String START = "bin/local-cloud start --device my-device --device-shadow";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @Test
    void first_examples_do_what_they_say() throws Exception {
        PageRunner.requireCli();
        String start = Files.readAllLines(Path.of(README)).stream()
                .filter(line -> line.startsWith(START))
                .findFirst()
                .orElseThrow();
        List<String> words = new ArrayList<>(List.of(start.split(" ")).subList(1, start.split(" ").length));
        words.addAll(List.of("--api-port", "0", "--mqtt-port", "0", "--wss-port", "0"));

        try (Programs programs = new Programs(directory)) {
            Process cloud = programs.localCloud(Map.of(), words.toArray(String[]::new));
            var unused = Programs.until(cloud.inputReader(), "Ctrl-C");

            String printed = new PageRunner(directory).run("../README.md");

            assertThat(printed)
                    .contains(
                            "Your request was 'hello'.",
                            "\"response\":42",
                            "\"state\":{\"desired\":{\"on\":true}}",
                            "\"jobId\": \"first\"",
                            "\"commandId\": \"first\"",
                            "\"executionTimeoutSeconds\": 10",
                            "\"templateName\": \"first\"");
        }
    }
}
