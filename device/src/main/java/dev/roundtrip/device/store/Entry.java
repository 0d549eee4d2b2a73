package dev.roundtrip.device.store;

import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.RequestKey;
import dev.roundtrip.protocol.WireId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of a journal. */
public sealed interface Entry {

    /** The epoch of the lanes in which nothing has run yet.
     *
     * @param epoch drawn at random when the counters were new, or lost
     */
    record Opened(Epoch epoch) implements Entry {}

    /** The counters of a lane are these.
     *
     * @param lane name, epoch and last
     */
    record Counted(Lane lane) implements Entry {}

    /** A call begins.
     *
     * @param id the call, and the connection that hears its answer
     * @param key what names its effect; null when nothing does
     * @param lane the counters of its lane, this call included; null when it is not ordered
     * @param deadline until when the call may be repeated
     */
    record Begun(
            WireId id, @Nullable RequestKey key, @Nullable Lane lane, Instant deadline) implements Entry {}

    /** A call that began has ended.
     *
     * @param id the call
     * @param outcome how
     * @param at when, by the device's clock
     */
    record Ended(MessageId id, Outcome outcome, Instant at) implements Entry {}

    /** A call that began has done nothing, and was refused.
     *
     * @param id the call
     * @param lane the counters of its lane without this call; null when it is not ordered
     */
    record Withdrawn(MessageId id, @Nullable Lane lane) implements Entry {}
}
