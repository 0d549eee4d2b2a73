package dev.roundtrip.local.story;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Step;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether the target was there when a call was made. */
sealed interface Presence {
    /** It was connected. */
    record Connected() implements Presence {}

    /** It was not connected.
     *
     * @param since null when nobody knows
     * @param reason why its connection ended, as AWS IoT names it; null when nobody knows
     */
    record Away(@Nullable Instant since, @Nullable String reason) implements Presence {}

    /** It was not connected, and connected later. */
    record NotYet(Instant connected) implements Presence {}

    /** Nobody ever connected under its name. */
    record Never() implements Presence {}

    static Presence of(Story story, TargetState target, Timeline time) {
        Entry before = story.before();
        if (before != null) {
            return before.step() == Step.CONNECTED
                    ? new Connected()
                    : new Away(time.instant(before.nanos()), before.detail());
        }
        Entry after = story.after();
        if (after != null) {
            return after.step() == Step.CONNECTED ? new NotYet(time.instant(after.nanos())) : new Connected();
        }
        ClientRecords.LastSeen last = target.last();
        if (last == null) {
            return new Never();
        }
        return last.connected() ? new Connected() : new Away(last.since(), last.reason());
    }
}
