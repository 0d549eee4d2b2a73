package dev.roundtrip.benchmarks.report;

import java.util.List;

/** A report for a terminal. */
public final class TextReport {
    private static final int INDENT = 2;

    private TextReport() {}

    /** Lines that each end with a line feed. */
    public static String render(Report report) {
        StringBuilder text = new StringBuilder();
        report.conditions().forEach((name, value) -> text.append(String.format("%-12s%s\n", name, value)));
        report.sections()
                .forEach(
                        section -> append(text, section.title(), section.table().printed()));
        append(text, "Targets", targets(report.targets()));
        return text.toString();
    }

    private static TextTable targets(List<Target> targets) {
        return new TextTable(
                List.of("", "wanted", "measured", ""),
                targets.stream()
                        .map(target -> List.of(
                                target.name(),
                                target.wanted(),
                                Figures.plain(target.measured()),
                                target.isMet() ? "met" : "MISSED"))
                        .toList());
    }

    private static void append(StringBuilder text, String title, TextTable table) {
        text.append('\n').append(title).append('\n').append(table.text().indent(INDENT));
    }
}
