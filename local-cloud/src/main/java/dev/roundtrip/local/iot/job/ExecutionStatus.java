package dev.roundtrip.local.iot.job;

/** Where a job execution stands. */
enum ExecutionStatus {
    QUEUED,
    IN_PROGRESS,
    SUCCEEDED,
    FAILED,
    TIMED_OUT,
    REJECTED,
    REMOVED,
    CANCELED;

    /** Whether the execution is over. */
    boolean isTerminal() {
        return this != QUEUED && this != IN_PROGRESS;
    }
}
