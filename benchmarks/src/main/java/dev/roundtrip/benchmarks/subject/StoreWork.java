package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;

/** Work of a store of tables, from the call until it returns, on a virtual thread for each piece of work. Each lane has
 * rows of its own, about as long as a small shadow.
 */
public final class StoreWork implements RoundTrips {
    private static final Table ROWS = new Table("benchmark");
    private static final int BYTES = 512;

    private final int lanes;
    private final IntConsumer work;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private StoreWork(int lanes, IntConsumer work) {
        this.lanes = lanes;
        this.work = work;
    }

    /** The virtual thread alone: what the others are compared with. */
    public static StoreWork nothing(int lanes) {
        return new StoreWork(lanes, lane -> {});
    }

    /** Transactions that write rows; the store writes those that wait at once together.
     *
     * @param rows how many rows each transaction writes, 1 or more
     */
    public static StoreWork writes(TableStore store, int lanes, int rows) {
        byte[] value = new byte[BYTES];
        return new StoreWork(
                lanes,
                lane -> store.write(transaction -> {
                    for (int row = 0; row < rows; row++) {
                        transaction.put(ROWS, key(lane, row), value);
                    }
                    return rows;
                }));
    }

    /** Reads of one row, which is written first. */
    public static StoreWork reads(TableStore store, int lanes) {
        byte[] value = new byte[BYTES];
        store.write(transaction -> {
            for (int lane = 0; lane < lanes; lane++) {
                transaction.put(ROWS, key(lane, 0), value);
            }
            return lanes;
        });
        return new StoreWork(lanes, lane -> {
            var unused = store.read(rows -> rows.get(ROWS, key(lane, 0))).orElseThrow();
        });
    }

    private static String key(int lane, int row) {
        return lane + "/" + row;
    }

    @Override
    public int lanes() {
        return lanes;
    }

    @Override
    public void ask(int lane, Asker asker) {
        threads.execute(() -> asker.ended(ending(lane)));
    }

    private Ending ending(int lane) {
        try {
            work.accept(lane);
            return Ending.ANSWERED;
        } catch (RuntimeException failed) {
            return Ending.FAILED;
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
