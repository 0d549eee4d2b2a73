package dev.roundtrip.local.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ProcessOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "--environments, 0, 'must be from 1 to 100, but is 0'",
        "--environments, 101, 'must be from 1 to 100, but is 101'",
        "--max-concurrency, 0, 'must be from 1 to 1600, but is 0'",
    })
    void number_out_of_range_is_refused_under_the_options_name(String option, String value, String reason) {
        StringWriter err = new StringWriter();
        CommandLine command = LocalCloudCommand.commandLine();
        command.setErr(new PrintWriter(err, true));

        int exit = command.execute("start", "--runtime", "process", option, value);

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains(": " + option + " " + reason);
    }
}
