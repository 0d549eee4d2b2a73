package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import dev.roundtrip.mqtt.Defects;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Brings jobs to things that come into their groups, and removes them from things that leave or are deleted. The
 * change of the thing leaves a row, in the same transaction; a restart finishes what the row asks for. Thread-safe.
 */
final class ThingChanges implements Registry.Follower, Registry.Listener {
    /** Thing: when it was deleted, in milliseconds; 0 when only its groups changed. */
    private static final Table CHANGED = new Table("job_thing_changes");

    private static final int SOME = 100;

    private final Jobs jobs;

    ThingChanges(Jobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public void deleted(Transaction rows, String thingName) {
        put(rows, thingName, jobs.millis());
    }

    @Override
    public void moved(Transaction rows, String thingName) {
        if (rows.get(CHANGED, thingName).isEmpty()) {
            put(rows, thingName, 0);
        }
    }

    @Override
    public void changed(Set<String> certificateIds) {
        // Jobs are of things.
    }

    @Override
    public void missedTooMuch() {
        // Jobs are of things.
    }

    @Override
    public void deleted(String thingName) {
        finish(thingName);
    }

    @Override
    public void moved(String thingName) {
        finish(thingName);
    }

    private static void put(Transaction rows, String thing, long deletedAt) {
        rows.put(CHANGED, thing, Long.toString(deletedAt).getBytes(StandardCharsets.US_ASCII));
    }

    /** Finishes what an earlier process did not, also for things that somebody deleted while no process ran. */
    void start() {
        List<String> things = jobs.<List<String>, RuntimeException>read(rows -> {
            Set<String> unfinished = new TreeSet<>();
            rows.forEach(CHANGED, "", row -> unfinished.add(row.key()));
            addUnregistered(rows, QueueRows.QUEUE, unfinished);
            addUnregistered(rows, RolloutRows.MEMBERS, unfinished);
            return List.copyOf(unfinished);
        });
        things.forEach(this::finish);
    }

    /** Adds things that have rows and are not registered; looks at one row of each thing.
     *
     * @param table whose keys begin with the thing
     */
    private static void addUnregistered(Snapshot rows, Table table, Set<String> unregistered) {
        List<Row> first = rows.page(table, "", "", 1);
        while (!first.isEmpty()) {
            String thing = Keys.part(first.getFirst().key(), 0);
            if (ThingRegistry.id(rows, thing).isEmpty()) {
                unregistered.add(thing);
            }
            // Behind all rows of the thing: its keys go on with U+0000.
            first = rows.page(table, "", thing + '\u0001', 1);
        }
    }

    /** Does what a change of a thing asks for. */
    private void finish(String thing) {
        try {
            boolean more = true;
            while (more) {
                more = jobs.<Boolean, RuntimeException>write(thing, change -> step(change, thing), unused -> {});
            }
        } catch (RuntimeException failed) {
            // The thing is changed, and whoever asked for that knows it. The row stays until it is done.
            Defects.log("Jobs did not follow the change of a thing, and try again", failed);
            jobs.again(() -> finish(thing));
        }
    }

    /** @return whether there may be more to do */
    private boolean step(JobTransaction change, String thing) {
        Transaction rows = change.rows();
        boolean registered = ThingRegistry.id(rows, thing).isPresent();
        long deletedAt = rows.get(CHANGED, thing)
                .map(bytes -> Long.parseLong(new String(bytes, StandardCharsets.US_ASCII)))
                .orElse(0L);
        long before = registered ? deletedAt : Long.MAX_VALUE;
        List<JobExecution> gone = QueueRows.pending(rows, thing, SOME).stream()
                .filter(execution -> execution.queuedAt() <= before)
                .toList();
        gone.forEach(execution -> JobCourse.remove(change, execution));
        if (gone.size() == SOME) {
            return true;
        }
        int changed = 0;
        Set<String> wanted = registered ? RolloutRows.continuous(rows, targetsOf(rows, thing)) : Set.of();
        for (String jobId : RolloutRows.jobsOf(rows, thing)) {
            if (!wanted.contains(jobId) || wasQueuedUntil(rows, thing, jobId, deletedAt)) {
                leave(change, thing, jobId);
                changed++;
            }
        }
        for (String jobId : wanted) {
            Job job = change.job(jobId).orElse(null);
            if (job != null && !RolloutRows.isMember(rows, job, thing) && changed < SOME) {
                join(change, thing, job);
                changed++;
            }
        }
        if (changed == 0) {
            rows.delete(CHANGED, thing);
        } else if (deletedAt != 0) {
            put(change.rows(), thing, 0);
        }
        return changed > 0;
    }

    private List<String> targetsOf(Snapshot rows, String thing) {
        List<String> targets = new ArrayList<>(jobs.registry().groupsOf(rows, thing));
        targets.add(jobs.registry().account().thingArn(thing));
        return targets;
    }

    /** Whether an execution is of a thing that had the name before. */
    private static boolean wasQueuedUntil(Snapshot rows, String thing, String jobId, long deletedAt) {
        Optional<JobExecution> latest = JobRows.latest(rows, thing, jobId);
        return latest.filter(execution -> execution.queuedAt() <= deletedAt).isPresent();
    }

    private static void leave(JobTransaction change, String thing, String jobId) {
        // Another job may have the id by now.
        boolean runs = change.job(jobId)
                .filter(job -> job.status().isRunning() && RolloutRows.isMember(change.rows(), job, thing))
                .isPresent();
        RolloutRows.leave(change.rows(), jobId, thing);
        if (runs) {
            boolean unused = RolloutRows.take(change.rows(), jobId, thing);
            JobRows.latest(change.rows(), thing, jobId).ifPresent(execution -> JobCourse.remove(change, execution));
            JobCourse.completeIfDone(change, jobId);
        }
    }

    /** New members are not throttled. Source: AWS IoT developer guide, "Job rollout rates". */
    private static void join(JobTransaction change, String thing, Job job) {
        RolloutRows.join(change.rows(), job, thing);
        if (Schedule.of(job).hasEnded(change.now())) {
            return;
        }
        switch (job.status()) {
            case IN_PROGRESS -> {
                boolean unused = RolloutRows.take(change.rows(), job.id(), thing);
                var unusedExecution = change.queue(job.id(), thing, JobExecution.Retries.NONE);
            }
            case SCHEDULED -> RolloutRows.await(change.rows(), job.id(), thing);
            case COMPLETED, CANCELED, DELETION_IN_PROGRESS -> {
                // Nothing more of it comes to things.
            }
        }
    }
}
