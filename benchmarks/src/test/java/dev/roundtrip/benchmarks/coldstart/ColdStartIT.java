package dev.roundtrip.benchmarks.coldstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The measurement measures: processes start, answer, end, and what they took is told. */
class ColdStartIT {

    @Test
    void one_variant_is_started_and_told_of(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("figures.json");
        StringWriter table = new StringWriter();
        CommandLine command = new CommandLine(new ColdStartCommand()).setOut(new PrintWriter(table));

        int code = command.execute("--only", "as deployed", "--runs", "1", "--json", json.toString());

        assertThat(code).isZero();
        assertThat(table.toString()).contains("| as deployed, no snapshot |");
        JsonNode rows = Json.mapper().readTree(Files.readString(json)).path("variants");
        assertThat(rows).hasSize(1);
        assertThat(rows.path(0).path("ready").path("median").doubleValue()).isPositive();
        assertThat(rows.path(0).path("answer").path("median").doubleValue()).isPositive();
        assertThat(rows.path(0).path("starts")).hasSize(1);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void file_that_cannot_be_written_is_wrong_usage(@TempDir Path directory) {
        CommandLine command = new CommandLine(new ColdStartCommand()).setErr(new PrintWriter(new StringWriter()));

        String nowhere = directory.resolve("missing").resolve("figures.json").toString();

        assertThat(command.execute("--only", "as deployed", "--runs", "1", "--json", nowhere))
                .isEqualTo(CommandLine.ExitCode.USAGE);
    }

    @Test
    void variant_that_does_not_exist_is_wrong_usage() {
        CommandLine command = new CommandLine(new ColdStartCommand()).setErr(new PrintWriter(new StringWriter()));

        assertThat(command.execute("--only", "no such variant")).isEqualTo(CommandLine.ExitCode.USAGE);
    }
}
