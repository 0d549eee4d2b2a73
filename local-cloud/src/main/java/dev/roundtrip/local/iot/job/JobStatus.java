package dev.roundtrip.local.iot.job;

/** Where a job stands. */
enum JobStatus {
    SCHEDULED,
    IN_PROGRESS,
    COMPLETED,
    CANCELED,
    DELETION_IN_PROGRESS;

    /** Whether the job is over, and may be deleted without force. */
    boolean isOver() {
        return this == COMPLETED || this == CANCELED;
    }

    /** Whether the job still queues and retries executions, or will. */
    boolean isRunning() {
        return this == IN_PROGRESS || this == SCHEDULED;
    }
}
