package dev.roundtrip.benchmarks.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Everything that one run has to say.
 *
 * @param begun when it began
 * @param conditions machine and settings, in the order in which they are told
 * @param targets what was promised
 * @param sections what was measured
 */
public record Report(Instant begun, Map<String, String> conditions, List<Target> targets, List<Section> sections) {
    public Report {
        targets = List.copyOf(targets);
        sections = List.copyOf(sections);
    }
}
