package dev.roundtrip.benchmarks.coldstart;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.benchmarks.report.Machine;
import dev.roundtrip.benchmarks.report.TextTable;
import dev.roundtrip.protocol.Json;
import java.util.ArrayList;
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

    private static Spread spread(List<Start> starts, ToDoubleFunction<Start> of) {
        return Spread.of(starts.stream().mapToDouble(of).boxed().toList());
    }

    /** In Markdown, so that it can go into a document as it is; ends with a line feed. */
    String markdown() {
        return String.format(
                Locale.ROOT,
                """
                %s, %d cores, load %.1f, %s, %s

                Milliseconds: median (smallest to largest)

                %s
                """,
                machine.processor(),
                machine.cores(),
                machine.load(),
                machine.system(),
                machine.java(),
                table().markdown());
    }

    private TextTable table() {
        List<List<String>> rows = new ArrayList<>();
        starts.forEach((variant, measured) -> rows.add(List.of(
                variant.name(),
                cell(spread(measured, Start::ready)),
                cell(spread(measured, Start::answer)),
                cell(spread(measured, Start::total)),
                cell(spread(measured, Start::cpu)))));
        return new TextTable(List.of("variant", "ready", "first answer", "together", "CPU"), rows);
    }

    private static String cell(Spread spread) {
        return String.format(Locale.ROOT, "%.0f (%.0f to %.0f)", spread.median(), spread.min(), spread.max());
    }

    ObjectNode json() {
        ObjectNode report = Json.mapper().createObjectNode();
        report.put("unit", "ms");
        report.set("machine", Json.mapper().valueToTree(machine));
        ArrayNode variants = report.putArray("variants");
        starts.forEach((variant, measured) -> {
            ObjectNode row = variants.addObject().put("name", variant.name());
            row.set("ready", Json.mapper().valueToTree(spread(measured, Start::ready)));
            row.set("answer", Json.mapper().valueToTree(spread(measured, Start::answer)));
            row.set("total", Json.mapper().valueToTree(spread(measured, Start::total)));
            row.set("cpu", Json.mapper().valueToTree(spread(measured, Start::cpu)));
            row.set("starts", Json.mapper().valueToTree(measured));
        });
        return report;
    }
}
