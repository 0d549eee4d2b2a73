package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.commands.LocalCloudCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The example in the help of each command, run as it is written by a shell. */
class HelpExamplesIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Programs programs;

    @BeforeEach
    void begin() throws IOException {
        programs = new Programs(directory);
        launcher("local-cloud", "dev.roundtrip.local.Main");
        launcher("device-simulator", "dev.roundtrip.simulator.Main");
    }

    @AfterEach
    void end() {
        programs.close();
    }

    /** Stands in for a launcher. What listens takes free ports, for other clouds may run on this machine. */
    private void launcher(String program, String main) throws IOException {
        String java = Programs.command(main, List.of()).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        Path file = Files.createDirectories(directory.resolve("bin")).resolve(program);
        Files.writeString(file, """
                #!/bin/sh
                if [ "$1" = start ]; then
                    shift
                    set -- start --api-port 0 --mqtt-port 0 --wss-port 0 "$@"
                fi
                exec %s "$@"
                """.formatted(java));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static List<String> example(CommandLine command) {
        return Arrays.stream(command.getCommandSpec().usageMessage().footer())
                .map(line -> line.replace("${ROOT-COMMAND-NAME}", "local-cloud"))
                .toList();
    }

    private static List<String> example(String name) {
        CommandLine command = LocalCloudCommand.commandLine();
        return example(
                name.isEmpty()
                        ? command
                        : Objects.requireNonNull(command.getSubcommands().get(name)));
    }

    private Process shell(List<String> lines) throws IOException {
        return programs.shell(List.of("/bin/bash", "-e", "-c", String.join("\n", lines)), Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo", "provision", "caller", "completion"})
    void example_of_a_command_that_ends_runs(String name) throws Exception {
        Process shell = shell(example(name));

        Programs.output(shell);

        assertThat(shell.exitValue()).as(programs.errors(shell)).isZero();
        assertThat(programs.errors(shell)).isEmpty();
    }

    @Test
    void example_of_start_runs() throws Exception {
        Process shell = shell(example("start"));

        assertThat(Programs.until(shell.inputReader(), "Ctrl-C")).anyMatch(line -> line.contains("device-3"));
        shell.descendants().forEach(ProcessHandle::destroy);
    }

    @Test
    void example_of_check_device_runs_beside_a_cloud_in_another_shell() throws Exception {
        List<String> example = example("check-device");
        Process cloud = shell(List.of("exec " + example.getFirst()));
        Programs.until(cloud.inputReader(), "Ctrl-C");

        Process check = shell(example.subList(1, example.size()));

        assertThat(Programs.output(check)).contains("kept");
        assertThat(check.exitValue()).as(programs.errors(check)).isZero();
    }
}
