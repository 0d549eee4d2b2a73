package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/call.md, run as they stand. */
class DocumentedCallIT {
    private static final Path DOCUMENT = Path.of("../docs/call.md");

    /** Source: POSIX, "Shell Command Language", 2.8.2. */
    private static final int COMMAND_NOT_FOUND = 127;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Programs programs;

    @BeforeEach
    void start() throws IOException {
        programs = new Programs(directory);
        programs.start(Map.of(), "--device", "my-device");
    }

    @AfterEach
    void stop() {
        programs.close();
    }

    /** The first block of a language under a heading. */
    private static String example(String heading, String language) throws IOException {
        return Pattern.compile("(?s)\n## " + heading + "\n.*?\n```" + language + "\n(.*?)\n```")
                .matcher(Files.readString(DOCUMENT))
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + language + " under " + heading))
                .group(1);
    }

    @Test
    void java_example_calls_the_device() throws Exception {
        Path source = Files.writeString(directory.resolve("Call.java"), example("Java", "java"));
        List<String> command = List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--class-path",
                System.getProperty("java.class.path"),
                source.toString());

        Process call = programs.shell(command, programs.environment());

        assertThat(Programs.output(call)).startsWith("200 {\"result\":\"ok\"").contains("\"response\":42");
    }

    @Test
    void curl_example_calls_the_device() throws Exception {
        Map<String, String> environment = programs.environment();
        environment.put("no_proxy", "127.0.0.1");

        Process calls = programs.shell(List.of("sh", "-eu", "-c", example("curl", "sh")), environment);

        String answers = Programs.output(calls);
        if (calls.exitValue() == COMMAND_NOT_FOUND) {
            abort("curl is not installed; its example goes untested here");
        }
        assertThat(answers).contains("\"response\":\"hello world\"", "\"response\":42");
    }
}
