package dev.roundtrip.benchmarks.report;

import java.util.List;

/** One measurement: how it was made, its figures, and its pictures.
 *
 * @param id names it in JSON, such as {@code warm-call}
 * @param title for people
 * @param method how it was measured, one paragraph
 * @param table its figures
 * @param plots its pictures; may be empty
 */
public record Section(String id, String title, String method, Table table, List<Plot> plots) {
    public Section {
        plots = List.copyOf(plots);
    }

    /** The same without pictures. */
    public static Section of(String id, String title, String method, Table table) {
        return new Section(id, title, method, table, List.of());
    }
}
