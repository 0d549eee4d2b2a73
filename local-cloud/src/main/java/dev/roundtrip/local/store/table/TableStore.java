package dev.roundtrip.local.store.table;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps the rows of services. Thread-safe.
 *
 * <p>Work is handed a view that is of no use after the work's end. Work does not block, asks nobody else, and calls the
 * store no second time. It may run on another thread than its caller's. Keys are ordered by their bytes in UTF-8; one
 * with half a surrogate pair is refused with an {@link IllegalArgumentException}.
 */
public interface TableStore extends AutoCloseable {

    /** What is asked of a store in one go.
     *
     * @param <V> what the work may do
     * @param <T> what comes of it
     * @param <E> how it fails
     */
    @FunctionalInterface
    interface Work<V, T, E extends Exception> {
        T in(V view) throws E;
    }

    /** The rows as they are at one moment. */
    interface Snapshot {
        /** How many rows are in memory at once when all are read; our choice. */
        int PAGE = 500;

        /** The value of a key. */
        Optional<byte[]> get(Table table, String key);

        /** Rows in the order of their keys.
         *
         * @param prefix with which all keys begin; may be empty
         * @param after all keys are greater; may be empty
         * @param most how many at most, 1 or more
         */
        List<Row> page(Table table, String prefix, String after, int most);

        /** Hands over all rows whose keys begin so, in their order. Those that were handed over may be deleted. */
        default void forEach(Table table, String prefix, Consumer<Row> consumer) {
            String after = "";
            List<Row> rows;
            do {
                rows = page(table, prefix, after, PAGE);
                rows.forEach(consumer);
                after = rows.isEmpty() ? "" : rows.getLast().key();
            } while (rows.size() == PAGE);
        }
    }

    /** A transaction: sees what it wrote; all of it is kept, or nothing. */
    interface Transaction extends Snapshot {
        /** Writes a row, in the place of one with the same key. */
        void put(Table table, String key, byte[] value);

        /** Removes a row, if there is one. */
        void delete(Table table, String key);
    }

    /** Reads.
     *
     * @throws StoreException when the store cannot be read, or is closed
     */
    <T, E extends Exception> T read(Work<Snapshot, T, E> work) throws E;

    /** Writes. One transaction comes after the other; when this returns, the writes survive the death of the process.
     *
     * @throws E when the work fails; then it has written nothing
     * @throws StoreException when the store cannot be written, such as on a full disk, or is closed; then nothing is
     *     written
     */
    <T, E extends Exception> T write(Work<Transaction, T, E> work) throws E;

    /** Ends the write under way, and lets go of the file. Does nothing the second time. */
    @Override
    void close();
}
