package dev.roundtrip.device.job;

/** Carries out jobs of one operation. Called for one execution at a time. */
@FunctionalInterface
public interface JobHandler {

    /** Carries one out, or goes on with one that a reboot has interrupted; may block. When the execution is cancelled
     * or its time is over, the thread is interrupted.
     *
     * @return how it ended
     * @throws JobRejectedException when nothing was done: the execution ends as REJECTED
     * @throws InterruptedException when the thread is interrupted
     * @throws Exception any other is a defect: the execution ends as FAILED, without the exception's message
     */
    JobResult handle(JobExecution execution) throws Exception;
}
