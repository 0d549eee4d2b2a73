package dev.roundtrip.local.iot.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a job is run: each part as in AWS's model, with its names; null where the job has none. Immutable. */
record JobConfigs(
        @Nullable Timeout timeoutConfig,
        @Nullable Retry jobExecutionsRetryConfig,
        @Nullable Rollout jobExecutionsRolloutConfig,
        @Nullable Abort abortConfig,
        @Nullable Scheduling schedulingConfig,
        @Nullable PresignedUrl presignedUrlConfig) {
    static final JobConfigs NONE = new JobConfigs(null, null, null, null, null, null);

    /** Whether there is a role that may read what URLs in documents are for. */
    boolean hasRole() {
        return presignedUrlConfig != null && presignedUrlConfig.roleArn() != null;
    }

    /** The same with the windows of the schedule alone. */
    JobConfigs withoutTimes() {
        List<MaintenanceWindow> windows = schedulingConfig == null ? List.of() : schedulingConfig.maintenanceWindows();
        return new JobConfigs(
                timeoutConfig,
                jobExecutionsRetryConfig,
                jobExecutionsRolloutConfig,
                abortConfig,
                windows.isEmpty() ? null : new Scheduling(null, null, null, windows),
                presignedUrlConfig);
    }

    /** When executions in progress time out.
     *
     * @param inProgressTimeoutInMinutes 1 to 10,080
     */
    record Timeout(int inProgressTimeoutInMinutes) {}

    /** Which executions are tried again. */
    record Retry(List<RetryCriterion> criteriaList) {
        Retry {
            criteriaList = List.copyOf(criteriaList);
        }
    }

    /** How often one kind of failure is tried again.
     *
     * @param failureType {@code FAILED}, {@code TIMED_OUT} or {@code ALL}
     * @param numberOfRetries 0 to 10
     */
    record RetryCriterion(String failureType, int numberOfRetries) {}

    /** How fast executions are queued.
     *
     * @param maximumPerMinute null for no limit
     */
    record Rollout(
            @Nullable Integer maximumPerMinute, @Nullable ExponentialRate exponentialRate) {}

    /** A rate that rises. */
    record ExponentialRate(int baseRatePerMinute, double incrementFactor, RateIncrease rateIncreaseCriteria) {}

    /** When the rate rises; one of both is null. */
    record RateIncrease(
            @Nullable Integer numberOfNotifiedThings,
            @Nullable Integer numberOfSucceededThings) {}

    /** When the job is cancelled by itself. */
    record Abort(List<AbortCriterion> criteriaList) {
        Abort {
            criteriaList = List.copyOf(criteriaList);
        }
    }

    /** One reason to cancel. */
    record AbortCriterion(
            String failureType, String action, double thresholdPercentage, int minNumberOfExecutedThings) {}

    /** When the job runs; times as in the request. */
    record Scheduling(
            @Nullable String startTime,
            @Nullable String endTime,
            @Nullable String endBehavior,
            List<MaintenanceWindow> maintenanceWindows) {
        @SuppressWarnings("ConstantValue") // Rows and requests may have no windows.
        Scheduling {
            maintenanceWindows = maintenanceWindows == null ? List.of() : List.copyOf(maintenanceWindows);
        }
    }

    /** A window in which executions are shown to things. */
    record MaintenanceWindow(String startTime, int durationInMinutes) {}

    /** How URLs in documents are signed. */
    record PresignedUrl(@Nullable String roleArn, @Nullable Long expiresInSec) {}
}
