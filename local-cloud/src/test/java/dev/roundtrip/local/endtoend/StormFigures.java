package dev.roundtrip.local.endtoend;

import dev.roundtrip.local.faults.FaultSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a storm was like, as a table of Markdown. */
final class StormFigures {
    private final StormKind kind;
    private final FaultSpec spec;
    private final Map<String, List<Duration>> endings = new TreeMap<>();
    private Map<String, Long> faults = Map.of();
    private Duration lasted = Duration.ZERO;

    StormFigures(StormKind kind, FaultSpec spec) {
        this.kind = kind;
        this.spec = spec;
    }

    void storm(List<StormEnding> all, Map<String, Long> faultCounts) {
        faults = faultCounts;
        for (StormEnding ending : all) {
            endings.computeIfAbsent(ending.status() + " " + ending.result(), absent -> new ArrayList<>())
                    .add(Duration.between(ending.asked(), ending.told()));
        }
        endings.values().forEach(times -> times.sort(Comparator.naturalOrder()));
        Instant first = all.stream()
                .map(StormEnding::asked)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        Instant last = all.stream()
                .map(StormEnding::told)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        lasted = Duration.between(first, last);
    }

    /** What the storm should have brought about, and did not. */
    List<String> missing() {
        return kind.wanted()
                .filter(name -> !endings.containsKey(name)
                        && !(name.startsWith("fault ") && faults.containsKey(name.substring("fault ".length()))))
                .toList();
    }

    /** As the documents show it.
     *
     * @param ledger what really happened
     * @param violations how often a caller was told something else
     */
    String table(StormLedger ledger, int violations) {
        long calls = endings.values().stream().mapToLong(List::size).sum();
        StringBuilder table = new StringBuilder("\n### " + kind + "\n\n`" + new TreeMap<>(kind.function()) + "`, "
                + kind.clients() + " clients, faults `" + spec + "`\n\n" + calls + " calls in " + lasted.toSeconds()
                + " s; violations: " + violations + ".\n\n");
        table.append("| ending | calls | median ms | 99 % ms | longest ms |\n|---|---|---|---|---|\n");
        endings.forEach((name, times) -> table.append("| " + name + " | " + times.size() + " | " + at(times, 0.5)
                + " | " + at(times, 0.99) + " | " + at(times, 1) + " |\n"));
        count(table, "fault", faults);
        count(table, "at the devices", ledger.counts());
        return table.toString();
    }

    private static void count(StringBuilder table, String what, Map<String, Long> counts) {
        table.append("\n| " + what + " | times |\n|---|---|\n");
        counts.forEach((name, times) -> table.append("| " + name + " | " + times + " |\n"));
    }

    private static long at(List<Duration> sorted, double part) {
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * part)))
                .toMillis();
    }
}
