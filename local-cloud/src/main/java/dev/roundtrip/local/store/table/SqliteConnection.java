package dev.roundtrip.local.store.table;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/** A connection to the file, with the statements that a store needs. For one thread at a time. */
final class SqliteConnection implements AutoCloseable {
    /** For the moments in which another process has the file: a command that found no cloud running, for example. */
    private static final int BUSY_MILLIS = 5_000;

    /** To which the log ahead is cut after it was longer. */
    private static final int LOG_BYTES = 4 << 20;

    private final Connection connection;
    private final Statement statement;
    private final PreparedStatement get;
    private final PreparedStatement page;
    private final PreparedStatement put;
    private final PreparedStatement delete;

    private SqliteConnection(Connection connection) throws SQLException {
        this.connection = connection;
        this.statement = connection.createStatement();
        this.get = connection.prepareStatement("SELECT value FROM entries WHERE table_name = ? AND key = ?");
        this.page = connection.prepareStatement("SELECT key, value FROM entries WHERE table_name = ? AND key >= ?"
                + " AND key < ? ORDER BY key LIMIT ?");
        this.put = connection.prepareStatement(
                "INSERT INTO entries (table_name, key, value) VALUES (?, ?, ?) ON CONFLICT (table_name, key)"
                        + " DO UPDATE SET value = excluded.value");
        this.delete = connection.prepareStatement("DELETE FROM entries WHERE table_name = ? AND key = ?");
    }

    /** Opens a file that is there, and applies the migrations that it lacks.
     *
     * @throws StoreException when the file is of a newer version
     */
    static SqliteConnection migrated(Path file, Migrations migrations) throws SQLException {
        Connection connection = connect(file);
        try {
            migrate(connection, file, migrations);
            return new SqliteConnection(connection);
        } catch (SQLException | RuntimeException failed) {
            connection.close();
            throw failed;
        }
    }

    /** Opens a file that {@link #migrated} opened before. */
    static SqliteConnection open(Path file) throws SQLException {
        Connection connection = connect(file);
        try {
            return new SqliteConnection(connection);
        } catch (SQLException | RuntimeException failed) {
            connection.close();
            throw failed;
        }
    }

    private static Connection connect(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // The death of the process loses nothing, a power cut may lose the last writes and corrupts nothing.
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        // What a savepoint needs beside the file would be in the directory for temporary files.
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setJournalSizeLimit(LOG_BYTES);
        // As a URI, since the driver takes what follows a question mark for settings.
        String address = JDBC.PREFIX + file.toUri();
        return JDBC.createConnection(address, config.toProperties());
    }

    private static void migrate(Connection connection, Path file, Migrations migrations) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int version = version(statement);
            migrations.check(file, version);
            for (Migrations.Migration migration : migrations.after(version)) {
                version++;
                statement.execute("BEGIN IMMEDIATE");
                try {
                    // Another process may have been faster.
                    if (version(statement) < version) {
                        for (String change : migration.statements()) {
                            statement.execute(change);
                        }
                        statement.execute("PRAGMA user_version = " + version);
                    }
                    statement.execute("COMMIT");
                } catch (SQLException failed) {
                    rollBack(statement);
                    throw failed;
                }
                // So that the header has the version, which is read there without SQLite.
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("PRAGMA user_version")) {
            return result.next() ? result.getInt(1) : 0;
        }
    }

    Optional<byte[]> get(Table table, byte[] key) throws SQLException {
        get.setString(1, table.name());
        get.setBytes(2, key);
        try (ResultSet result = get.executeQuery()) {
            return result.next() ? Optional.of(bytes(result, 1)) : Optional.empty();
        }
    }

    List<Row> page(Table table, KeyBytes.Range range) throws SQLException {
        page.setString(1, table.name());
        page.setBytes(2, range.from());
        page.setBytes(3, range.to());
        page.setInt(4, range.most());
        try (ResultSet result = page.executeQuery()) {
            List<Row> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(new Row(KeyBytes.text(bytes(result, 1)), bytes(result, 2)));
            }
            return rows;
        }
    }

    void put(Table table, byte[] key, byte[] value) throws SQLException {
        put.setString(1, table.name());
        put.setBytes(2, key);
        put.setBytes(3, value);
        put.executeUpdate();
    }

    void delete(Table table, byte[] key) throws SQLException {
        delete.setString(1, table.name());
        delete.setBytes(2, key);
        delete.executeUpdate();
    }

    /** The driver gives null for a value without bytes. */
    private static byte[] bytes(ResultSet result, int column) throws SQLException {
        byte[] bytes = result.getBytes(column);
        return bytes == null ? new byte[0] : bytes;
    }

    /** Runs a statement without result, such as {@code BEGIN}. */
    void execute(String sql) throws SQLException {
        statement.execute(sql);
    }

    /** Takes back the transaction, if there is one: after some failures SQLite has done so already. */
    void rollBack() {
        rollBack(statement);
    }

    private static void rollBack(Statement statement) {
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException alreadyDone) {
            // There is no transaction.
        }
    }

    /** The last connection writes the log into the file and deletes the log. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException failed) {
            // What was committed is in the file or in the log.
        }
    }
}
