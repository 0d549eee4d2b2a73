package dev.roundtrip.local.time;

import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What is to be done at a time, in rows, so that a restart forgets nothing. One timer of the clock waits for the
 * earliest. Thread-safe.
 *
 * @param <T> what is to be done
 */
public final class Timetable<T extends Enum<T>> {
    /** How many tasks are read at once, and how long after a failure the next try comes; our choice. */
    private static final int PAGE = 100;

    private static final int ENTRY = Byte.BYTES + Long.BYTES;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofHours(1);

    private final Class<T> tasks;
    private final Table due;
    private final TableStore store;
    private final ServiceClock clock;
    private final Work<T> work;
    private final EarliestTimer timer;

    /** Does what is due.
     *
     * @param <T> what is to be done
     */
    @FunctionalInterface
    public interface Work<T> {
        /** The row of the task is removed afterwards: a task that is done twice must do no harm.
         *
         * @param subject the key of a row
         */
        void due(T task, String subject);
    }

    /** Does nothing before {@link #start}.
     *
     * @param table holds what is to be done, and nothing else
     */
    public Timetable(Class<T> tasks, Table table, TableStore store, ServiceClock clock, Work<T> work) {
        this.tasks = tasks;
        this.due = table;
        this.store = store;
        this.clock = clock;
        this.work = work;
        this.timer = new EarliestTimer(clock, this::run);
    }

    private static String key(Instant time, Enum<?> task, String subject) {
        return Keys.of(Keys.number(Math.max(0, time.toEpochMilli())), task.name()) + '\0' + subject;
    }

    /** Writes what is to be done; {@link #watch} the time after the transaction.
     *
     * @param subject the key of a row
     */
    public void put(Transaction rows, Instant time, T task, String subject) {
        rows.put(due, key(time, task, subject), entry(0));
    }

    /** What a row holds: how often the task failed, and a number that tells it from the same task that is written again
     * while it is done.
     */
    private static byte[] entry(int failures) {
        return ByteBuffer.allocate(ENTRY)
                .put((byte) Math.min(failures, Byte.MAX_VALUE))
                .putLong(ThreadLocalRandom.current().nextLong())
                .array();
    }

    /** A row of an earlier version has a byte for each failure, and no number. */
    private static int failures(byte[] entry) {
        return entry.length == ENTRY ? entry[0] : entry.length;
    }

    /** What was to be done at that time is not to be done any more; where it failed and is tried again, it still is. */
    public void remove(Transaction rows, Instant time, T task, String subject) {
        rows.delete(due, key(time, task, subject));
    }

    private static Instant time(String key) {
        return Instant.ofEpochMilli(Long.parseLong(Keys.part(key, 0)));
    }

    /** Begins, with what was due while nobody looked. */
    public void start() {
        List<Row> first = store.read(rows -> rows.page(due, "", "", 1));
        if (!first.isEmpty()) {
            watch(time(first.getFirst().key()));
        }
    }

    /** Something is due at a time, and its row is written. */
    public void watch(Instant time) {
        timer.watch(time);
    }

    private void run() {
        try {
            doWhatIsDue();
        } catch (RuntimeException | Error failed) {
            watch(clock.instant().plus(RETRY));
            throw failed;
        }
    }

    /** Does each task that is due. One that fails comes again later, and the others are done.
     *
     * @throws IllegalStateException when a task failed
     */
    private void doWhatIsDue() {
        Throwable failure = null;
        List<Row> rows = first();
        while (!rows.isEmpty()) {
            for (Row row : rows) {
                Instant time = time(row.key());
                if (time.isAfter(clock.instant())) {
                    watch(time);
                    tell(failure);
                    return;
                }
                Throwable failed = perform(row);
                failure = failure == null ? failed : failure;
            }
            rows = first();
        }
    }

    private List<Row> first() {
        return store.read(rows -> rows.page(due, "", "", PAGE));
    }

    private static void tell(@Nullable Throwable failure) {
        if (failure != null) {
            throw new IllegalStateException("what was to be done at a time failed, and is tried again", failure);
        }
    }

    /** Null when it is done. */
    private @Nullable Throwable perform(Row row) {
        String[] parts = row.key().split("\0", 3);
        try {
            work.due(Enum.valueOf(tasks, parts[1]), parts[2]);
        } catch (RuntimeException | Error failed) {
            int failures = failures(row.value()) + 1;
            String again = Keys.of(Keys.number(later(failures)), parts[1]) + '\0' + parts[2];
            store.write(rows -> {
                if (delete(rows, row)) {
                    rows.put(due, again, entry(failures));
                }
                return true;
            });
            return failed;
        }
        boolean unused = store.<Boolean, RuntimeException>write(rows -> delete(rows, row));
        return null;
    }

    /** Deletes a row, unless the same task was written again for the same time, or removed.
     *
     * @return whether it was there
     */
    private boolean delete(Transaction rows, Row row) {
        boolean isThere = rows.get(due, row.key())
                .filter(now -> Arrays.equals(now, row.value()))
                .isPresent();
        if (isThere) {
            rows.delete(due, row.key());
        }
        return isThere;
    }

    /** When a task comes again that failed so often: after a second, then after twice as long each time, at most an
     * hour; our choice.
     */
    private long later(int failures) {
        Duration pause = RETRY.multipliedBy(1L << Math.min(failures - 1, 12));
        return clock.instant()
                .plus(pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause)
                .toEpochMilli();
    }
}
