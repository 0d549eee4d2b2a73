package dev.roundtrip.device.responder;

import dev.roundtrip.device.store.Entry;
import dev.roundtrip.device.store.Outcome;
import dev.roundtrip.protocol.DeviceMemory.KeptKey;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.RequestKey;
import dev.roundtrip.protocol.WireId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call with a key or a sequence, at work or ended. Used under the ledger's lock. */
final class Kept {
    final WireId id;
    final @Nullable RequestKey key;
    final Instant deadline;
    final List<Arrival> waiters = new ArrayList<>();
    boolean hasBegun;
    /** The counters with this call, since it has begun. */
    @Nullable Lane lane;
    /** The counters without this call. */
    @Nullable Lane before;

    @Nullable Outcome outcome;
    /** Whether a restart cut it off. */
    boolean isInterrupted;
    /** Until which uptime the outcome is remembered. */
    private Duration until = Duration.ZERO;

    Kept(WireId id, @Nullable RequestKey key, Instant deadline) {
        this.id = id;
        this.key = key;
        this.deadline = deadline;
    }

    /** Takes it as ended.
     *
     * @param age how long ago
     */
    void end(Outcome how, Duration age, Moment now) {
        outcome = how;
        Duration left = key == null
                ? Duration.between(now.clock(), deadline)
                : Duration.ofSeconds(key.keepSeconds()).minus(age);
        until = now.uptime().plus(left);
    }

    /** Whether it ended, and the time is over for which it is remembered. */
    boolean isOver(Duration uptime) {
        return outcome != null && until.compareTo(uptime) < 0;
    }

    /** Whether it may be forgotten to make room. What began and did not end may have had its effect. */
    boolean isSpare() {
        return outcome != null && !(isInterrupted && key != null);
    }

    /** The characters that are remembered of the outcome. */
    int size() {
        return switch (outcome) {
            case null -> 0;
            case Outcome.Returned returned -> returned.response().toString().length();
            case Outcome.Failed failed -> failed.error().message().length();
        };
    }

    /** What is said of the key; null when there is none. */
    @Nullable KeptKey said(Duration uptime) {
        if (key == null) {
            return null;
        }
        long seconds = outcome == null
                ? key.keepSeconds()
                : Math.clamp(until.minus(uptime).toSeconds(), 0, key.keepSeconds());
        return new KeptKey(key.value(), seconds);
    }

    Entry.Begun begun(@Nullable Lane itsLane) {
        return new Entry.Begun(id, key, itsLane, deadline);
    }

    /** Adds what a journal says of it. A call that was cut off stays one that has not ended. */
    void writeTo(List<Entry> entries, Moment now) {
        if (!hasBegun || isOver(now.uptime())) {
            return;
        }
        entries.add(begun(lane));
        if (outcome != null && !isInterrupted) {
            Duration keep = key == null ? Duration.ZERO : Duration.ofSeconds(key.keepSeconds());
            Duration left = until.minus(now.uptime());
            entries.add(new Entry.Ended(id.id(), outcome, now.clock().plus(left).minus(keep)));
        }
    }
}
