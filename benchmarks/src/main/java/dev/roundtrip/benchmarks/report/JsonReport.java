package dev.roundtrip.benchmarks.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;

/** A report for programs. */
public final class JsonReport {
    private JsonReport() {}

    /** One JSON object: {@code begun}, {@code conditions}, {@code targets}, and {@code sections}, by their ids, each
     * with its rows by their labels.
     */
    public static String render(Report report) {
        ObjectNode root = Json.mapper().createObjectNode();
        root.put("begun", report.begun().toString());
        ObjectNode conditions = root.putObject("conditions");
        report.conditions().forEach(conditions::put);
        ArrayNode targets = root.putArray("targets");
        for (Target target : report.targets()) {
            targets.addObject()
                    .put("name", target.name())
                    .put("wanted", target.wanted())
                    .put("limit", target.bound().limit())
                    .put("measured", target.measured())
                    .put("met", target.isMet());
        }
        ObjectNode sections = root.putObject("sections");
        report.sections().forEach(section -> rows(sections.putObject(section.id()), section.table()));
        return root.toPrettyString() + "\n";
    }

    private static void rows(ObjectNode section, Table table) {
        for (Table.Row row : table.rows()) {
            ObjectNode figures = section.putObject(row.label());
            for (int i = 0; i < row.figures().size(); i++) {
                double figure = row.figures().get(i);
                if (!Double.isNaN(figure)) {
                    figures.put(table.columns().get(i).name(), figure);
                }
            }
        }
    }
}
