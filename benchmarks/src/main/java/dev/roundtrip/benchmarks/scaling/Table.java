package dev.roundtrip.benchmarks.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/** A table: the first column names the row, the others are figures.
 *
 * @param title what it shows
 * @param header as many words as each row has
 * @param rows from top to bottom
 */
record Table(String title, List<String> header, List<List<String>> rows) {
    private static final int GAP = 2;

    Table {
        header = List.copyOf(header);
        rows = List.copyOf(rows);
        for (List<String> row : rows) {
            if (row.size() != header.size()) {
                throw new IllegalArgumentException("a row of " + row.size() + " under " + header.size() + " words");
            }
        }
    }

    /** As Markdown, without the title. */
    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add(line(header));
        lines.add("|---" + "|---:".repeat(header.size() - 1) + "|");
        rows.forEach(row -> lines.add(line(row)));
        return String.join("\n", lines);
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** For a terminal, without the title. */
    String text() {
        Column[] columns = IntStream.range(0, header.size())
                .mapToObj(column -> new Column(width(column) + GAP, 0, Column.Overflow.TRUNCATE))
                .toArray(Column[]::new);
        TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), columns);
        table.addRowValues(aligned(header));
        rows.forEach(row -> table.addRowValues(aligned(row)));
        return table.toString().stripTrailing();
    }

    private int width(int column) {
        return Math.max(
                header.get(column).length(),
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }

    private String[] aligned(List<String> cells) {
        return IntStream.range(0, cells.size())
                .mapToObj(column -> {
                    String cell = cells.get(column);
                    return column == 0 ? cell : " ".repeat(width(column) - cell.length()) + cell;
                })
                .toArray(String[]::new);
    }
}
