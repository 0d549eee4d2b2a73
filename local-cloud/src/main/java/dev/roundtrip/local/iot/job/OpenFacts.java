package dev.roundtrip.local.iot.job;

/** What AWS's documents leave open about jobs; {@code docs/open-facts.md} says why each was chosen. */
final class OpenFacts {
    /** How an update of an execution that is over is rejected. AWS's documents keep TerminalStateReached for describe. */
    static final Rejection UPDATE_OF_A_TERMINAL_EXECUTION = Rejection.INVALID_STATE_TRANSITION;

    /** Whether a request for the executions of a thing without an entry in the registry is rejected. */
    static final boolean THING_MUST_BE_REGISTERED = true;

    /** How many executions GetPendingJobExecutions shows, in both lists together. */
    static final int MAX_PENDING_SHOWN = 10;

    /** What stands in a document for a parameter of a managed template that is optional and not given. */
    static final String VALUE_OF_AN_ABSENT_PARAMETER = "";

    /** Whether CreateJob may have a document beside a template, and CreateJobTemplate beside a job. */
    static final boolean DOCUMENT_BESIDE_A_BASIS = false;

    /** Whether ListManagedJobTemplates of an unknown name is refused. */
    static final boolean NAME_OF_A_MANAGED_TEMPLATE_MUST_BE_KNOWN = true;

    private OpenFacts() {}

    /** Whether an execution has a start when it comes to a status without one: seen for what things report. */
    static boolean isStartedBy(ExecutionStatus status) {
        return switch (status) {
            case IN_PROGRESS, SUCCEEDED, FAILED, REJECTED -> true;
            case QUEUED, TIMED_OUT, REMOVED, CANCELED -> false;
        };
    }
}
