package dev.roundtrip.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class HelpWidthTest {
    private static final Map<String, String> NOTHING = Map.of();

    @ParameterizedTest
    @CsvSource({"100,100", "1,80", "79,80", "80,80", "120,120", "121,120", "999999,120", "0,80"})
    void columns_of_the_environment_count_within_floor_and_ceiling(String columns, int width) {
        assertThat(HelpWidth.columns(Map.of("COLUMNS", columns), Set::of, Optional::empty))
                .isEqualTo(width);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wide", "-5", "1e2", "12345678901234567890"})
    void columns_that_are_no_number_do_not_count(String columns) {
        assertThat(HelpWidth.columns(Map.of("COLUMNS", columns), Set::of, Optional::empty))
                .isEqualTo(80);
    }

    @Test
    void terminal_is_asked_where_somebody_watches_and_nowhere_else() {
        assertThat(HelpWidth.columns(NOTHING, () -> Set.of(StandardStream.OUT), () -> Optional.of(97)))
                .isEqualTo(97);
        assertThat(HelpWidth.columns(NOTHING, () -> Set.of(StandardStream.OUT), Optional::empty))
                .isEqualTo(80);
        assertThat(HelpWidth.columns(NOTHING, () -> Set.of(StandardStream.ERR), () -> {
                    throw new AssertionError("nobody reads help on standard error");
                }))
                .isEqualTo(80);
    }

    @Test
    void size_of_a_terminal_is_rows_and_columns() {
        assertThat(HelpWidth.read("24 132\n")).contains(132);
        assertThat(HelpWidth.read("stty: standard input: Inappropriate ioctl for device"))
                .isEmpty();
        assertThat(HelpWidth.read("")).isEmpty();
    }

    @Test
    void help_is_as_wide_as_it_is_told() {
        String narrow = help("40");
        String wide = help("120");

        assertThat(narrow.lines()).allMatch(line -> line.length() <= 80);
        assertThat(wide.lines()).anyMatch(line -> line.length() > 80).allMatch(line -> line.length() <= 120);
    }

    private static String help(String columns) {
        return new CommandLine(new Wordy())
                .setHelpFactory(HelpWidth.of(Map.of("COLUMNS", columns), Set::of))
                .getUsageMessage();
    }

    @Command(
            name = "wordy",
            description = "A sentence that is much longer than a narrow terminal is wide, so that it has to be broken"
                    + " somewhere, and that is long enough for two lines of a wide terminal as well.")
    private static final class Wordy {}
}
