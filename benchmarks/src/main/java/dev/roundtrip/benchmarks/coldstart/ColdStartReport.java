package dev.roundtrip.benchmarks.coldstart;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured, for people and for programs.
 *
 * @param machine where
 * @param starts every start of every variant, in milliseconds
 */
record ColdStartReport(Machine machine, Map<Variant, List<Start>> starts) {

    private static Figures figures(List<Start> starts, ToDoubleFunction<Start> of) {
        return Figures.of(starts.stream().mapToDouble(of).boxed().toList());
    }

    /** In Markdown, so that it can go into a document as it is. */
    String table() {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "%d processors, load %.1f, %s, %s%n%n",
                machine.processors(),
                machine.load(),
                machine.system(),
                machine.java()));
        table.append("Milliseconds: median (smallest to largest)\n\n");
        table.append("| variant | ready | first answer | together | CPU |\n|---|---|---|---|---|\n");
        starts.forEach((variant, measured) -> table.append("| ")
                .append(variant.name())
                .append(" | ")
                .append(cell(figures(measured, Start::ready)))
                .append(" | ")
                .append(cell(figures(measured, Start::answer)))
                .append(" | ")
                .append(cell(figures(measured, Start::total)))
                .append(" | ")
                .append(cell(figures(measured, Start::cpu)))
                .append(" |\n"));
        return table.toString();
    }

    private static String cell(Figures figures) {
        return String.format(Locale.ROOT, "%.0f (%.0f to %.0f)", figures.median(), figures.min(), figures.max());
    }

    ObjectNode json() {
        ObjectNode report = Json.mapper().createObjectNode();
        report.put("unit", "ms");
        report.set("machine", Json.mapper().valueToTree(machine));
        ArrayNode variants = report.putArray("variants");
        starts.forEach((variant, measured) -> {
            ObjectNode row = variants.addObject().put("name", variant.name());
            row.set("ready", Json.mapper().valueToTree(figures(measured, Start::ready)));
            row.set("answer", Json.mapper().valueToTree(figures(measured, Start::answer)));
            row.set("total", Json.mapper().valueToTree(figures(measured, Start::total)));
            row.set("cpu", Json.mapper().valueToTree(figures(measured, Start::cpu)));
            row.set("starts", Json.mapper().valueToTree(measured));
        });
        return report;
    }
}
