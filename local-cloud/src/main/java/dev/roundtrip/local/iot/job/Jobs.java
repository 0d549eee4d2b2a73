package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import dev.roundtrip.local.store.table.TableStore.Work;
import dev.roundtrip.local.time.ServiceClock;
import dev.roundtrip.local.time.Timetable;
import dev.roundtrip.mqtt.Defects;
import dev.roundtrip.mqtt.ServicePublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Jobs and their executions: changes them, tells subscribers, and does what is due. Thread-safe; may block for the
 * store.
 */
public final class Jobs {
    /** Moment, task and subject. */
    private static final Table TIMETABLE = new Table("job_timetable");

    /** Our choice. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final TableStore store;
    private final ServiceClock clock;
    private final JobNotifications notifications;
    private final Registry registry;
    private final ExecutionTimers timers;
    private final JobRates rates;
    private final DocumentValues values;
    private final Timetable<JobTask> timetable;
    private final JobSteps steps = new JobSteps(this);
    private final ThingChanges things = new ThingChanges(this);
    private final ThingLocks locks = new ThingLocks();

    /** What a change brought, with what subscribers are told. */
    private record Kept<T>(T result, JobTransaction transaction, JobTransaction.Told told) {}

    /** Jobs.
     *
     * @param store has their rows
     * @param publisher tells subscribers
     * @param clock of the services
     * @param registry knows the things
     * @param values stand in documents in the place of URLs and signatures
     */
    public Jobs(
            TableStore store,
            ServicePublisher publisher,
            ServiceClock clock,
            Registry registry,
            JobLimits limits,
            DocumentValues values) {
        this.store = store;
        this.clock = clock;
        this.registry = registry;
        this.notifications = new JobNotifications(store, publisher, registry.account(), values);
        this.timers = new ExecutionTimers(this, clock, limits.lateness());
        this.rates = new JobRates(clock, limits);
        this.values = values;
        this.timetable = new Timetable<>(JobTask.class, TIMETABLE, store, clock, this::due);
    }

    /** Goes on where an earlier process ended, and hears of things that change. Called once, when the registry knows
     * the groups of things.
     */
    public void start() {
        registry.follow(things);
        registry.listen(things);
        timers.start();
        timetable.start();
        things.start();
        this.<List<String>, RuntimeException>read(rows -> {
                    List<String> ids = new ArrayList<>();
                    rows.forEach(JobRows.JOBS, "", row -> {
                        if (JobRows.read(row.value(), Job.class).status() == JobStatus.DELETION_IN_PROGRESS) {
                            ids.add(row.key());
                        }
                    });
                    return ids;
                })
                .forEach(id -> this.<Boolean, RuntimeException>changeJob(id, change -> {
                    change.later(change.now(), JobTask.DELETE, id);
                    return true;
                }));
    }

    private void due(JobTask task, String subject) {
        switch (task) {
            case START -> changeJob(subject, change -> JobCalendar.start(change, subject));
            case ROLL_OUT -> steps.rollOut(subject);
            case CANCEL -> steps.cancelSome(subject);
            case WINDOW -> changeJob(subject, change -> JobCalendar.window(change, subject));
            case SWEEP -> steps.sweep(subject);
            case END -> changeJob(subject, change -> JobCalendar.end(change, subject));
            case DELETE -> steps.deleteAll(subject);
        }
    }

    /** Whether there is a job of this id. */
    public static boolean has(Snapshot rows, String id) {
        return JobRows.job(rows, id).isPresent();
    }

    JobSteps steps() {
        return steps;
    }

    Registry registry() {
        return registry;
    }

    JobRates rates() {
        return rates;
    }

    DocumentValues values() {
        return values;
    }

    long millis() {
        return clock.millis();
    }

    /** Does once more, a little later, what has failed. */
    void again(Runnable work) {
        var unused = clock.at(clock.instant().plus(AGAIN), work);
    }

    <T, E extends Exception> T read(Work<Snapshot, T, E> work) throws E {
        return store.read(work);
    }

    /** Changes rows that no execution depends on. */
    <T, E extends Exception> T writeRows(Work<Transaction, T, E> work) throws E {
        return store.write(work);
    }

    /** Changes executions of one thing, and what follows from it for their jobs.
     *
     * @param then answers who asked, before subscribers are told
     */
    <T, E extends Exception> T write(String thing, Work<JobTransaction, T, E> change, Consumer<T> then) throws E {
        try (ThingLocks.Held held = locks.of(List.of(thing))) {
            return keep(change, then);
        }
    }

    /** Changes executions of some things, and what follows from it for their jobs.
     *
     * @param some not many
     */
    <T, E extends Exception> T write(Collection<String> some, Work<JobTransaction, T, E> change) throws E {
        try (ThingLocks.Held held = locks.of(some)) {
            return keep(change, result -> {});
        }
    }

    /** Changes a job, and no execution. */
    <T, E extends Exception> T changeJob(String jobId, Work<JobTransaction, T, E> change) throws E {
        // No thing has such a name.
        return write(List.of("job/" + jobId), change);
    }

    private <T, E extends Exception> T keep(Work<JobTransaction, T, E> change, Consumer<T> then) throws E {
        Kept<T> kept = store.<Kept<T>, E>write(rows -> {
            JobTransaction transaction = new JobTransaction(rows, clock.millis());
            T result = change.in(transaction);
            transaction
                    .tasks()
                    .forEach(task ->
                            timetable.put(rows, Instant.ofEpochMilli(task.time()), task.what(), task.subject()));
            return new Kept<>(result, transaction, transaction.told());
        });
        // It is written: whoever asked is answered and subscribers are told, whatever becomes of the rest.
        try {
            watch(kept);
        } finally {
            try {
                then.accept(kept.result());
            } finally {
                tell(kept);
            }
        }
        return kept.result();
    }

    private void watch(Kept<?> kept) {
        if (kept.told().firstTimer() != 0) {
            timers.arm(kept.told().firstTimer());
        }
        kept.transaction().tasks().forEach(task -> timetable.watch(Instant.ofEpochMilli(task.time())));
    }

    private void tell(Kept<?> kept) {
        try {
            notifications.tell(kept.told(), kept.transaction().now());
        } catch (RuntimeException failure) {
            // What was asked for is done, and whoever asked knows it.
            Defects.log("Subscribers were not told of a change of jobs", failure);
        }
    }
}
