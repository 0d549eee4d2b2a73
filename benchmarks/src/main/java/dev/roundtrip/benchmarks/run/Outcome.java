package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Target;
import java.util.List;

/** What came out of one measurement.
 *
 * @param section its figures
 * @param targets what was promised of them
 */
record Outcome(Section section, List<Target> targets) {
    Outcome {
        targets = List.copyOf(targets);
    }
}
