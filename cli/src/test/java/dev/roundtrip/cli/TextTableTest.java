package dev.roundtrip.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void columns_are_as_wide_as_their_widest_cell() {
        TextTable table = new TextTable("name", ">ms", "note");

        table.add("pump", "7.1", "");
        table.add("a-long-name", "1234.0", "late");

        assertThat(table.lines(Integer.MAX_VALUE))
                .containsExactly("name             ms  note", "pump            7.1", "a-long-name  1234.0  late");
    }

    @Test
    void lines_are_cut_to_a_width() {
        TextTable table = new TextTable("topic");

        table.add("a/very/long/topic");

        assertThat(table.lines(10)).containsExactly("topic", "a/very/lo…");
    }

    @Test
    void a_row_must_have_a_cell_for_each_column() {
        TextTable table = new TextTable("one", "two");

        assertThatThrownBy(() -> table.add("1")).isInstanceOf(IllegalArgumentException.class);
    }
}
