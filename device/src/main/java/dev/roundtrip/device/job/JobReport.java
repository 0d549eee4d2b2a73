package dev.roundtrip.device.job;

import dev.roundtrip.device.job.RunningJob.Ending;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the service is told of a handler that has ended. */
final class JobReport {
    private JobReport() {}

    /** Whether there is something to tell. A handler that was stopped by the end of its execution or of the program has
     * nothing to tell; one that was done all the same has.
     */
    static boolean isDue(RunningJob job, JobResult result) {
        return switch (job.ending()) {
            case null -> true;
            case DEADLINE -> true;
            case CANCELLED -> false;
            case CLOSED -> !(result instanceof JobResult.Stopped);
        };
    }

    /** Tells it, and waits until the service has it. */
    static void send(RunningJob job, JobResult result) throws InterruptedException {
        boolean unused = switch (result) {
            case JobResult.Succeeded done -> job.report(JobUpdate.Status.SUCCEEDED, done.details());
            case JobResult.Failed failed ->
                job.report(JobUpdate.Status.FAILED, JobResult.because(failed.reason(), failed.details()));
            case JobResult.Rejected rejected ->
                job.report(JobUpdate.Status.REJECTED, JobResult.because(rejected.reason(), Map.of()));
            case JobResult.Stopped stopped ->
                job.report(JobUpdate.Status.FAILED, JobResult.because(whyStopped(job.ending()), Map.of()));
            case JobResult.ResumesAfterRestart later -> true;
        };
    }

    private static String whyStopped(@Nullable Ending ending) {
        return ending == Ending.DEADLINE
                ? "the device's own deadline has passed"
                : "stopped: the device does not know what was done";
    }
}
