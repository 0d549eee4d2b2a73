package dev.roundtrip.local.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;

class CallLineTest {
    private static final CallLine CALL = new CallLine(
            Instant.parse("2026-11-28T08:30:28.839Z"),
            "invalid_parameters",
            400,
            "1010.2",
            "a-pump-with-a-long-name.start",
            "local-account-of-somebody",
            "nobody ever connected");

    @ParameterizedTest
    @ValueSource(ints = {80, 100, 120, 200})
    void titles_and_lines_have_no_more_columns_than_the_screen(int columns) {
        Screen screen = new Screen(columns, Ansi.OFF);
        assertThat(CallLine.head(screen)).hasSizeLessThanOrEqualTo(columns).endsWith("cause");
        assertThat(CALL.text(screen)).hasSizeLessThanOrEqualTo(columns);
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 100})
    void cause_begins_below_its_title_on_a_narrow_screen(int columns) {
        Screen screen = new Screen(columns, Ansi.OFF);
        int at = CallLine.head(screen).indexOf("cause");
        assertThat(CALL.text(screen).substring(at)).startsWith("nobody ever");
    }

    @Test
    void whoever_reads_lines_of_any_length_gets_whole_words() {
        assertThat(CALL.text(Screen.NONE))
                .contains("invalid_parameters")
                .contains("a-pump-with-a-long-name.start")
                .contains("local-account-of-somebody")
                .endsWith("nobody ever connected");
    }

    @Test
    void colour_of_a_terminal_ends_with_the_line() {
        assertThat(CALL.text(new Screen(80, Ansi.ON))).startsWith("\u001b[31m").endsWith("\u001b[0m");
    }
}
