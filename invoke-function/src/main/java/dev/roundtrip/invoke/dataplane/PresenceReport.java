package dev.roundtrip.invoke.dataplane;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.dataplane.DataPlane.Answered;
import dev.roundtrip.invoke.dataplane.DataPlane.Asked;
import dev.roundtrip.invoke.dataplane.DataPlane.Connected;
import dev.roundtrip.invoke.dataplane.DataPlane.Connection;
import dev.roundtrip.invoke.dataplane.DataPlane.Disconnected;
import dev.roundtrip.invoke.dataplane.DataPlane.SessionFate;
import dev.roundtrip.invoke.dataplane.DataPlane.Unanswered;
import dev.roundtrip.invoke.dataplane.DataPlane.Unknown;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the broker said of one device at one time.
 *
 * @param connection whether it is there; asked for after {@code filters}
 * @param filters what its session subscribes to
 */
record PresenceReport(Asked<Connection> connection, Asked<List<String>> filters) {
    /** How far the clocks of one broker's machines may be apart. */
    static final Duration SKEW = Duration.ofSeconds(1);

    /** The broker tells its time without the parts of a second. */
    private static final Duration CUT = Duration.ofSeconds(1);

    /** How long the broker remembers a client that left. Source: AWS IoT Core developer guide, GetConnection. */
    static final Duration REMEMBERED = Duration.ofMinutes(30);

    static PresenceReport none(String sentence) {
        return new PresenceReport(
                new Unanswered<>(sentence, DataPlane.Again.PERHAPS),
                new Unanswered<>(sentence, DataPlane.Again.PERHAPS));
    }

    /** Whether a message that the broker took after some moment, and before it was asked, cannot have reached the
     * device, and never will.
     *
     * <p>That takes two things. The device has been away since before that moment: told by the broker's own clock,
     * which cut to the second and less the longest time that may have passed here since, is still later than the
     * disconnect. And nothing waits for it: its session ended with its connection, or none subscribed after the broker
     * took the message; as the device was away until after that, nothing has come to it in between.
     *
     * @param sentAfter before the message was handed over
     */
    boolean provesThatItNeverArrives(Clocks.Moment sentAfter) {
        if (!(connection instanceof Answered<Connection> answered)) {
            return false;
        }
        return switch (answered.answer()) {
            case Connected connected -> false;
            case Unknown unknown -> nothingSubscribes() && wasForgotten(answered, sentAfter);
            case Disconnected gone ->
                (gone.session() == SessionFate.ENDED || nothingSubscribes()) && wasAway(gone, answered, sentAfter);
        };
    }

    private boolean nothingSubscribes() {
        return filters instanceof Answered<List<String>> answered
                && answered.answer().isEmpty();
    }

    /** A client that came after the message was sent would be known still. */
    private static boolean wasForgotten(Answered<Connection> answered, Clocks.Moment sentAfter) {
        return answered.heardAt().longestSince(sentAfter)
                < REMEMBERED.minus(SKEW).toNanos();
    }

    private static boolean wasAway(Disconnected gone, Answered<Connection> answered, Clocks.Moment sentAfter) {
        Instant since = gone.since();
        Instant brokerTime = answered.brokerTime();
        if (since == null || brokerTime == null) {
            return false;
        }
        Duration passed = Duration.ofNanos(answered.heardAt().longestSince(sentAfter));
        return since.isBefore(brokerTime.minus(passed).minus(SKEW));
    }

    /** The end of a call whose command was not sent, or can never arrive. */
    InvocationResult.Offline offline() {
        return connection instanceof Answered<Connection> answered && answered.answer() instanceof Disconnected gone
                ? new InvocationResult.Offline(past(gone.since(), answered.brokerTime()), gone.reason())
                : new InvocationResult.Offline(null, null);
    }

    /** Nobody left at a time that has not come yet: then the broker's clocks are wrong, and "since" tells nothing. */
    private static @Nullable Instant past(@Nullable Instant since, @Nullable Instant brokerTime) {
        boolean isYetToCome = since != null
                && brokerTime != null
                && since.isAfter(brokerTime.plus(CUT).plus(SKEW));
        return isYetToCome ? null : since;
    }

    /** Whether a message to the topic would reach the device now. */
    boolean isReadyFor(String topic) {
        return connection instanceof Answered<Connection> present
                && present.answer() instanceof Connected
                && filters instanceof Answered<List<String>> subscribed
                && subscribed.answer().stream().anyMatch(filter -> TopicFilters.match(filter, topic));
    }
}
