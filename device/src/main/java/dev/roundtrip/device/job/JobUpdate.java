package dev.roundtrip.device.job;

/** What the service is to know of an execution.
 *
 * @param status IN_PROGRESS, or one of those that end it
 * @param details all of them: the service replaces those it has
 */
record JobUpdate(Status status, StatusDetails details) {
    /** What a device may say. */
    enum Status {
        IN_PROGRESS,
        SUCCEEDED,
        FAILED,
        REJECTED
    }

    /** Whether it ends the execution. */
    boolean isLast() {
        return status != Status.IN_PROGRESS;
    }
}
