package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One change of jobs and executions, in all their tables. Collects what subscribers are told once it is kept. Used
 * inside the store's work, by its thread.
 */
final class JobTransaction {
    private final Transaction rows;
    private final long now;
    private final Map<String, Optional<JobExecution.Id>> nextBefore = new LinkedHashMap<>();
    private final Set<String> changedQueues = new LinkedHashSet<>();
    private final List<JobEvent> events = new ArrayList<>();
    private final List<Later> tasks = new ArrayList<>();
    private long firstTimer;

    /** @param now in milliseconds since the epoch */
    JobTransaction(Transaction rows, long now) {
        this.rows = rows;
        this.now = now;
    }

    /** What {@link JobRows} reads; what other tables it writes. */
    Transaction rows() {
        return rows;
    }

    /** The moment of the change, in milliseconds since the epoch. */
    long now() {
        return now;
    }

    Optional<Job> job(String id) {
        return JobRows.job(rows, id);
    }

    /** Writes a new job with its document. */
    void create(Job job, String document) {
        rows.put(JobRows.JOBS, job.id(), JobRows.bytes(job));
        rows.put(JobRows.DOCUMENTS, job.id(), document.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a job in the place of the same one before. */
    void change(Job before, Job after) {
        rows.put(JobRows.JOBS, after.id(), JobRows.bytes(after));
        if (before.status() != after.status()) {
            if (!after.status().isRunning()) {
                RolloutRows.stop(rows, before);
            }
            if (after.status() == JobStatus.DELETION_IN_PROGRESS) {
                RolloutRows.delete(rows, after.id());
            }
            events.addAll(JobEvent.ofJob(rows, after, now));
        }
    }

    /** Deletes a job that has no execution. */
    void delete(Job job) {
        rows.delete(JobRows.JOBS, job.id());
        rows.delete(JobRows.DOCUMENTS, job.id());
        rows.delete(JobRows.COUNTS, job.id());
        RolloutRows.forget(rows, job.id());
        events.addAll(JobEvent.ofJob(rows, job, "DELETED", now));
    }

    /** Queues a job on a thing, behind what is queued there; its number is the next one. It is hidden outside of the
     * job's maintenance windows.
     *
     * @param retries how often it was tried before
     */
    JobExecution queue(String jobId, String thing, JobExecution.Retries retries) {
        Optional<JobExecution> before = JobRows.latest(rows, thing, jobId);
        long number = before.map(JobExecution::number).orElse(0L) + 1;
        JobExecution queued =
                JobExecution.queued(new JobExecution.Id(thing, jobId, number), JobRows.nextPlace(rows), now, retries);
        remember(thing);
        JobRows.put(rows, queued);
        if (job(jobId).map(job -> Schedule.of(job).isOpen(now)).orElse(true)) {
            changedQueues.add(thing);
        } else {
            QueueRows.hide(rows, queued);
        }
        before.ifPresent(earlier -> count(jobId, earlier.status(), -1));
        count(jobId, ExecutionStatus.QUEUED, 1);
        return queued;
    }

    /** Writes an execution in the place of the same one before. When it is over, its job may go on or end: see
     * {@link JobCourse}.
     */
    void change(JobExecution before, JobExecution after) {
        remember(before.thing());
        boolean listed = QueueRows.isListed(rows, before);
        JobRows.unlist(rows, before);
        JobRows.put(rows, after);
        long timer = after.timers().next();
        firstTimer = timer == 0 || (firstTimer != 0 && firstTimer < timer) ? firstTimer : timer;
        if (before.status() != after.status()) {
            if (isLatest(after)) {
                count(after.jobId(), before.status(), -1);
                count(after.jobId(), after.status(), 1);
            }
            if (after.status().isTerminal()) {
                if (listed) {
                    changedQueues.add(after.thing());
                }
                events.addAll(JobEvent.ofExecution(rows, after, now));
                JobCourse.ended(this, after);
            }
        }
    }

    /** Shows a queued execution to its thing, or hides it. */
    void show(JobExecution queued, boolean shown) {
        if (QueueRows.isListed(rows, queued) != shown) {
            remember(queued.thing());
            changedQueues.add(queued.thing());
            if (shown) {
                QueueRows.list(rows, queued);
            } else {
                QueueRows.hide(rows, queued);
            }
        }
    }

    /** Deletes an execution. */
    void delete(JobExecution execution) {
        remember(execution.thing());
        boolean latest = isLatest(execution);
        if (QueueRows.isListed(rows, execution)) {
            changedQueues.add(execution.thing());
        }
        JobRows.delete(rows, execution);
        if (latest) {
            count(execution.jobId(), execution.status(), -1);
            JobRows.latest(rows, execution.thing(), execution.jobId())
                    .ifPresent(earlier -> count(execution.jobId(), earlier.status(), 1));
        }
        events.addAll(JobEvent.ofDeleted(rows, execution, now));
    }

    private boolean isLatest(JobExecution execution) {
        return JobRows.latest(rows, execution.thing(), execution.jobId())
                .filter(latest -> latest.number() == execution.number())
                .isPresent();
    }

    private void count(String jobId, ExecutionStatus status, long difference) {
        rows.put(
                JobRows.COUNTS, jobId, JobRows.bytes(JobRows.counts(rows, jobId).plus(status, difference)));
    }

    private void remember(String thing) {
        if (!nextBefore.containsKey(thing)) {
            nextBefore.put(thing, QueueRows.next(rows, thing));
        }
    }

    void tell(List<JobEvent> more) {
        events.addAll(more);
    }

    /** Has something be done later; a restart does not forget it.
     *
     * @param time in milliseconds since the epoch
     */
    void later(long time, JobTask task, String subject) {
        tasks.add(new Later(time, task, subject));
    }

    /** What is to be done later.
     *
     * @param time in milliseconds since the epoch
     */
    record Later(long time, JobTask what, String subject) {}

    /** What is to be done later, at the end of the work. */
    List<Later> tasks() {
        return tasks;
    }

    /** What subscribers are told.
     *
     * @param lists things whose pending executions became more or fewer: {@code notify}
     * @param nexts things that get another execution next: {@code notify-next}
     * @param firstTimer when the first timer of the changed executions ends, in milliseconds; 0 when there is none
     */
    record Told(Set<String> lists, Set<String> nexts, List<JobEvent> events, long firstTimer) {}

    /** What subscribers are told, at the end of the work.
     *
     * <p>Source: AWS IoT developer guide, "Jobs notifications", the series of examples: a change of status alone is
     * told only where another execution becomes the next one.
     */
    Told told() {
        Set<String> nexts = new LinkedHashSet<>();
        nextBefore.forEach((thing, before) -> {
            if (!QueueRows.next(rows, thing).equals(before)) {
                nexts.add(thing);
            }
        });
        return new Told(changedQueues, nexts, events, firstTimer);
    }
}
