package dev.roundtrip.local.app;

import dev.roundtrip.local.log.Event;
import dev.roundtrip.local.log.LogLine;
import dev.roundtrip.local.log.LogLine.Level;
import dev.roundtrip.local.log.Member;
import java.util.function.Consumer;

/** The steps that stop what was started. */
final class Stops {
    private Stops() {}

    /** Takes every step; one that fails is logged, and the others follow.
     *
     * @param steps in their order
     * @param log takes a JSON object for each failure
     */
    static void run(Iterable<Runnable> steps, Consumer<String> log) {
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException | Error defect) {
                log.accept(LogLine.of(Level.ERROR, Event.DEFECT)
                        .with(Member.MESSAGE, "a part of the local cloud did not stop in order")
                        .with(Member.TRACE, defect)
                        .toString());
            }
        }
    }
}
