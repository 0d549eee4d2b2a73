package dev.roundtrip.protocol;

import org.jspecify.annotations.Nullable;

/** Where a request stands among the ordered requests of its lane.
 *
 * @param sequence the device runs the request only if this is greater than the last one that ran, 1 to
 *     {@link #MAX_SEQUENCE}
 * @param after the device runs it only if the last one that ran is exactly this, 0 for none, less than
 *     {@code sequence}; null when any will do
 * @param epoch the device runs it only if its counters are these; null when any will do
 */
public record Order(
        long sequence, @Nullable Long after, @Nullable Epoch epoch) {
    /** The greatest whole number that every JSON reader keeps, 2^53 − 1; source: RFC 8259, section 6. */
    public static final long MAX_SEQUENCE = (1L << 53) - 1;

    /** @throws IllegalArgumentException when a number is out of its range */
    public Order {
        if (sequence < 1 || sequence > MAX_SEQUENCE) {
            throw new IllegalArgumentException("sequence must be a whole number from 1 to " + MAX_SEQUENCE);
        }
        if (after != null && (after < 0 || after >= sequence)) {
            throw new IllegalArgumentException("after must be a whole number from 0, and less than sequence");
        }
    }

    /** An order by the sequence alone. */
    public Order(long sequence) {
        this(sequence, null, null);
    }
}
