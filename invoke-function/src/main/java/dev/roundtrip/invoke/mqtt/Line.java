package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Clocks;
import java.time.Duration;

/** One connection in use, and how answers are heard on it. Thread-safe.
 *
 * @param channel the connection
 * @param acks how answers are heard on it
 * @param clocks measure its age
 * @param begun when its connect began
 */
record Line(MqttChannel channel, AckSubscription acks, Clocks clocks, Clocks.Moment begun) {
    /** AWS IoT Core closes a WebSocket after 24 hours; source: AWS IoT Core protocol limits, "WebSocket connection
     * duration". It is replaced
     * ahead of that. Two hours are for a broker that is out of reach meanwhile, our choice. */
    static final Duration RENEWAL_AGE = Duration.ofHours(22);

    /** From this age on nobody uses it who can have another. */
    static final Duration MAX_AGE = Duration.ofHours(23);

    /** Whether the broker was heard so lately that the connection needs no sign of life. */
    boolean isWarm(Duration limit) {
        return channel.isOpen() && channel.silentNanos() < limit.toNanos();
    }

    boolean isOlderThan(Duration age) {
        return clocks.mayHavePassed(age, begun);
    }
}
