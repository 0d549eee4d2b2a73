package dev.roundtrip.invoke.dataplane;

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

/** What the broker said of one device at one time.
 *
 * @param connection whether it is there
 * @param filters what its session subscribes to, asked for after {@code connection}
 */
record Sighting(Asked<Connection> connection, Asked<List<String>> filters) {
    /** How far the clocks of one broker's machines may be apart. */
    static final Duration SKEW = Duration.ofSeconds(1);

    static Sighting none(String sentence) {
        return new Sighting(
                new Unanswered<>(sentence, DataPlane.Again.PERHAPS),
                new Unanswered<>(sentence, DataPlane.Again.PERHAPS));
    }

    /** Whether a message that the broker took after some moment, and before it was asked, cannot have reached the device, and never will.
     *
     * <p>That takes two things. The device has been away since before that moment: told by the broker's own clock, which cut to the second and less the time
     * that has passed here since, is still later than the disconnect. And nothing waits for it: its session ended with its connection, or there
     * is none that subscribes.
     *
     * @param sentAfter {@link System#nanoTime()} before the message was handed over
     */
    boolean provesThatItNeverArrives(long sentAfter) {
        if (!(connection instanceof Answered<Connection> answered)) {
            return false;
        }
        return switch (answered.answer()) {
            case Connected connected -> false;
            case Unknown unknown -> nothingSubscribes();
            case Disconnected gone ->
                (gone.session() == SessionFate.ENDED || nothingSubscribes()) && wasAway(gone, answered, sentAfter);
        };
    }

    private boolean nothingSubscribes() {
        return filters instanceof Answered<List<String>> answered
                && answered.answer().isEmpty();
    }

    private static boolean wasAway(Disconnected gone, Answered<Connection> answered, long sentAfter) {
        Instant since = gone.since();
        Instant brokerTime = answered.brokerTime();
        if (since == null || brokerTime == null) {
            return false;
        }
        Duration passed = Duration.ofNanos(answered.heardAt() - sentAfter);
        return since.isBefore(brokerTime.minus(passed).minus(SKEW));
    }

    /** The end of a call whose command was not sent, or can never arrive. */
    InvocationResult.Offline offline() {
        return connection instanceof Answered<Connection> answered && answered.answer() instanceof Disconnected gone
                ? new InvocationResult.Offline(gone.since(), gone.reason())
                : new InvocationResult.Offline(null, null);
    }

    /** Whether a message to the topic would reach the device now. */
    boolean isReadyFor(String topic) {
        return connection instanceof Answered<Connection> present
                && present.answer() instanceof Connected
                && filters instanceof Answered<List<String>> subscribed
                && subscribed.answer().stream().anyMatch(filter -> TopicFilters.match(filter, topic));
    }
}
