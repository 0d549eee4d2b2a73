package dev.roundtrip.local.store.table;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Tables in a file of SQLite. Thread-safe.
 *
 * <p>Writes survive the death of the process when they return. A power cut may lose the last of them, and leaves the
 * file whole. A file that is there is opened by a thread of the store, while others go on. One that is not there is
 * made by the first write, before which SQLite is not loaded.
 */
public final class SqliteTables implements TableStore {
    /** How many writes wait at most, before who writes waits for a place; our choice. */
    private static final int WAITING_WRITES = 1_024;

    /** How many read at the same time; our choice, since a read takes some microseconds. */
    private static final int READERS = 4;

    private final Path file;
    private final WriteQueue queue = new WriteQueue(WAITING_WRITES);
    private final SqliteWriter writer;
    private final SqliteReaders readers;
    private final ThreadLocal<@Nullable Boolean> working = new ThreadLocal<>();

    /** What is read while there is no file. */
    private final InMemoryTables nothing = new InMemoryTables();

    private @Nullable Thread thread;
    private boolean closed;

    private SqliteTables(Path file, Migrations migrations) {
        this.file = file;
        this.writer = new SqliteWriter(file, migrations, queue);
        this.readers = new SqliteReaders(file, READERS);
    }

    /** A store in a file, in a directory that is there and private.
     *
     * @throws StoreException when the file is no database, or was written by a newer version
     */
    public static SqliteTables at(Path file) {
        return at(file, Migrations.KNOWN);
    }

    static SqliteTables at(Path file, Migrations migrations) {
        Path absolute = file.toAbsolutePath();
        migrations.check(absolute);
        SqliteTables tables = new SqliteTables(absolute, migrations);
        if (Files.exists(absolute)) {
            tables.startThread();
        }
        return tables;
    }

    @Override
    public <T, E extends Exception> T read(Work<Snapshot, T, E> work) throws E {
        refuseWorkInWork();
        if (!writer.hasOpened()) {
            if (Files.notExists(file)) {
                return readNothing(work);
            }
            // The writer makes the schema. When it cannot, its reason comes out here.
            var unused = pass(transaction -> true);
        }
        working.set(true);
        try {
            return readers.read(work);
        } finally {
            working.remove();
        }
    }

    private <T, E extends Exception> T readNothing(Work<Snapshot, T, E> work) throws E {
        working.set(true);
        try {
            return nothing.read(work);
        } finally {
            working.remove();
        }
    }

    @Override
    public <T, E extends Exception> T write(Work<Transaction, T, E> work) throws E {
        refuseWorkInWork();
        return pass(work);
    }

    private <T, E extends Exception> T pass(Work<Transaction, T, E> work) throws E {
        startThread();
        PendingWrite<T, E> write = new PendingWrite<>(work);
        queue.add(write);
        return write.await();
    }

    private synchronized void startThread() {
        if (thread == null && !closed) {
            Thread started = new Thread(writer, "store");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    private synchronized @Nullable Thread endThread() {
        closed = true;
        return thread;
    }

    @SuppressWarnings("ReferenceEquality") // Threads are compared by what they are.
    private synchronized void refuseWorkInWork() {
        if (working.get() != null || Thread.currentThread() == thread) {
            throw new IllegalStateException("work asks the store that it works in");
        }
    }

    /** Ends the writes that wait, and lets go of the file. Does nothing the second time. */
    @Override
    public void close() {
        refuseWorkInWork();
        Thread writing = endThread();
        queue.close();
        nothing.close();
        readers.close();
        if (writing != null) {
            join(writing);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
