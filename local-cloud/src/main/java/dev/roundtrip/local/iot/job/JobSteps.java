package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.iot.job.RolloutRows.Cancellation;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.Keys;
import java.util.List;
import java.util.Optional;

/** What a job does to many things, in steps of at most a hundred: each step holds the locks of its things alone, and is
 * one transaction. A step that somebody else made is not made again. Thread-safe; may block for the store.
 */
final class JobSteps {
    static final int SOME = 100;

    private final Jobs jobs;

    JobSteps(Jobs jobs) {
        this.jobs = jobs;
    }

    /** Queues the next executions of a job, as its rate allows. The next step is a task. */
    void rollOut(String jobId) {
        List<String> things = jobs.read(rows -> RolloutRows.waiting(rows, jobId, SOME));
        boolean unused = jobs.<Boolean, RuntimeException>write(things, change -> rollOut(change, jobId, things));
    }

    private static boolean rollOut(JobTransaction change, String jobId, List<String> things) {
        Job job = change.job(jobId)
                .filter(found -> found.status() == JobStatus.IN_PROGRESS)
                // Its window may close in this moment.
                .filter(found -> Schedule.of(found).isOpen(change.now()))
                .orElse(null);
        Optional<Rollout> before = RolloutRows.rollout(change.rows(), jobId);
        if (job == null || before.isEmpty()) {
            return false;
        }
        Rollout rollout = before.get()
                .at(job.configs().jobExecutionsRolloutConfig(), JobRows.counts(change.rows(), jobId), change.now());
        for (String thing : things) {
            if (rollout.room() > 0
                    && RolloutRows.take(change.rows(), jobId, thing)
                    && ThingRegistry.id(change.rows(), thing).isPresent()) {
                var unused = change.queue(jobId, thing, JobExecution.Retries.NONE);
                rollout = rollout.next();
            }
        }
        if (RolloutRows.isWaiting(change.rows(), jobId)) {
            RolloutRows.put(change.rows(), jobId, rollout);
            change.later(rollout.nextTime(change.now()), JobTask.ROLL_OUT, jobId);
        } else {
            RolloutRows.end(change.rows(), jobId);
            JobCourse.completeIfDone(change, jobId);
        }
        return true;
    }

    /** Cancels the next executions of a job. The next step is a task. */
    void cancelSome(String jobId) {
        boolean unused = cancel(jobId);
    }

    /** Cancels the executions of a job that may be cancelled. */
    void cancelAll(String jobId) {
        boolean more = true;
        while (more) {
            more = cancel(jobId);
        }
    }

    private boolean cancel(String jobId) {
        Cancellation cancellation = jobs.<Optional<Cancellation>, RuntimeException>read(
                        rows -> RolloutRows.cancellation(rows, jobId))
                .orElse(null);
        if (cancellation == null) {
            return false;
        }
        List<JobExecution> some = jobs.read(rows -> JobRows.executions(rows, jobId, cancellation.after(), SOME));
        return jobs.<Boolean, RuntimeException>write(things(some), change -> {
            if (RolloutRows.cancellation(change.rows(), jobId)
                    .filter(cancellation::equals)
                    .isEmpty()) {
                return true;
            }
            some.forEach(execution -> JobRows.execution(change.rows(), execution.id())
                    .ifPresent(found -> JobCourse.cancel(change, found, cancellation.force())));
            if (some.size() == SOME) {
                String after = JobRows.key(some.getLast().id());
                RolloutRows.put(change.rows(), jobId, new Cancellation(cancellation.force(), after));
                change.later(change.now() + 1, JobTask.CANCEL, jobId);
                return true;
            }
            RolloutRows.endCancellation(change.rows(), jobId);
            JobCourse.cancelled(change, jobId);
            return false;
        });
    }

    /** Deletes the executions of a job, and then the job. */
    void deleteAll(String jobId) {
        boolean more = true;
        while (more) {
            List<JobExecution> some = jobs.read(rows -> JobRows.executions(rows, jobId, "", SOME));
            more = jobs.<Boolean, RuntimeException>write(things(some), change -> {
                // Somebody else may have deleted it, and another job may have its id.
                Optional<Job> job = change.job(jobId).filter(found -> found.status() == JobStatus.DELETION_IN_PROGRESS);
                if (job.isEmpty()) {
                    return false;
                }
                for (JobExecution execution : some) {
                    RolloutRows.leave(change.rows(), jobId, execution.thing());
                    JobRows.execution(change.rows(), execution.id()).ifPresent(change::delete);
                }
                boolean none = RolloutRows.leaveSome(change.rows(), jobId, SOME) < SOME
                        && JobRows.executions(change.rows(), jobId, "", 1).isEmpty();
                if (none) {
                    change.delete(job.get());
                }
                return !none;
            });
        }
    }

    /** Shows the queued executions of a job in a maintenance window, or hides them outside of it.
     *
     * @param subject the job, and the key of the last execution that was looked at
     */
    void sweep(String subject) {
        String jobId = Keys.part(subject, 0);
        String after = subject.equals(jobId) ? "" : subject;
        List<JobExecution> some = jobs.read(rows -> JobRows.executions(rows, jobId, after, SOME));
        boolean unused = jobs.<Boolean, RuntimeException>write(things(some), change -> {
            Job job = change.job(jobId)
                    .filter(found -> found.status().isRunning())
                    .orElse(null);
            if (job == null) {
                return false;
            }
            boolean open = Schedule.of(job).isOpen(change.now());
            some.forEach(execution -> JobRows.execution(change.rows(), execution.id())
                    .filter(found -> found.status() == ExecutionStatus.QUEUED)
                    .ifPresent(found -> change.show(found, open)));
            if (some.size() == SOME) {
                change.later(
                        change.now() + 1,
                        JobTask.SWEEP,
                        JobRows.key(some.getLast().id()));
            }
            return true;
        });
    }

    private static List<String> things(List<JobExecution> executions) {
        return executions.stream().map(JobExecution::thing).distinct().toList();
    }
}
