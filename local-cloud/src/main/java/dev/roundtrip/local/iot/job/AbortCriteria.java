package dev.roundtrip.local.iot.job;

import org.jspecify.annotations.Nullable;

/** When a job is cancelled by itself.
 *
 * <p>Source: AWS IoT developer guide, "Job abort configuration".
 */
final class AbortCriteria {
    /** Percentages have two decimals. */
    private static final int HUNDREDTHS = 100;

    private AbortCriteria() {}

    /** Whether one of the criteria is met. */
    static boolean areMet(JobConfigs.@Nullable Abort config, JobCounts counts) {
        return config != null && config.criteriaList().stream().anyMatch(criterion -> isMet(criterion, counts));
    }

    private static boolean isMet(JobConfigs.AbortCriterion criterion, JobCounts counts) {
        long executed = OpenFacts.executed(counts);
        // The percentage has no exact binary fraction: 0.07 % of 10,000 must not be more than 7.
        long threshold = Math.round(criterion.thresholdPercentage() * HUNDREDTHS);
        return executed >= criterion.minNumberOfExecutedThings()
                && failures(criterion.failureType(), counts) * HUNDREDTHS * HUNDREDTHS >= threshold * executed;
    }

    private static long failures(String type, JobCounts counts) {
        return type.equals("ALL")
                ? counts.of(ExecutionStatus.FAILED)
                        + counts.of(ExecutionStatus.REJECTED)
                        + counts.of(ExecutionStatus.TIMED_OUT)
                : counts.of(ExecutionStatus.valueOf(type));
    }
}
