package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs whose standard streams are closed, or cannot be written. */
class ClosedStreamIT {
    private static final Map<String, String> CREDENTIALS =
            Map.of("AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", "secret", "AWS_REGION", "eu-central-1");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Programs programs;

    @BeforeEach
    void open() {
        programs = new Programs(directory);
    }

    @AfterEach
    void stop() {
        programs.close();
    }

    /** Runs a program under a shell that has done something to its streams, and then what the launcher does about it.
     */
    private Process withStreams(String redirections, String main, String... arguments) throws Exception {
        String guard = Files.readAllLines(Path.of("../bin/.launch")).stream()
                .dropWhile(line -> !line.startsWith("# A standard stream that is closed"))
                .takeWhile(line -> !line.isBlank())
                .collect(Collectors.joining("\n"));
        assertThat(guard).contains("exec 0>/dev/null");
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "set -eu\nexec " + redirections + "\n" + guard + "\nexec \"$@\"", "launch"));
        command.addAll(Programs.command(main, List.of(arguments)));
        return programs.shell(command, CREDENTIALS);
    }

    @Test
    void closed_standard_input_is_one_line() throws Exception {
        Process client = withStreams("0<&-", "dev.roundtrip.sigv4.Main", "-d", "-", "http://127.0.0.1:1/");

        assertThat(Programs.output(client)).isEmpty();
        assertThat(client.exitValue()).isEqualTo(2);
        assertThat(programs.errors(client).lines().findFirst().orElse(""))
                .startsWith("sigv4-client: ")
                .contains("standard input");
    }

    @Test
    void closed_standard_input_that_is_not_needed_is_no_matter() throws Exception {
        Process client = withStreams("0<&-", "dev.roundtrip.sigv4.Main", "--dry-run", "http://127.0.0.1:1/");

        assertThat(Programs.output(client)).contains("Authorization: ");
        assertThat(client.exitValue()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "dev.roundtrip.local.Main, --help",
        "dev.roundtrip.local.Main, --version",
        "dev.roundtrip.local.Main, start --help",
        "dev.roundtrip.local.Main, provision pump --state state",
        "dev.roundtrip.local.Main, demo",
        "dev.roundtrip.local.Main, start --api-port 0 --mqtt-port 0 --wss-port 0 --state state",
        "dev.roundtrip.simulator.Main, --help",
        "dev.roundtrip.sigv4.Main, --help",
        "dev.roundtrip.sigv4.Main, --version",
        "dev.roundtrip.sigv4.Main, --dry-run http://127.0.0.1:1/",
        "dev.roundtrip.sigv4.Main, --curl http://127.0.0.1:1/",
    })
    void result_that_cannot_be_written_is_a_failure_with_its_reason(String main, String arguments) throws Exception {
        for (String redirection : List.of(">/dev/full", ">&-")) {
            Process program = withStreams(redirection, main, arguments.split(" "));

            assertThat(Programs.output(program)).isEmpty();
            assertThat(program.exitValue()).as(redirection).isEqualTo(1);
            assertThat(programs.errors(program)).contains("cannot be written: ").hasLineCount(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dev.roundtrip.local.Main, start --help",
        "dev.roundtrip.simulator.Main, --help",
        "dev.roundtrip.sigv4.Main, --help",
    })
    void reader_that_has_left_is_no_failure(String main, String arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", "-c", "\"$@\" | true; exit ${PIPESTATUS[0]}", "pipe"));
        command.addAll(Programs.command(main, List.of(arguments.split(" "))));

        Process program = programs.shell(command, CREDENTIALS);

        assertThat(Programs.output(program)).isEmpty();
        assertThat(program.exitValue()).isZero();
        assertThat(programs.errors(program)).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX) // Elsewhere the next event ends it.
    void command_that_follows_ends_when_its_reader_has_left_though_nothing_happens() throws Exception {
        Process cloud = programs.start(Map.of()).process();
        for (String follow : List.of("watch", "watch --json", "traffic #", "logs --follow")) {
            List<String> command =
                    new ArrayList<>(List.of("bash", "-c", "\"$@\" | true; exit ${PIPESTATUS[0]}", "pipe"));
            command.addAll(
                    Programs.command("dev.roundtrip.local.Main", List.of((follow + " --state state").split(" "))));

            Process program = programs.shell(command, CREDENTIALS);

            assertThat(Programs.output(program)).as(follow).isEmpty();
            assertThat(program.exitValue()).as(follow).isZero();
            assertThat(programs.errors(program)).as(follow).isEmpty();
        }
        assertThat(cloud.isAlive()).isTrue();
    }

    @Test
    void closed_standard_error_leaves_the_result_alone() throws Exception {
        Process client = withStreams("2>&-", "dev.roundtrip.sigv4.Main", "-v", "--dry-run", "http://127.0.0.1:1/");

        assertThat(Programs.output(client)).contains("Authorization: ").doesNotContain("* region");
        assertThat(client.exitValue()).isZero();
    }
}
