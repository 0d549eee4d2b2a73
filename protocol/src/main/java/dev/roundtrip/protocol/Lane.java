package dev.roundtrip.protocol;

import org.jspecify.annotations.Nullable;

/** The state of one lane of a device, in which ordered requests run one after the other.
 *
 * @param name the lane: a method's name, unless the device's author joined methods in one
 * @param epoch which counters these are
 * @param last the sequence of the last request that ran, 0 for none, to {@link Order#MAX_SEQUENCE}
 * @param lastId the id of that request, null for none
 */
public record Lane(
        Method name, Epoch epoch, long last, @Nullable MessageId lastId) {

    /** @throws IllegalArgumentException when {@code last} is out of its range */
    public Lane {
        if (last < 0 || last > Order.MAX_SEQUENCE) {
            throw new IllegalArgumentException("last must be a whole number from 0 to " + Order.MAX_SEQUENCE);
        }
    }
}
