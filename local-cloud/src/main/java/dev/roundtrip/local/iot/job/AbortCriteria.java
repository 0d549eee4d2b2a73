package dev.roundtrip.local.iot.job;

import org.jspecify.annotations.Nullable;

/** When a job is cancelled by itself.
 *
 * <p>Source: AWS IoT developer guide, "Job abort configuration".
 */
final class AbortCriteria {
    private static final double PERCENT = 100;

    private AbortCriteria() {}

    /** Whether one of the criteria is met. */
    static boolean areMet(JobConfigs.@Nullable Abort config, JobCounts counts) {
        return config != null && config.criteriaList().stream().anyMatch(criterion -> isMet(criterion, counts));
    }

    private static boolean isMet(JobConfigs.AbortCriterion criterion, JobCounts counts) {
        long executed = OpenFacts.executed(counts);
        return executed >= criterion.minNumberOfExecutedThings()
                && failures(criterion.failureType(), counts) * PERCENT >= criterion.thresholdPercentage() * executed;
    }

    private static long failures(String type, JobCounts counts) {
        return type.equals("ALL")
                ? counts.of(ExecutionStatus.FAILED)
                        + counts.of(ExecutionStatus.REJECTED)
                        + counts.of(ExecutionStatus.TIMED_OUT)
                : counts.of(ExecutionStatus.valueOf(type));
    }
}
