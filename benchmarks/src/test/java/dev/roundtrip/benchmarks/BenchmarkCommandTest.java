package dev.roundtrip.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the command says before it measures anything. */
class BenchmarkCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return BenchmarkCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "hot --version", "cold-start --version", "cost --version"})
    void version_is_the_one_that_was_built(String arguments) {
        assertThat(run(arguments.split(" ", -1))).isZero();
        assertThat(out.toString()).matches("benchmark [0-9]+\\.[0-9]+\\..*\\R");
    }

    @Test
    void wrong_usage_is_told_in_one_line_with_the_way_to_the_help() {
        assertThat(run("cost", "--price=GOLD=1")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString().lines()).hasSize(2);
        assertThat(err.toString()).contains("GOLD", "Try 'benchmark cost --help'.");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void directory_that_cannot_be_made_is_told_in_one_line(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        int code = run("--quick", "--report", file.toString());

        assertThat(code).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains(file.toString(), "--report");
    }

    @Test
    void runtime_that_does_not_exist_is_wrong_usage_and_names_those_that_do(@TempDir Path directory) {
        int code = run("--quick", "--runtime", "container", "--report", directory.toString());

        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--runtime", "in-process", "process", "container");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void packaged_function_is_measured_only_where_asked_for(@TempDir Path directory) {
        CommandLine.ParseResult asked =
                BenchmarkCommand.commandLine().parseArgs("--runtime", "process", "--report", directory.toString());
        CommandLine.ParseResult unasked = BenchmarkCommand.commandLine().parseArgs();

        assertThat(asked.<RuntimeKind>matchedOptionValue("--runtime", RuntimeKind.IN_PROCESS))
                .isEqualTo(RuntimeKind.PROCESS);
        assertThat(unasked.commandSpec().findOption("--runtime").<RuntimeKind>getValue())
                .isEqualTo(RuntimeKind.IN_PROCESS);
    }
}
