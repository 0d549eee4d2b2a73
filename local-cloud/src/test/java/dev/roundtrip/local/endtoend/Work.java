package dev.roundtrip.local.endtoend;

import dev.roundtrip.local.endtoend.WorkLine.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was asked for on one thing, and what the cloud has of it.
 *
 * @param id of the job, or of the command's execution
 * @param executions by number, from 1; what {@link Execution} says
 */
record Work(Kind kind, String thing, String id, WorkPlan plan, Promise promise, List<Execution> executions) {
    private static final Set<String> OVER =
            Set.of("SUCCEEDED", "FAILED", "REJECTED", "CANCELED", "TIMED_OUT", "REMOVED");

    Work {
        executions = List.copyOf(executions);
    }

    /** What may become of it beside what its device says.
     *
     * @param retries how often it is tried again when it failed
     * @param timer whether a timer may end it
     * @param cancel what was asked
     */
    record Promise(int retries, Timer timer, Cancel cancel) {}

    /** Whether a timer may end it. */
    enum Timer {
        NONE,
        RUNS
    }

    /** Whether somebody cancelled it. */
    enum Cancel {
        NONE,
        /** Somebody asked: it may be cancelled. */
        ASKED,
        /** Somebody asked, and was told that it is. */
        DONE
    }

    /** One execution as the cloud describes it.
     *
     * @param details of the status, or of the result
     */
    record Execution(String status, Map<String, String> details) {
        Execution {
            details = Map.copyOf(details);
        }

        boolean isOver() {
            return OVER.contains(status);
        }

        int number(String name) {
            return Integer.parseInt(details.getOrDefault(name, "0"));
        }
    }

    WorkLine.Key key(long number) {
        return new WorkLine.Key(kind, thing, id, number);
    }

    Work with(Promise other) {
        return new Work(kind, thing, id, plan, other, executions);
    }

    Work with(List<Execution> others) {
        return new Work(kind, thing, id, plan, promise, others);
    }

    /** Whether each execution is over, as far as the cloud knows. */
    boolean isOver() {
        return !executions.isEmpty() && executions.stream().allMatch(Execution::isOver);
    }
}
