package dev.roundtrip.local.check;

import java.util.List;

/** What came of all rules.
 *
 * @param verdicts one for each rule, in their order
 */
public record Report(List<Verdict> verdicts) {
    public Report {
        verdicts = List.copyOf(verdicts);
    }

    /** The verdicts on the rules of a level. */
    public List<Verdict> of(Rule.Level level) {
        return verdicts.stream()
                .filter(verdict -> verdict.rule().level() == level)
                .toList();
    }

    /** Whether the device keeps every rule of a level. A rule that could not be seen does not count as kept. */
    public boolean isKept(Rule.Level level) {
        return of(level).stream().allMatch(verdict -> verdict.finding() == Verdict.Finding.KEPT);
    }
}
