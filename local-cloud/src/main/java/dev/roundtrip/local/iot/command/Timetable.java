package dev.roundtrip.local.iot.command;

import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import dev.roundtrip.local.time.ServiceClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be done at a time, in rows, so that a restart forgets nothing. One timer of the clock waits for the
 * earliest. Thread-safe.
 */
final class Timetable {
    private static final Table DUE = new Table("command_timetable");
    private static final byte[] NOTHING = {};

    /** How many tasks are read at once, and how long after a failure the next try comes; our choice. */
    private static final int PAGE = 100;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final TableStore store;
    private final ServiceClock clock;
    private final Work work;

    /** What the timer waits for; guarded by this. */
    private @Nullable Instant armed;

    private ServiceClock.@Nullable Timer timer;

    /** What is to be done. */
    enum Task {
        END_TIME,
        FORGET_EXECUTION,
        FORGET_COMMAND
    }

    /** Does what is due. */
    @FunctionalInterface
    interface Work {
        /** The row of the task is removed afterwards: a task that is done twice must do no harm.
         *
         * @param subject the key of a row
         */
        void due(Task task, String subject);
    }

    Timetable(TableStore store, ServiceClock clock, Work work) {
        this.store = store;
        this.clock = clock;
        this.work = work;
    }

    private static String key(Instant time, Task task, String subject) {
        return Keys.of(Keys.number(Math.max(0, time.toEpochMilli())), task.name()) + '\0' + subject;
    }

    static void put(Transaction rows, Instant time, Task task, String subject) {
        rows.put(DUE, key(time, task, subject), NOTHING);
    }

    static void remove(Transaction rows, Instant time, Task task, String subject) {
        rows.delete(DUE, key(time, task, subject));
    }

    private static Instant time(String key) {
        return Instant.ofEpochMilli(Long.parseLong(Keys.part(key, 0)));
    }

    /** Begins, with what was due while nobody looked. */
    void start() {
        List<Row> first = store.read(rows -> rows.page(DUE, "", "", 1));
        if (!first.isEmpty()) {
            watch(time(first.getFirst().key()));
        }
    }

    /** Something is due at a time, and its row is written. */
    synchronized void watch(Instant time) {
        if (armed == null || time.isBefore(armed)) {
            if (timer != null) {
                timer.cancel();
            }
            armed = time;
            timer = clock.at(time, this::run);
        }
    }

    private synchronized void disarm() {
        armed = null;
        timer = null;
    }

    private void run() {
        disarm();
        try {
            doWhatIsDue();
        } catch (RuntimeException failed) {
            watch(clock.instant().plus(RETRY));
            throw failed;
        }
    }

    private void doWhatIsDue() {
        while (true) {
            List<Row> rows = store.read(snapshot -> snapshot.page(DUE, "", "", PAGE));
            for (Row row : rows) {
                Instant time = time(row.key());
                if (time.isAfter(clock.instant())) {
                    watch(time);
                    return;
                }
                String[] parts = row.key().split("\0", 3);
                work.due(Task.valueOf(parts[1]), parts[2]);
                store.write(transaction -> {
                    transaction.delete(DUE, row.key());
                    return true;
                });
            }
            if (rows.size() < PAGE) {
                return;
            }
        }
    }
}
