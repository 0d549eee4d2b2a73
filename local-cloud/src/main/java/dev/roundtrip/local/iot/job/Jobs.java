package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import dev.roundtrip.local.store.table.TableStore.Work;
import dev.roundtrip.local.time.ServiceClock;
import dev.roundtrip.mqtt.Defects;
import dev.roundtrip.mqtt.ServicePublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Jobs and their executions: changes them, tells subscribers, and ends executions whose time is over. Thread-safe; may
 * block for the store.
 */
public final class Jobs {
    private static final int SOME = 100;

    /** How long timers that could not be served wait before they are tried again; our choice. */
    private static final long AGAIN_MILLIS = 1_000;

    private final TableStore store;
    private final ServiceClock clock;
    private final JobNotifications notifications;
    private final Registry registry;
    private final JobTimers timers;
    private final JobRates rates;
    private final DocumentValues values;
    private final ThingLocks locks = new ThingLocks();

    /** What a change brought, with what subscribers are told. */
    private record Kept<T>(T result, JobTransaction.Told told, long now) {}

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
        this.timers = new JobTimers(clock, limits.lateness(), this::timeOut);
        this.rates = new JobRates(clock, limits);
        this.values = values;
    }

    /** Goes on where an earlier process ended, and hears of things that are deleted. Called once. */
    public void start() {
        registry.listen(new Registry.Listener() {
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
                remove(thingName);
            }
        });
        armNext();
        this.<List<String>, RuntimeException>read(rows -> {
                    List<String> ids = new ArrayList<>();
                    rows.forEach(JobRows.JOBS, "", row -> {
                        if (JobRows.read(row.value(), Job.class).status() == JobStatus.DELETION_IN_PROGRESS) {
                            ids.add(row.key());
                        }
                    });
                    return ids;
                })
                .forEach(this::deleteAll);
    }

    /** Whether there is a job of this id. */
    public static boolean has(Snapshot rows, String id) {
        return JobRows.job(rows, id).isPresent();
    }

    /** Deletes the executions of a job bit by bit, and then the job. */
    void deleteAll(String jobId) {
        boolean more = true;
        while (more) {
            more = this.<Boolean, RuntimeException>writeAll(change -> {
                // Somebody else may have deleted it, and another job may have its id.
                if (change.job(jobId)
                        .filter(job -> job.status() == JobStatus.DELETION_IN_PROGRESS)
                        .isEmpty()) {
                    return false;
                }
                List<Row> some = change.rows().page(JobRows.EXECUTIONS, Keys.prefix(jobId), "", SOME);
                some.forEach(row -> change.delete(JobRows.read(row.value(), JobExecution.class)));
                if (some.isEmpty()) {
                    change.job(jobId).ifPresent(change::delete);
                }
                return !some.isEmpty();
            });
        }
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
        try (ThingLocks.Held held = locks.one(thing)) {
            return keep(change, then);
        }
    }

    /** Changes jobs and executions of any things. */
    <T, E extends Exception> T writeAll(Work<JobTransaction, T, E> change) throws E {
        try (ThingLocks.Held held = locks.all()) {
            return keep(change, result -> {});
        }
    }

    private <T, E extends Exception> T keep(Work<JobTransaction, T, E> change, Consumer<T> then) throws E {
        Kept<T> kept = store.<Kept<T>, E>write(rows -> {
            long now = clock.millis();
            JobTransaction transaction = new JobTransaction(rows, now);
            T result = change.in(transaction);
            return new Kept<>(result, transaction.told(), now);
        });
        if (kept.told().firstTimer() != 0) {
            timers.arm(kept.told().firstTimer());
        }
        then.accept(kept.result());
        try {
            notifications.tell(kept.told(), kept.now());
        } catch (RuntimeException failure) {
            // What was asked for is done, and whoever asked knows it.
            Defects.log("Subscribers were not told of a change of jobs", failure);
        }
        return kept.result();
    }

    /** Ends the executions whose timers ended. */
    private void timeOut(long now) {
        try {
            List<JobRows.Timer> ended;
            do {
                ended = this.<List<JobRows.Timer>, RuntimeException>read(rows -> JobRows.timers(rows, SOME)).stream()
                        .filter(timer -> timers.isDue(timer.end(), now))
                        .toList();
                ended.forEach(this::timeOut);
            } while (ended.size() == SOME);
            armNext();
        } catch (RuntimeException failed) {
            timers.arm(now + AGAIN_MILLIS);
            throw failed;
        }
    }

    private void timeOut(JobRows.Timer timer) {
        this.<Boolean, RuntimeException>write(
                timer.execution().thing(),
                change -> {
                    Optional<JobExecution> before = JobRows.execution(change.rows(), timer.execution())
                            .filter(execution -> execution.timers().next() == timer.end());
                    before.ifPresent(execution ->
                            change.change(execution, execution.ended(ExecutionStatus.TIMED_OUT, change.now())));
                    return before.isPresent();
                },
                changed -> {});
    }

    private void armNext() {
        this.<List<JobRows.Timer>, RuntimeException>read(rows -> JobRows.timers(rows, 1))
                .forEach(timer -> timers.arm(timer.end()));
    }

    /** Removes what is pending on a thing that is gone. */
    private void remove(String thing) {
        boolean more = true;
        while (more) {
            more = this.<Boolean, RuntimeException>write(
                    thing,
                    change -> {
                        List<JobExecution> pending = JobRows.pending(change.rows(), thing, SOME);
                        pending.forEach(execution ->
                                change.change(execution, execution.ended(ExecutionStatus.REMOVED, change.now())));
                        return pending.size() == SOME;
                    },
                    unused -> {});
        }
    }
}
