package dev.roundtrip.local.store.table;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** Tables in memory, which end with the process. Thread-safe: reads share, a write is alone. */
public final class InMemoryTables implements TableStore {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
    private final Map<Table, NavigableMap<byte[], byte[]>> tables = new HashMap<>();
    private boolean closed;

    @Override
    public <T, E extends Exception> T read(Work<Snapshot, T, E> work) throws E {
        refuseWorkInWork();
        lock.readLock().lock();
        try (View view = new View()) {
            refuseClosed();
            return work.in(view);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public <T, E extends Exception> T write(Work<Transaction, T, E> work) throws E {
        refuseWorkInWork();
        lock.writeLock().lock();
        try (Change change = new Change()) {
            refuseClosed();
            T result = work.in(change);
            change.keep();
            return result;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void refuseWorkInWork() {
        if (lock.getReadHoldCount() > 0 || lock.isWriteLockedByCurrentThread()) {
            throw new IllegalStateException("work asks the store that it works in");
        }
    }

    private void refuseClosed() {
        if (closed) {
            throw new StoreException("the store is closed");
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            tables.clear();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private NavigableMap<byte[], byte[]> rows(Table table) {
        NavigableMap<byte[], byte[]> rows = tables.get(table);
        return rows == null ? new TreeMap<>(Arrays::compareUnsigned) : rows;
    }

    /** The rows, while the lock is held. */
    private class View implements Snapshot, AutoCloseable {
        private boolean over;

        @Override
        public Optional<byte[]> get(Table table, String key) {
            refuseWhenOver();
            return Optional.ofNullable(rows(table).get(KeyBytes.of(key)));
        }

        @Override
        public List<Row> page(Table table, String prefix, String after, int most) {
            refuseWhenOver();
            KeyBytes.Range range = KeyBytes.Range.of(prefix, after, most);
            List<Row> page = new ArrayList<>();
            if (range.isEmpty()) {
                return page;
            }
            for (Map.Entry<byte[], byte[]> row :
                    rows(table).subMap(range.from(), range.to()).entrySet()) {
                if (page.size() == range.most()) {
                    break;
                }
                page.add(new Row(KeyBytes.text(row.getKey()), row.getValue()));
            }
            return page;
        }

        void refuseWhenOver() {
            if (over) {
                throw new IllegalStateException("the work of this view is over");
            }
        }

        @Override
        public void close() {
            over = true;
        }
    }

    /** Writes at once, and takes it back when the work fails. */
    private final class Change extends View implements Transaction {
        private final Deque<Before> before = new ArrayDeque<>();

        @Override
        public void put(Table table, String key, byte[] value) {
            refuseWhenOver();
            byte[] bytes = KeyBytes.of(key);
            byte[] old = tables.computeIfAbsent(table, name -> new TreeMap<>(Arrays::compareUnsigned))
                    .put(bytes, value);
            before.push(new Before(table, bytes, old));
        }

        @Override
        public void delete(Table table, String key) {
            refuseWhenOver();
            byte[] bytes = KeyBytes.of(key);
            byte[] old = rows(table).remove(bytes);
            if (old != null) {
                before.push(new Before(table, bytes, old));
            }
        }

        void keep() {
            before.clear();
        }

        @Override
        public void close() {
            super.close();
            for (Before row : before) {
                if (row.value() == null) {
                    rows(row.table()).remove(row.key());
                } else {
                    rows(row.table()).put(row.key(), row.value());
                }
            }
        }
    }

    /** A row as it was.
     *
     * @param value null where there was none
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Before(Table table, byte[] key, byte @Nullable [] value) {}
}
