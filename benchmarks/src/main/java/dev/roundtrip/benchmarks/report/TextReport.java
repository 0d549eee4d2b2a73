package dev.roundtrip.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** A report for a terminal. */
public final class TextReport {
    private TextReport() {}

    /** Lines that each end with a line feed. */
    public static String render(Report report) {
        StringBuilder text = new StringBuilder();
        report.conditions().forEach((name, value) -> text.append(String.format("%-12s%s%n", name, value)));
        for (Section section : report.sections()) {
            text.append('\n').append(section.title()).append('\n');
            append(text, cells(section.table()));
        }
        text.append("\nTargets\n");
        List<List<String>> targets = new ArrayList<>();
        targets.add(List.of("", "wanted", "measured", ""));
        for (Target target : report.targets()) {
            targets.add(List.of(
                    target.name(),
                    target.wanted(),
                    Figures.plain(target.measured()),
                    target.isMet() ? "met" : "MISSED"));
        }
        append(text, targets);
        return text.toString();
    }

    private static List<List<String>> cells(Table table) {
        List<List<String>> lines = new ArrayList<>();
        List<String> head = new ArrayList<>();
        head.add("");
        table.columns().forEach(column -> head.add(column.name()));
        lines.add(head);
        for (Table.Row row : table.rows()) {
            List<String> line = new ArrayList<>();
            line.add(row.label());
            for (int i = 0; i < row.figures().size(); i++) {
                line.add(Figures.fixed(
                        row.figures().get(i), table.columns().get(i).decimals()));
            }
            lines.add(line);
        }
        return lines;
    }

    /** The first column stands to the left, the others to the right. */
    private static void append(StringBuilder text, List<List<String>> lines) {
        int columns = lines.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> line : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder("  ");
            for (int i = 0; i < columns; i++) {
                String padding = " ".repeat(widths[i] - line.get(i).length());
                row.append(i == 0 ? line.get(i) + padding : "  " + padding + line.get(i));
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
    }
}
