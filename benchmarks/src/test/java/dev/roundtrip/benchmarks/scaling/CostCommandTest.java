package dev.roundtrip.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CostCommandTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "scaling.md");

    private record Outcome(int exitCode, String out, String err) {}

    private static Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = new CommandLine(new CostCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Outcome(exitCode, out.toString(), err.toString());
    }

    private static List<String> tables(String text) {
        return Stream.of(text.split("\n\n", -1))
                .map(String::strip)
                .filter(block -> block.startsWith("|"))
                .toList();
    }

    @Test
    void document_quotes_every_table_as_it_is_printed_and_in_its_order() throws Exception {
        List<String> printed = tables(run("--markdown").out());

        List<String> quoted = tables(Files.readString(DOCUMENT));

        assertThat(printed).hasSize(8);
        assertThat(quoted).containsSubsequence(printed);
    }

    @Test
    void other_prices_and_loads_are_taken() {
        Outcome outcome = run(
                "--markdown",
                "--latency=2s",
                "--memory=1024",
                "--calls-per-second=5",
                "--devices=7",
                "--price=MESSAGE=0");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .contains("| IoT Core message of 5 KB | 0 | 1 M | - | - | given |")
                .contains("| 2 s, 1024 MB | ")
                .contains("\n| 5 | ")
                .contains("\n| 7 | ");
    }

    @Test
    void terminal_gets_columns_under_their_words() {
        List<String> lines = run().out().lines().toList();

        assertThat(lines.getFirst()).startsWith("USD per million calls");
        String title = Pattern.PER_CALL.title;
        // Figures end where the word above them ends.
        assertThat(lines.get(3).substring(0, lines.get(2).indexOf(title) + title.length()))
                .matches(".*[0-9]\\.[0-9]{2}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--latency=0s",
                "--latency=soon",
                "--memory=0",
                "--calls-per-second=0",
                "--utilisation=0",
                "--price=MESSAGE=-1",
                "--price=GOLD=1"
            })
    void wrong_usage_is_told(String argument) {
        Outcome outcome = run(argument);

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("Usage: cost");
        assertThat(outcome.out()).isEmpty();
    }
}
