package dev.roundtrip.sigv4;

import dev.roundtrip.cli.TextTable;
import dev.roundtrip.cli.TextTable.Align;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts for each device how its calls ended, and how long they took. Not thread-safe. */
final class TargetSummary {
    private final Map<String, LatencySummary> summaries = new LinkedHashMap<>();

    /** @param targets in the order of their lines */
    TargetSummary(List<String> targets) {
        targets.forEach(target -> summaries.put(target, LatencySummary.ofMany()));
    }

    /** What counts the calls of a device. */
    LatencySummary of(String target) {
        return summaries.computeIfAbsent(target, other -> LatencySummary.ofMany());
    }

    /** A line for each device under a line of titles; nothing where there is but one call.
     *
     * @return lines that each end with a line feed
     */
    String text() {
        if (summaries.keySet().equals(Set.of(""))) {
            return "";
        }
        TextTable table = new TextTable(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT);
        table.row("target", "calls", "p50 ms", "p99 ms", "max ms", "statuses");
        summaries.forEach((target, summary) -> table.row(
                target,
                Integer.toString(summary.count()),
                summary.percentile(50),
                summary.percentile(99),
                summary.percentile(100),
                summary.endings()));
        return "\n" + String.join("\n", table.lines()) + "\n";
    }
}
