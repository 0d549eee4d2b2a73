package dev.roundtrip.benchmarks.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A table as it is printed. The first column names the row and stands to the left, the others stand to the right.
 *
 * @param header one word for each column, which may be empty; at least one
 * @param rows from top to bottom, each with one cell for each column
 */
public record TextTable(List<String> header, List<List<String>> rows) {
    private static final String GAP = "  ";

    /** @throws IllegalArgumentException when a row has another number of cells */
    public TextTable {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != header.size()) {
                throw new IllegalArgumentException("a row of " + row.size() + " under " + header.size() + " words");
            }
        }
    }

    /** For a document; the last line does not end. */
    public String markdown() {
        Stream<String> head = Stream.of(line(header), "|---" + "|---:".repeat(header.size() - 1) + "|");
        return Stream.concat(head, rows.stream().map(TextTable::line)).collect(Collectors.joining("\n"));
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** For a terminal, without spaces where a line ends; the last line does not end. */
    public String text() {
        int[] widths = IntStream.range(0, header.size()).map(this::width).toArray();
        return lines().map(cells -> aligned(cells, widths)).collect(Collectors.joining("\n"));
    }

    private Stream<List<String>> lines() {
        return Stream.concat(Stream.of(header), rows.stream());
    }

    private int width(int column) {
        return lines().mapToInt(cells -> cells.get(column).length()).max().orElseThrow();
    }

    private static String aligned(List<String> cells, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> {
                    String cell = cells.get(column);
                    String padding = " ".repeat(widths[column] - cell.length());
                    return column == 0 ? cell + padding : padding + cell;
                })
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }
}
