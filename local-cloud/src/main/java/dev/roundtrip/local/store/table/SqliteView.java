package dev.roundtrip.local.store.table;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows that a connection sees in its transaction, until the end of a work. */
class SqliteView implements TableStore.Snapshot, AutoCloseable {
    private final SqliteConnection connection;
    private final Path file;
    private boolean over;
    private @Nullable SQLException failure;

    SqliteView(SqliteConnection connection, Path file) {
        this.connection = connection;
        this.file = file;
    }

    @Override
    public Optional<byte[]> get(Table table, String key) {
        byte[] bytes = KeyBytes.of(key);
        return ask(rows -> rows.get(table, bytes));
    }

    @Override
    public List<Row> page(Table table, String prefix, String after, int most) {
        KeyBytes.Range range = KeyBytes.Range.of(prefix, after, most);
        return ask(rows -> range.isEmpty() ? List.of() : rows.page(table, range));
    }

    /** What is asked of the connection. */
    @FunctionalInterface
    interface Question<T> {
        T of(SqliteConnection connection) throws SQLException;
    }

    final <T> T ask(Question<T> question) {
        if (over) {
            throw new IllegalStateException("the work of this view is over");
        }
        try {
            return question.of(connection);
        } catch (SQLException failed) {
            failure = failed;
            throw SqliteFailure.of(file, failed);
        }
    }

    /** How a question failed last, which the work may have taken no notice of; null when none did. */
    final @Nullable SQLException failure() {
        return failure;
    }

    @Override
    public final void close() {
        over = true;
    }

    /** The same for who may write. */
    static final class OfWriter extends SqliteView implements TableStore.Transaction {
        OfWriter(SqliteConnection connection, Path file) {
            super(connection, file);
        }

        @Override
        public void put(Table table, String key, byte[] value) {
            byte[] bytes = KeyBytes.of(key);
            var unused = ask(rows -> {
                rows.put(table, bytes, value);
                return true;
            });
        }

        @Override
        public void delete(Table table, String key) {
            byte[] bytes = KeyBytes.of(key);
            var unused = ask(rows -> {
                rows.delete(table, bytes);
                return true;
            });
        }
    }
}
