package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.iot.job.ExecutionTransitions.Actor;
import dev.roundtrip.local.iot.job.JobConfigs.RetryCriterion;
import dev.roundtrip.local.iot.job.JobExecution.Retries;
import dev.roundtrip.local.store.table.Keys;
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
        retries(job, execution).ifPresent(retries -> change.queue(execution.jobId(), execution.thing(), retries));
        completeIfDone(change, execution.jobId());
    }

    /** Completes a job that has nothing more to do. */
    static void completeIfDone(JobTransaction change, String jobId) {
        Job job = change.job(jobId).orElse(null);
        if (job != null
                && job.status().isRunning()
                && job.targetSelection() == TargetSelection.SNAPSHOT
                && JobRows.counts(change.rows(), jobId).pending() == 0) {
            change.change(job, job.in(JobStatus.COMPLETED, change.now()));
        }
    }

    /** Cancels a job: what is queued always, what is in progress with {@code force}. */
    static void cancel(JobTransaction change, Job before, Job.Ending why) {
        change.change(before, before.ended(why).in(JobStatus.CANCELED, change.now()));
        Actor actor = why.forceCanceled() ? Actor.FORCED_CANCELLATION : Actor.CANCELLATION;
        change.rows().forEach(JobRows.EXECUTIONS, Keys.prefix(before.id()), row -> {
            JobExecution execution = JobRows.read(row.value(), JobExecution.class);
            if (ExecutionTransitions.may(execution.status(), ExecutionStatus.CANCELED, actor)) {
                cancel(change, execution, why.forceCanceled());
            }
        });
    }

    /** Cancels an execution that may be cancelled. */
    static void cancel(JobTransaction change, JobExecution before, boolean force) {
        JobExecution after = before.ended(ExecutionStatus.CANCELED, change.now());
        change.change(before, force ? after.forced() : after);
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

    /** How many retries of a kind there may be. A criterion for {@code ALL} counts the retries of both kinds together. */
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
