package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.iot.job.ExecutionTransitions.Actor;
import dev.roundtrip.local.iot.job.JobConfigs.RetryCriterion;
import dev.roundtrip.local.iot.job.JobExecution.Retries;
import java.util.Optional;

/** How a job goes on after one of its executions ended: the execution is tried again, or the job is complete. */
final class JobCourse {
    /** Source: AWS IoT developer guide, "Job execution retry configuration": in total for a thing. */
    static final int MAX_RETRIES = 10;

    private JobCourse() {}

    /** Goes on. Called inside the change that ended the execution. */
    static void ended(JobTransaction change, JobExecution execution) {
        Job job = change.job(execution.jobId()).orElse(null);
        if (job == null || !job.status().isRunning()) {
            return;
        }
        if (!Schedule.of(job).hasEnded(change.now())) {
            retries(job, execution).ifPresent(retries -> change.queue(execution.jobId(), execution.thing(), retries));
        }
        if (AbortCriteria.areMet(job.configs().abortConfig(), JobRows.counts(change.rows(), job.id()))) {
            cancel(change, job, OpenFacts.ABORTED);
        }
        completeIfDone(change, execution.jobId());
    }

    /** Begins the roll-out of a job, or goes on with it. */
    static void rollOut(JobTransaction change, Job job) {
        if (RolloutRows.rollout(change.rows(), job.id()).isEmpty()) {
            RolloutRows.put(change.rows(), job.id(), Rollout.NEW);
        }
        change.later(change.now(), JobTask.ROLL_OUT, job.id());
    }

    /** Completes a job that has nothing more to do. */
    static void completeIfDone(JobTransaction change, String jobId) {
        Job job = change.job(jobId).orElse(null);
        if (job != null
                && mayComplete(job, change.now())
                && JobRows.counts(change.rows(), jobId).pending() == 0
                && !RolloutRows.isWaiting(change.rows(), jobId)) {
            change.change(job, job.in(JobStatus.COMPLETED, change.now()));
        }
    }

    /** A job whose end time has come completes; a snapshot job also before. */
    private static boolean mayComplete(Job job, long now) {
        return job.status().isRunning()
                && (Schedule.of(job).hasEnded(now)
                        || (job.targetSelection() == TargetSelection.SNAPSHOT
                                && job.status() == JobStatus.IN_PROGRESS));
    }

    /** Cancels a job. Its executions are cancelled in steps: what is queued always, what is in progress with
     * {@code force}.
     */
    static void cancel(JobTransaction change, Job before, Job.Ending why) {
        // A second cancellation takes nothing back of one by force.
        boolean force = why.forceCanceled() || before.ending().forceCanceled();
        Job.Ending ending = new Job.Ending(force, why.reasonCode(), why.comment());
        change.change(before, before.ended(ending).in(JobStatus.CANCELED, change.now()));
        cancelExecutions(change, before.id(), force);
    }

    /** Begins to cancel the executions of a job. */
    static void cancelExecutions(JobTransaction change, String jobId, boolean force) {
        boolean isForced = force
                || RolloutRows.cancellation(change.rows(), jobId)
                        .map(RolloutRows.Cancellation::force)
                        .orElse(false);
        RolloutRows.put(change.rows(), jobId, new RolloutRows.Cancellation(isForced, ""));
        change.later(change.now(), JobTask.CANCEL, jobId);
    }

    /** All executions are cancelled that may be. */
    static void cancelled(JobTransaction change, String jobId) {
        change.job(jobId)
                .filter(job -> job.status() == JobStatus.CANCELED)
                .ifPresent(job -> change.tell(JobEvent.ofJob(change.rows(), job, "CANCELED", change.now())));
        completeIfDone(change, jobId);
    }

    /** Cancels an execution, if it may be cancelled. */
    static void cancel(JobTransaction change, JobExecution before, boolean force) {
        Actor actor = force ? Actor.FORCED_CANCELLATION : Actor.CANCELLATION;
        if (ExecutionTransitions.may(before.status(), ExecutionStatus.CANCELED, actor)) {
            JobExecution after = before.ended(ExecutionStatus.CANCELED, change.now());
            change.change(before, force ? after.forced() : after);
        }
    }

    /** Removes an execution from a thing that is gone, or no longer a target. */
    static void remove(JobTransaction change, JobExecution before) {
        if (ExecutionTransitions.may(before.status(), ExecutionStatus.REMOVED, Actor.REMOVAL)) {
            change.change(before, before.ended(ExecutionStatus.REMOVED, change.now()));
        }
    }

    /** How often the execution will have been tried again when it is tried once more; empty when it is not. */
    static Optional<Retries> retries(Job job, JobExecution ended) {
        JobConfigs.Retry config = job.configs().jobExecutionsRetryConfig();
        Retries before = ended.retries();
        if (config == null || before.attempt() >= MAX_RETRIES) {
            return Optional.empty();
        }
        return switch (ended.status()) {
            case FAILED ->
                before.failed() < allowed(config, before, "FAILED")
                        ? Optional.of(new Retries(before.failed() + 1, before.timedOut()))
                        : Optional.empty();
            case TIMED_OUT ->
                before.timedOut() < allowed(config, before, "TIMED_OUT")
                        ? Optional.of(new Retries(before.failed(), before.timedOut() + 1))
                        : Optional.empty();
            case QUEUED, IN_PROGRESS, SUCCEEDED, REJECTED, REMOVED, CANCELED -> Optional.empty();
        };
    }

    /** How many retries of a kind there may be. A criterion for {@code ALL} counts the retries of both kinds
     * together.
     */
    private static int allowed(JobConfigs.Retry config, Retries before, String failureType) {
        int allowed = 0;
        for (RetryCriterion criterion : config.criteriaList()) {
            if (criterion.failureType().equals(failureType)) {
                allowed = Math.max(allowed, criterion.numberOfRetries());
            } else if (criterion.failureType().equals("ALL")) {
                int others = failureType.equals("FAILED") ? before.timedOut() : before.failed();
                allowed = Math.max(allowed, criterion.numberOfRetries() - others);
            }
        }
        return allowed;
    }
}
