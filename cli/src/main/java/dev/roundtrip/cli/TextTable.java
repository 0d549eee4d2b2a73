package dev.roundtrip.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lines of text in columns that are as wide as what is in them. Not thread-safe.
 *
 * <pre>{@code
 * TextTable table = new TextTable(Align.LEFT, Align.RIGHT);
 * table.row("device", "calls");
 * table.row("lamp-1", "10");
 * table.lines().forEach(out::println);
 * }</pre>
 */
public final class TextTable {
    private static final String GAP = "   ";

    private final List<Align> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /** Where a text stands in its column. */
    public enum Align {
        LEFT,
        RIGHT
    }

    /** A table without rows. */
    public TextTable(Align... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row.
     *
     * @param cells as many as there are columns; may be empty
     * @throws IllegalArgumentException when there are more or fewer
     */
    public void row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    "a row must have " + columns.size() + " cells, but has " + Arrays.toString(cells));
        }
        rows.add(List.of(cells));
    }

    /** The rows in their order, without line ends and without blanks at the end. */
    public List<String> lines() {
        int[] widths = new int[columns.size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], length(row.get(column)));
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    /** The same, and no line is longer than a width; what is cut off is shown.
     *
     * @param columns 1 or more
     */
    public List<String> lines(int columns) {
        return lines().stream().map(line -> Printable.cut(line, columns)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String blanks = " ".repeat(widths[column] - length(cell));
            line.append(column == 0 ? "" : GAP)
                    .append(
                            switch (columns.get(column)) {
                                case LEFT -> cell + blanks;
                                case RIGHT -> blanks + cell;
                            });
        }
        return line.toString().stripTrailing();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
