package dev.roundtrip.local.iot.job;

/** What is to be done for a job at a time. Each of them may be done twice. */
enum JobTask {
    /** The start time has come. */
    START,
    /** The next executions of a roll-out are queued. */
    ROLL_OUT,
    /** The next executions of a job are cancelled. */
    CANCEL,
    /** A maintenance window opens or closes. */
    WINDOW,
    /** The next executions are shown in a maintenance window, or hidden after it. */
    SWEEP,
    /** The end time has come. */
    END,
    /** The job is deleted with its executions. */
    DELETE
}
