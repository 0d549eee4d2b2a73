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
    private static final List<String> WANTED = List.of(
            "200 ok",
            "502 device_error",
            "504 timeout",
            "503 unavailable",
            "429 throttled",
            "413 too_large",
            "400 invalid_parameters",
            "fault cut",
            "fault delay",
            "fault drop",
            "fault duplicate",
            "fault forge.refused",
            "fault late",
            "fault reorder",
            "fault restart");

    private final String ackSubscription;
    private final FaultSpec spec;
    private final Map<String, List<Duration>> endings = new TreeMap<>();
    private Map<String, Long> faults = Map.of();
    private Duration lasted = Duration.ZERO;

    StormFigures(String ackSubscription, FaultSpec spec) {
        this.ackSubscription = ackSubscription;
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
        return WANTED.stream()
                .filter(name -> !endings.containsKey(name)
                        && !(name.startsWith("fault ") && faults.containsKey(name.substring("fault ".length()))))
                .toList();
    }

    String table() {
        long calls = endings.values().stream().mapToLong(List::size).sum();
        StringBuilder table = new StringBuilder("\nACK_SUBSCRIPTION=" + ackSubscription + ", faults " + spec + "\n\n");
        table.append(calls + " calls in " + lasted.toSeconds() + " s.\n\n");
        table.append("| ending | calls | median ms | 99 % ms | longest ms |\n|---|---|---|---|---|\n");
        endings.forEach((name, times) -> table.append("| " + name + " | " + times.size() + " | " + at(times, 0.5)
                + " | " + at(times, 0.99) + " | " + at(times, 1) + " |\n"));
        table.append("\n| fault | times |\n|---|---|\n");
        faults.forEach((name, times) -> table.append("| " + name + " | " + times + " |\n"));
        return table.toString();
    }

    private static long at(List<Duration> sorted, double part) {
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * part)))
                .toMillis();
    }
}
