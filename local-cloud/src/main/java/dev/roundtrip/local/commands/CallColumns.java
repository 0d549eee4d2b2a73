package dev.roundtrip.local.commands;

import dev.roundtrip.cli.Printable;
import java.util.List;

/** The columns of a {@link CallLine}: time, result, status, milliseconds, method, caller, and the cause, which has what
 * is left of a line. Immutable.
 *
 * @param widths of all but the cause; a column without width is left out
 * @param whole whether a cell that is too long moves what follows, and is not cut
 */
record CallColumns(List<Integer> widths, boolean whole) {
    private static final CallColumns WIDE = new CallColumns(List.of(12, 18, 6, 9, 28, 16), true);
    private static final CallColumns MEDIUM = new CallColumns(List.of(12, 13, 6, 7, 20, 10), false);
    private static final CallColumns NARROW = new CallColumns(List.of(12, 13, 0, 7, 20, 0), false);
    private static final List<String> TITLES =
            List.of("time", "result", "status", "ms", "target.method", "caller", "cause");
    private static final List<Integer> NUMBERS = List.of(2, 3);

    /** Those of a screen. */
    static CallColumns of(Screen screen) {
        return screen.columns() >= 120 ? WIDE : screen.columns() >= 100 ? MEDIUM : NARROW;
    }

    /** The titles. */
    String head() {
        return line(TITLES);
    }

    /** @param cells as many as there are titles */
    String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.size(); i++) {
            if (widths.get(i) > 0) {
                line.append(cell(cells.get(i), widths.get(i), NUMBERS.contains(i)))
                        .append("  ");
            }
        }
        return line.append(cells.getLast()).toString().stripTrailing();
    }

    private String cell(String text, int width, boolean toTheRight) {
        String cut = whole ? text : Printable.cut(text, width);
        String space = " ".repeat(Math.max(0, width - cut.length()));
        return toTheRight ? space + cut : cut + space;
    }
}
