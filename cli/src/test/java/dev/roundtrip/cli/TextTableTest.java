package dev.roundtrip.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.roundtrip.cli.TextTable.Align;
import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void columns_are_as_wide_as_what_is_in_them() {
        TextTable table = new TextTable(Align.LEFT, Align.RIGHT, Align.LEFT);
        table.row("device", "calls", "");
        table.row("lämp-1", "7", "slow");
        table.row("", "12345678", "");

        assertThat(table.lines()).containsExactly("device      calls", "lämp-1          7   slow", "         12345678");
    }

    @Test
    void row_with_another_number_of_cells_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextTable(Align.LEFT).row("a", "b"))
                .withMessageContaining("1 cells");
    }

    @Test
    void lines_are_cut_to_a_width() {
        TextTable table = new TextTable(Align.LEFT);

        table.row("topic");
        table.row("a/very/long/topic");

        assertThat(table.lines(10)).containsExactly("topic", "a/very/lo…");
    }
}
