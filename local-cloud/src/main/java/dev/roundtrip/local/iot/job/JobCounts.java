package dev.roundtrip.local.iot.job;

import java.util.EnumMap;
import java.util.Map;

/** How many things of a job are in which status, each by its latest execution. Immutable.
 *
 * @param things by status; absent for none
 */
record JobCounts(Map<ExecutionStatus, Long> things) {
    static final JobCounts NONE = new JobCounts(Map.of());

    JobCounts {
        things = Map.copyOf(things);
    }

    long of(ExecutionStatus status) {
        return things.getOrDefault(status, 0L);
    }

    /** How many things have an execution that is not over. */
    long pending() {
        return of(ExecutionStatus.QUEUED) + of(ExecutionStatus.IN_PROGRESS);
    }

    /** How many things have an execution. */
    long all() {
        return things.values().stream().mapToLong(Long::longValue).sum();
    }

    JobCounts plus(ExecutionStatus status, long difference) {
        Map<ExecutionStatus, Long> changed = new EnumMap<>(ExecutionStatus.class);
        changed.putAll(things);
        changed.merge(status, difference, Long::sum);
        return new JobCounts(changed);
    }
}
