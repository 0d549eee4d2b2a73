package dev.roundtrip.local.iot.job;

/** Starts and ends jobs at their times, and opens and closes their maintenance windows. Each change may be made twice:
 * a job is brought to where its schedule has it now.
 */
final class JobCalendar {
    private JobCalendar() {}

    /** The status of a job that is made now. */
    static JobStatus atFirst(JobConfigs configs, long now) {
        return Schedule.of(configs.schedulingConfig()).isOpen(now) ? JobStatus.IN_PROGRESS : JobStatus.SCHEDULED;
    }

    /** Begins with a job that is made. */
    static void begin(JobTransaction change, Job job) {
        Schedule schedule = Schedule.of(job);
        if (job.status() == JobStatus.IN_PROGRESS) {
            JobCourse.rollOut(change, job);
        } else if (schedule.start() > change.now()) {
            change.later(schedule.start(), JobTask.START, job.id());
        }
        if (schedule.end() != 0) {
            change.later(schedule.end(), JobTask.END, job.id());
        }
        laterWindow(change, job);
    }

    private static void laterWindow(JobTransaction change, Job job) {
        Schedule schedule = Schedule.of(job);
        long next = schedule.nextWindow(Math.max(change.now(), schedule.start()));
        if (next != 0) {
            change.later(next, JobTask.WINDOW, job.id());
        }
    }

    /** The start time has come. */
    static boolean start(JobTransaction change, String jobId) {
        Job job = change.job(jobId).orElse(null);
        if (job != null
                && job.status() == JobStatus.SCHEDULED
                && Schedule.of(job).isOpen(change.now())) {
            open(change, job);
        }
        return true;
    }

    /** A maintenance window opens or closes. */
    static boolean window(JobTransaction change, String jobId) {
        Job job = change.job(jobId).filter(found -> found.status().isRunning()).orElse(null);
        if (job == null || Schedule.of(job).windows().isEmpty()) {
            return false;
        }
        laterWindow(change, job);
        if (!Schedule.of(job).isOpen(change.now())) {
            RolloutRows.end(change.rows(), jobId);
            if (job.status() != JobStatus.SCHEDULED) {
                change.change(job, job.in(JobStatus.SCHEDULED, change.now()));
            }
            change.later(change.now(), JobTask.SWEEP, jobId);
        } else if (job.status() == JobStatus.SCHEDULED) {
            open(change, job);
        } else if (RolloutRows.isWaiting(change.rows(), jobId)) {
            // It goes on where a step of its roll-out came between two windows.
            JobCourse.rollOut(change, job);
        }
        return true;
    }

    private static void open(JobTransaction change, Job job) {
        if (RolloutRows.isFull(change.rows())) {
            JobCourse.cancel(change, job, OpenFacts.NO_ROOM_AT_START);
            return;
        }
        Job opened = job.in(JobStatus.IN_PROGRESS, change.now());
        change.change(job, opened);
        JobCourse.rollOut(change, opened);
        change.later(change.now(), JobTask.SWEEP, job.id());
    }

    /** The end time has come. */
    static boolean end(JobTransaction change, String jobId) {
        Job job = change.job(jobId).filter(found -> found.status().isRunning()).orElse(null);
        if (job == null || !Schedule.of(job).hasEnded(change.now())) {
            return false;
        }
        RolloutRows.stopRollout(change.rows(), job);
        switch (Schedule.of(job).endBehavior()) {
            case STOP_ROLLOUT -> JobCourse.completeIfDone(change, jobId);
            case CANCEL -> JobCourse.cancelExecutions(change, jobId, false);
            case FORCE_CANCEL -> JobCourse.cancelExecutions(change, jobId, true);
        }
        return true;
    }
}
