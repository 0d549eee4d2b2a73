package dev.roundtrip.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "pump-1", "{\"température\":21}", "温度 😀"})
    void text_that_does_no_harm_stays_as_it_is(String text) {
        assertThat(Printable.of(text)).isEqualTo(text);
    }

    @Test
    void escape_sequences_lines_and_reordering_are_written_out() {
        assertThat(Printable.of("\u001b[2J\r\n\t\u0007\u009b\u202e\u2028\u200b"))
                .isEqualTo("\\u001b[2J\\u000d\\u000a\\u0009\\u0007\\u009b\\u202e\\u2028\\u200b");
    }

    @Test
    void a_lone_surrogate_is_written_out() {
        assertThat(Printable.of("a\ud800b")).isEqualTo("a\\ud800b");
    }

    @Test
    void a_cut_leaves_no_half_of_a_character() {
        assertThat(Printable.cut("abc😀def", 5)).isEqualTo("abc…");
        assertThat(Printable.cut("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Printable.cut("abcdef", 3)).isEqualTo("ab…");
    }
}
