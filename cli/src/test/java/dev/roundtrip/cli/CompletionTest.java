package dev.roundtrip.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class CompletionTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @SuppressWarnings("UnusedVariable") // Its options are there to be completed.
    @Command(name = "two-words", subcommands = CompletionCommand.class)
    private static final class Program implements Runnable {
        @Option(names = "--file")
        private Path file = Path.of("");

        @Option(names = "--force")
        private boolean force;

        @Parameters
        private String url = "";

        @Override
        public void run() {
            throw new AssertionError("nobody asked for it");
        }
    }

    private int run(String... arguments) {
        return new CommandLine(new Program())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setParameterExceptionHandler(new WrongUsage("two-words"))
                .execute(arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void script_is_printed_although_the_program_has_parameters_of_its_own(String shell) {
        assertThat(run("completion", shell)).isZero();

        assertThat(out.toString()).contains("complete ", "two-words", "--force", "bashcompinit");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"completion", "completion fish", "completion BASH"})
    void other_shells_are_wrong_usage(String arguments) {
        assertThat(run(arguments.split(" ", -1))).isEqualTo(2);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("bash or zsh", "two-words completion --help");
    }

    @Test
    void bash_completes_options_and_commands_with_the_script(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash");
        run("completion", "bash");
        Path script = Files.writeString(directory.resolve("script"), out.toString());

        assertThat(completed(script, "--")).contains("--file", "--force");
        assertThat(completed(script, "comp")).containsExactly("completion");
        assertThat(completed(script, "completion", "z")).containsExactly("zsh");
    }

    /** What bash offers for the last word, as it does when somebody presses the tabulator. */
    private static List<String> completed(Path script, String... words) throws IOException, InterruptedException {
        String line = ". \"$1\"; shift; COMP_WORDS=(bin/two-words \"$@\"); COMP_CWORD=$#;"
                + " name=$(complete -p two-words | sed 's/.*-F \\([^ ]*\\).*/\\1/'); $name; printf '%s\\n' \"${COMPREPLY[@]}\"";
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", "-c", line, "bash", script.toString());
        builder.command().addAll(List.of(words));
        // compopt complains where no key was pressed.
        Process bash = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said.lines().map(String::strip).filter(word -> !word.isEmpty()).toList();
    }
}
