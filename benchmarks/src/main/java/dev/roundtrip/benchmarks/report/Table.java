package dev.roundtrip.benchmarks.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Figures in rows.
 *
 * @param columns what the figures are
 * @param rows each with one figure for each column
 */
public record Table(List<Column> columns, List<Row> rows) {

    /** @throws IllegalArgumentException when a row has another number of figures, or two columns have one name */
    public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        if (columns.stream().map(Column::name).distinct().count() < columns.size()) {
            throw new IllegalArgumentException("two columns have one name: " + columns);
        }
        for (Row row : rows) {
            if (row.figures().size() != columns.size()) {
                throw new IllegalArgumentException("row " + row.label() + " has "
                        + row.figures().size() + " figures for " + columns.size() + " columns");
            }
        }
    }

    /** As it is printed: thousands apart, and a dash where there is no figure. */
    public TextTable printed() {
        return new TextTable(
                Stream.concat(Stream.of(""), columns.stream().map(Column::name)).toList(),
                rows.stream().map(this::printed).toList());
    }

    private List<String> printed(Row row) {
        return Stream.concat(
                        Stream.of(row.label()),
                        IntStream.range(0, columns.size())
                                .mapToObj(i -> Figures.fixed(
                                        row.figures().get(i), columns.get(i).decimals())))
                .toList();
    }

    /** What a column has.
     *
     * @param name with its unit, such as {@code p50 ms}
     * @param decimals how many digits follow the point, 0 or more
     */
    public record Column(String name, int decimals) {}

    /** Figures of one thing.
     *
     * @param label the thing
     * @param figures NaN where there is none
     */
    public record Row(String label, List<Double> figures) {
        public Row {
            figures = List.copyOf(figures);
        }

        public static Row of(String label, Number... figures) {
            return new Row(
                    label, Arrays.stream(figures).map(Number::doubleValue).toList());
        }
    }
}
