package dev.roundtrip.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lines of aligned columns, two spaces apart. Its cells must be {@link Printable} already. For one thread. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final boolean[] right;

    /** A table with a head.
     *
     * @param heads a head that begins with {@code >} stands above a column that is aligned to the right
     */
    public TextTable(String... heads) {
        this.right = new boolean[heads.length];
        String[] head = new String[heads.length];
        for (int i = 0; i < heads.length; i++) {
            right[i] = heads[i].startsWith(">");
            head[i] = right[i] ? heads[i].substring(1) : heads[i];
        }
        rows.add(head);
    }

    /** Adds a row.
     *
     * @param cells one for each column
     */
    public void add(String... cells) {
        if (cells.length != right.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
        }
        rows.add(cells.clone());
    }

    /** The lines, without spaces at their ends.
     *
     * @param columns no line is longer; {@link Integer#MAX_VALUE} for any length
     */
    public List<String> lines(int columns) {
        int[] widths = new int[right.length];
        rows.forEach(row -> Arrays.setAll(widths, i -> Math.max(widths[i], row[i].length())));
        return rows.stream()
                .map(row -> Printable.cut(line(row, widths).stripTrailing(), columns))
                .toList();
    }

    private String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            String space = " ".repeat(widths[i] - row[i].length());
            line.append(i == 0 ? "" : GAP).append(right[i] ? space + row[i] : row[i] + space);
        }
        return line.toString();
    }
}
