package dev.roundtrip.local.iot.job;

/** What AWS's documents leave open about jobs; {@code docs/open-facts.md} says why each was chosen. */
final class OpenFacts {
    private OpenFacts() {}

    /** Whether an execution has a start when it comes to a status without one: seen for what things report. */
    static boolean isStartedBy(ExecutionStatus status) {
        return switch (status) {
            case IN_PROGRESS, SUCCEEDED, FAILED, REJECTED -> true;
            case QUEUED, TIMED_OUT, REMOVED, CANCELED -> false;
        };
    }
}
