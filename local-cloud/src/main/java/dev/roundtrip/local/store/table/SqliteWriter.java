package dev.roundtrip.local.store.table;

import dev.roundtrip.cli.SystemReason;
import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.StateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The one thread that writes. Works that wait at the same time share a transaction of the file: it costs the most, and
 * each of them is answered after its end. A savepoint for each work keeps them apart.
 */
final class SqliteWriter implements Runnable {
    /** How many works share a transaction at most; our choice. */
    private static final int BATCH = 128;

    private final Path file;
    private final Migrations migrations;
    private final WriteQueue queue;
    private @Nullable SqliteConnection connection;
    private volatile boolean opened;

    SqliteWriter(Path file, Migrations migrations, WriteQueue queue) {
        this.file = file;
        this.migrations = migrations;
        this.queue = queue;
    }

    /** Whether the file has this version's schema. */
    boolean hasOpened() {
        return opened;
    }

    @Override
    public void run() {
        if (Files.exists(file)) {
            openAhead();
        }
        List<PendingWrite<?, ?>> batch = queue.next(BATCH);
        while (!batch.isEmpty()) {
            writeAll(batch);
            batch = queue.next(BATCH);
        }
        disconnect();
    }

    /** So that the first who reads or writes need not wait for the library. */
    private void openAhead() {
        try {
            var unused = connection();
        } catch (StoreException | SQLException failed) {
            // The first who reads or writes tries again, and hears of it.
        }
    }

    private void writeAll(List<PendingWrite<?, ?>> batch) {
        try {
            SqliteConnection open = connection();
            open.execute("BEGIN IMMEDIATE");
            for (PendingWrite<?, ?> write : batch) {
                writeOne(open, write);
            }
            open.execute("COMMIT");
        } catch (SQLException failed) {
            disconnect();
            batch.forEach(write -> write.fail(SqliteFailure.of(file, failed)));
        } catch (StoreException failed) {
            disconnect();
            batch.forEach(write -> write.fail(new StoreException(String.valueOf(failed.getMessage()), failed)));
        } catch (RuntimeException | Error defect) {
            disconnect();
            batch.forEach(write -> write.fail(new StoreException("cannot write " + file, defect)));
        } finally {
            batch.forEach(PendingWrite::end);
        }
    }

    /** @throws SQLException when the whole transaction is lost */
    private void writeOne(SqliteConnection open, PendingWrite<?, ?> write) throws SQLException {
        open.execute("SAVEPOINT work");
        SQLException failure;
        boolean done;
        try (SqliteView.OfWriter view = new SqliteView.OfWriter(open, file)) {
            done = write.run(view);
            failure = view.failure();
        }
        if (failure != null) {
            if (!SqliteFailure.isOfStatement(failure)) {
                throw failure;
            }
            // Also where the work went on in spite of it.
            write.fail(SqliteFailure.of(file, failure));
        }
        if (!done || failure != null) {
            // Fails where SQLite has taken back the transaction.
            open.execute("ROLLBACK TO work");
        }
        open.execute("RELEASE work");
    }

    private SqliteConnection connection() throws SQLException {
        SqliteConnection open = connection;
        if (open == null) {
            open = open();
            connection = open;
            opened = true;
        }
        return open;
    }

    private SqliteConnection open() throws SQLException {
        Path directory = Objects.requireNonNull(file.getParent(), "an absolute file is in a directory");
        try {
            // SQLite's further files are as private as this one.
            PrivateFiles.createFile(file);
            NativeLibrary.load(directory);
        } catch (StateException failed) {
            throw new StoreException(String.valueOf(failed.getMessage()), failed);
        } catch (IOException failed) {
            throw new StoreException(
                    "cannot load SQLite from " + directory + ": " + SystemReason.of(failed)
                            + "; mend that, or give another directory with --state",
                    failed);
        }
        return SqliteConnection.migrated(file, migrations);
    }

    /** After a failure the next write connects anew. */
    private void disconnect() {
        SqliteConnection open = connection;
        if (open != null) {
            open.rollBack();
            open.close();
            connection = null;
        }
    }
}
