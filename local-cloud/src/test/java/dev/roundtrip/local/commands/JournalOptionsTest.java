package dev.roundtrip.local.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.journal.Journal;
import dev.roundtrip.local.journal.JournalSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class JournalOptionsTest {
    @Command
    private static final class Line {
        @Mixin
        private final JournalOptions options = new JournalOptions();
    }

    private static JournalSettings settings(String... arguments) {
        Line line = new Line();
        CommandLine command = new CommandLine(line);
        command.parseArgs(arguments);
        return line.options.settings(command);
    }

    @Test
    void journal_is_kept_by_default_and_tells_everything() {
        assertThat(settings()).isEqualTo(JournalSettings.DEFAULT);
    }

    @Test
    void journal_is_off_when_the_user_says_so() {
        assertThat(settings("--no-journal").bounds()).isNull();
    }

    @Test
    void journal_keeps_no_payloads_when_the_user_says_so() {
        assertThat(settings("--no-payloads").bounds()).isEqualTo(Journal.Bounds.DEFAULT.withoutPayloads());
    }

    @Test
    void masks_are_pointers() {
        byte[] payload = "{\"a\":1,\"b\":2,\"c\":3}".getBytes(UTF_8);

        assertThat(settings("--mask", "/a", "--mask", "/b")
                        .masks()
                        .mask(payload, payload.length)
                        .text())
                .isEqualTo("{\"a\":\"***\",\"b\":\"***\",\"c\":3}");
    }

    @Test
    void mask_that_is_no_pointer_is_refused() {
        assertThatThrownBy(() -> settings("--mask", "password"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("/request/password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-payloads", "--mask=/a"})
    void journal_that_is_off_has_no_further_options(String option) {
        assertThatThrownBy(() -> settings("--no-journal", option)).isInstanceOf(ParameterException.class);
    }
}
