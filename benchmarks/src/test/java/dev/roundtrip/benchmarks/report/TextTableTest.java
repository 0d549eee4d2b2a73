package dev.roundtrip.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Every table is printed in the same way. */
class TextTableTest {
    private static final TextTable TABLE = new TextTable(
            List.of("", "calls/s", "note"), List.of(List.of("one client", "1,736", ""), List.of("8", "9", "met")));

    @Test
    void terminal_gets_names_to_the_left_and_figures_to_the_right_and_no_space_where_a_line_ends() {
        assertThat(TABLE.text()).isEqualTo("""
                            calls/s  note
                one client    1,736
                8                 9   met""");
    }

    @Test
    void document_gets_the_same_cells() {
        assertThat(TABLE.markdown()).isEqualTo("""
                |  | calls/s | note |
                |---|---:|---:|
                | one client | 1,736 |  |
                | 8 | 9 | met |""");
    }

    @Test
    void row_of_another_length_is_refused() {
        assertThatThrownBy(() -> new TextTable(List.of("a", "b"), List.of(List.of("only one"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
