package dev.roundtrip.local.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The last steps of everything that happened, as many as the bounds permit; the oldest go first.
 *
 * <p>Thread-safe. Recording takes no lock and does not block; event loops share two counters and an array. Reading
 * takes no lock and delays nobody who records.
 */
public final class Journal implements Recorder {
    /** How much of each payload is kept, in bytes; our choice. */
    public static final int MAX_PAYLOAD_BYTES = 2_048;

    private final Bounds bounds;
    private final int mask;
    private final AtomicReferenceArray<@Nullable Entry> ring;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong payloadBytes = new AtomicLong();
    private final AtomicLong oldestPayload = new AtomicLong();

    /** How much a journal keeps.
     *
     * @param entries how many entries, a power of two
     * @param payloadBytes how many bytes of payloads; 0 keeps none
     */
    public record Bounds(int entries, long payloadBytes) {
        /** 65,536 entries, which is at least 5,461 calls of twelve steps, and 16 MiB of payloads; our choice. */
        public static final Bounds DEFAULT = new Bounds(1 << 16, 16L << 20);

        public Bounds {
            if (Integer.bitCount(entries) != 1 || payloadBytes < 0) {
                throw new IllegalArgumentException("entries must be a power of two, payloadBytes 0 or more");
            }
        }

        /** The same without payloads. */
        public Bounds withoutPayloads() {
            return new Bounds(entries, 0);
        }
    }

    public Journal(Bounds bounds) {
        this.bounds = bounds;
        this.mask = bounds.entries() - 1;
        this.ring = new AtomicReferenceArray<>(bounds.entries());
    }

    @Override
    public void record(Entry entry) {
        long sequence = next.getAndIncrement();
        byte[] kept = kept(entry.payload());
        entry.place(sequence, System.nanoTime(), kept);
        if (!displace(entry) || kept == null) {
            return;
        }
        boolean full = payloadBytes.addAndGet(kept.length) > bounds.payloadBytes();
        if (oldestPayload.get() > sequence) {
            free(entry); // Others looked for this payload before it was there.
        } else if (full) {
            dropOldestPayloads();
        }
    }

    /** Puts an entry in its place; false when so many came since it was numbered that a later one is there already. */
    private boolean displace(Entry entry) {
        int place = (int) entry.sequence() & mask;
        while (true) {
            Entry last = ring.get(place);
            if (last != null && last.sequence() > entry.sequence()) {
                return false;
            }
            if (ring.compareAndSet(place, last, entry)) {
                if (last != null) {
                    free(last);
                }
                return true;
            }
        }
    }

    private byte @Nullable [] kept(byte @Nullable [] payload) {
        if (payload == null || bounds.payloadBytes() == 0) {
            return null;
        }
        return payload.length <= MAX_PAYLOAD_BYTES ? payload : Arrays.copyOf(payload, MAX_PAYLOAD_BYTES);
    }

    private void dropOldestPayloads() {
        long reached = oldestPayload.get();
        while (payloadBytes.get() > bounds.payloadBytes() && reached < next.get()) {
            long oldest = Math.max(reached, first());
            if (oldestPayload.compareAndSet(reached, oldest + 1)) {
                Entry entry = ring.get((int) oldest & mask);
                if (entry != null && entry.sequence() == oldest) {
                    free(entry);
                }
            }
            reached = oldestPayload.get();
        }
    }

    private void free(Entry entry) {
        int freed = entry.dropPayload();
        if (freed > 0) {
            payloadBytes.addAndGet(-freed);
        }
    }

    /** Entries in order, from one number on.
     *
     * @param from the number of the first; when that one is gone already, the oldest that is there
     * @param most how many at most, 1 or more
     * @return may stop before an entry that is being recorded at this moment
     */
    public List<Entry> entries(long from, int most) {
        List<Entry> found = new ArrayList<>();
        long end = next.get();
        for (long sequence = Math.max(from, first()); sequence < end && found.size() < most; sequence++) {
            Entry entry = ring.get((int) sequence & mask);
            if (entry == null || entry.sequence() < sequence) {
                break; // It has a number, and is not there yet.
            }
            if (entry.sequence() == sequence) {
                found.add(entry);
            }
        }
        return found;
    }

    /** The number of the oldest entry that may be there. */
    public long first() {
        return Math.max(0, next.get() - bounds.entries());
    }

    /** The number of the next entry. */
    public long next() {
        return next.get();
    }

    /** How many bytes of payloads are kept; may exceed the bound for a moment, by one payload for each thread. */
    public long payloadBytes() {
        return payloadBytes.get();
    }

    public Bounds bounds() {
        return bounds;
    }
}
