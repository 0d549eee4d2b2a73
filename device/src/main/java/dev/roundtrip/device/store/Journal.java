package dev.roundtrip.device.store;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** Where entries are kept, one after the other. Used by one thread at a time. */
public interface Journal extends Closeable {

    /** What an earlier run of the device left, oldest first; empty for a device that never ran. */
    List<Entry> earlier();

    /** Whether the counters are not to be trusted, because an entry cannot be read. */
    boolean isDamaged();

    /** Whether entries outlive the process. */
    boolean isDurable();

    /** Keeps entries. A durable journal returns when a power cut cannot take them any more.
     *
     * @throws IOException when none of them is kept
     */
    void append(List<Entry> entries) throws IOException;

    /** Replaces all entries when the journal has become long. Where that fails, the earlier ones are still kept.
     *
     * @param everything all that must be kept from now on; asked for when the journal is long
     */
    void shorten(Supplier<List<Entry>> everything);

    /** Replaces all entries.
     *
     * @throws IOException when they are not replaced; the earlier ones are still kept
     */
    void replace(List<Entry> everything) throws IOException;

    /** Keeps nothing. */
    static Journal none() {
        return new Journal() {
            @Override
            public List<Entry> earlier() {
                return List.of();
            }

            @Override
            public boolean isDamaged() {
                return false;
            }

            @Override
            public boolean isDurable() {
                return false;
            }

            @Override
            public void append(List<Entry> entries) {}

            @Override
            public void shorten(Supplier<List<Entry>> everything) {}

            @Override
            public void replace(List<Entry> everything) {}

            @Override
            public void close() {}
        };
    }
}
