package dev.roundtrip.local.store.table;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/** Connections that read, at most a number of them; opened when they are needed. Thread-safe. */
final class SqliteReaders implements AutoCloseable {
    private final Path file;
    private final int most;
    private final Semaphore places;
    private final Deque<SqliteConnection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    SqliteReaders(Path file, int most) {
        this.file = file;
        this.most = most;
        this.places = new Semaphore(most, true);
    }

    /** Reads in a transaction, which sees one moment.
     *
     * @throws StoreException when the file cannot be read, or the readers are closed
     */
    <T, E extends Exception> T read(TableStore.Work<TableStore.Snapshot, T, E> work) throws E {
        places.acquireUninterruptibly();
        try {
            SqliteConnection connection = take();
            try (SqliteView view = new SqliteView(connection, file)) {
                return work.in(view);
            } finally {
                connection.rollBack();
                idle.push(connection);
            }
        } finally {
            places.release();
        }
    }

    private SqliteConnection take() {
        if (closed) {
            throw new StoreException("the store is closed");
        }
        SqliteConnection connection = idle.poll();
        try {
            if (connection == null) {
                connection = SqliteConnection.open(file);
            }
            connection.execute("BEGIN");
            return connection;
        } catch (SQLException failed) {
            if (connection != null) {
                connection.close();
            }
            throw SqliteFailure.of(file, failed);
        }
    }

    /** Waits for reads under way. */
    @Override
    public void close() {
        closed = true;
        places.acquireUninterruptibly(most);
        try {
            for (SqliteConnection connection = idle.poll(); connection != null; connection = idle.poll()) {
                connection.close();
            }
        } finally {
            places.release(most);
        }
    }
}
