package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which things a job still goes to, in tables. */
final class RolloutRows {
    /** Source: AWS IoT developer guide, "Job limits": how many jobs roll out or cancel executions at the same time. */
    static final int MAX_CONCURRENT = 500;

    /** Job: the minute of its roll-out. It has a row while it rolls out. */
    private static final Table ROLLOUTS = new Table("job_rollouts");

    /** Job and thing: nothing. The thing has no execution of the job yet. */
    private static final Table WAITING = new Table("job_waiting_things");

    /** Job: the cancellation of its executions. It has a row while they are cancelled. */
    private static final Table CANCELLATIONS = new Table("job_cancellations");

    /** Target and job: nothing. Things that come to the target get the continuous job. */
    private static final Table CONTINUOUS = new Table("job_continuous_targets");

    /** Thing and job: when the job was made. The thing belongs to the targets of the continuous job. */
    static final Table MEMBERS = new Table("job_members");

    /** Job and thing: nothing. The same the other way round. */
    private static final Table MEMBERS_OF = new Table("job_members_of");

    /** Job: nothing. The job is being deleted. */
    private static final Table DELETIONS = new Table("job_deletions");

    /** Source: service model {@code iot-2015-05-28}, DeleteJob: how many jobs are deleted at the same time. */
    static final int MAX_DELETIONS = 10;

    private static final byte[] NOTHING = {};

    private RolloutRows() {}

    /** How executions are cancelled.
     *
     * @param force whether those in progress are cancelled too
     * @param after the key of the last execution that was looked at; empty before the first one
     */
    record Cancellation(boolean force, String after) {}

    /** Has things wait for their executions, and things that come to the targets of a continuous job get it.
     *
     * @param targets ARNs
     */
    static void add(Transaction rows, Job job, Collection<String> targets, Collection<String> things) {
        things.forEach(thing -> rows.put(WAITING, Keys.of(job.id(), thing), NOTHING));
        if (job.targetSelection() == TargetSelection.CONTINUOUS) {
            things.forEach(thing -> join(rows, job, thing));
            targets.forEach(target -> rows.put(CONTINUOUS, Keys.of(target, job.id()), NOTHING));
        }
    }

    /** The end time of a job has come: nothing more of it comes to things. Things keep their executions as long as they
     * belong to the targets.
     */
    static void stopRollout(Transaction rows, Job job) {
        rows.delete(ROLLOUTS, job.id());
        rows.forEach(WAITING, Keys.prefix(job.id()), row -> rows.delete(WAITING, row.key()));
    }

    /** A job is over. */
    static void stop(Transaction rows, Job job) {
        stopRollout(rows, job);
        job.targets().forEach(target -> rows.delete(CONTINUOUS, Keys.of(target, job.id())));
    }

    /** Things that wait, in the order of their names. */
    static List<String> waiting(Snapshot rows, String jobId, int most) {
        return rows.page(WAITING, Keys.prefix(jobId), "", most).stream()
                .map(row -> Keys.part(row.key(), 1))
                .toList();
    }

    static boolean isWaiting(Snapshot rows, String jobId) {
        return !rows.page(WAITING, Keys.prefix(jobId), "", 1).isEmpty();
    }

    static void await(Transaction rows, String jobId, String thing) {
        rows.put(WAITING, Keys.of(jobId, thing), NOTHING);
    }

    /** Ends the waiting of a thing.
     *
     * @return whether it waited
     */
    static boolean take(Transaction rows, String jobId, String thing) {
        String key = Keys.of(jobId, thing);
        boolean waited = rows.get(WAITING, key).isPresent();
        rows.delete(WAITING, key);
        return waited;
    }

    static Optional<Rollout> rollout(Snapshot rows, String jobId) {
        return rows.get(ROLLOUTS, jobId).map(bytes -> JobRows.read(bytes, Rollout.class));
    }

    static void put(Transaction rows, String jobId, Rollout rollout) {
        rows.put(ROLLOUTS, jobId, JobRows.bytes(rollout));
    }

    /** The roll-out pauses, or is over. */
    static void end(Transaction rows, String jobId) {
        rows.delete(ROLLOUTS, jobId);
    }

    static Optional<Cancellation> cancellation(Snapshot rows, String jobId) {
        return rows.get(CANCELLATIONS, jobId).map(bytes -> JobRows.read(bytes, Cancellation.class));
    }

    static void put(Transaction rows, String jobId, Cancellation cancellation) {
        rows.put(CANCELLATIONS, jobId, JobRows.bytes(cancellation));
    }

    static void endCancellation(Transaction rows, String jobId) {
        rows.delete(CANCELLATIONS, jobId);
    }

    static void delete(Transaction rows, String jobId) {
        rows.put(DELETIONS, jobId, NOTHING);
    }

    /** The job is deleted. */
    static void forget(Transaction rows, String jobId) {
        rows.delete(CANCELLATIONS, jobId);
        rows.delete(DELETIONS, jobId);
    }

    /** How many jobs are being deleted. */
    static int deletions(Snapshot rows) {
        return rows.page(DELETIONS, "", "", MAX_DELETIONS).size();
    }

    /** Whether a job rolls out or cancels executions. */
    static boolean isConcurrent(Snapshot rows, String jobId) {
        return rows.get(ROLLOUTS, jobId).isPresent()
                || rows.get(CANCELLATIONS, jobId).isPresent();
    }

    /** Whether no further job may roll out. */
    static boolean isFull(Snapshot rows) {
        return rows.page(ROLLOUTS, "", "", MAX_CONCURRENT).size()
                        + rows.page(CANCELLATIONS, "", "", MAX_CONCURRENT).size()
                >= MAX_CONCURRENT;
    }

    /** The continuous jobs of targets. */
    static Set<String> continuous(Snapshot rows, Collection<String> targets) {
        Set<String> ids = new TreeSet<>();
        for (String target : targets) {
            rows.forEach(CONTINUOUS, Keys.prefix(target), row -> ids.add(Keys.part(row.key(), 1)));
        }
        return ids;
    }

    static void join(Transaction rows, Job job, String thing) {
        rows.put(MEMBERS, Keys.of(thing, job.id()), createdAt(job));
        rows.put(MEMBERS_OF, Keys.of(job.id(), thing), NOTHING);
    }

    static void leave(Transaction rows, String jobId, String thing) {
        rows.delete(MEMBERS, Keys.of(thing, jobId));
        rows.delete(MEMBERS_OF, Keys.of(jobId, thing));
    }

    /** Has some things belong to the targets of a job no longer.
     *
     * @return how many
     */
    static int leaveSome(Transaction rows, String jobId, int most) {
        List<Row> some = rows.page(MEMBERS_OF, Keys.prefix(jobId), "", most);
        some.forEach(row -> leave(rows, jobId, Keys.part(row.key(), 1)));
        return some.size();
    }

    /** Whether a thing belongs to the targets of this continuous job, and not of one before it with the same id. */
    static boolean isMember(Snapshot rows, Job job, String thing) {
        return rows.get(MEMBERS, Keys.of(thing, job.id()))
                .filter(bytes -> Arrays.equals(bytes, createdAt(job)))
                .isPresent();
    }

    /** The jobs to whose targets a thing belonged when it was last looked at. */
    static Set<String> jobsOf(Snapshot rows, String thing) {
        Set<String> ids = new TreeSet<>();
        rows.forEach(MEMBERS, Keys.prefix(thing), row -> ids.add(Keys.part(row.key(), 1)));
        return ids;
    }

    private static byte[] createdAt(Job job) {
        return Long.toString(job.times().createdAt()).getBytes(StandardCharsets.US_ASCII);
    }
}
