package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Properties;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A message on its way from one publisher to all its receivers. Immutable, except for the count of its holders.
 *
 * @param publication its content
 * @param qos as published
 * @param retain as published
 * @param expiresAt {@link BrokerClock#nanos()} after which nobody gets it, or {@link #NEVER}
 * @param holders how many places hold the content, as the {@link Backlog} counts them; nobody else touches it
 */
record Message(Publication publication, Qos qos, boolean retain, long expiresAt, AtomicInteger holders) {
    static final long NEVER = Long.MAX_VALUE;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** A message that nobody holds yet. */
    Message(Publication publication, Qos qos, boolean retain, long expiresAt) {
        this(publication, qos, retain, expiresAt, new AtomicInteger());
    }

    /** A message of the broker's own. */
    static Message ofBroker(Publication content) {
        return new Message(content, Qos.AT_LEAST_ONCE, false, NEVER);
    }

    String topic() {
        return publication.topic();
    }

    /** The same, of use for ever. */
    Message withoutExpiry() {
        return new Message(publication, qos, retain, NEVER, holders);
    }

    /** About how much memory its content takes, in bytes. */
    int weight() {
        return publication.weight();
    }

    boolean hasExpired(long nanos) {
        return isOver(expiresAt, nanos);
    }

    /** Tells whether a time has come, which may be {@link #NEVER}. */
    static boolean isOver(long time, long nanos) {
        return time != NEVER && nanos - time >= 0;
    }

    /** The earlier of two times, either of which may be {@link #NEVER}. */
    static long earlier(long one, long other) {
        return one != NEVER && (other == NEVER || one - other < 0) ? one : other;
    }

    /** The remaining seconds, rounded up, so that a message of use is not said to be of none; or {@link
     * Properties#ABSENT}.
     */
    long expirySeconds(long nanos) {
        return expiresAt == NEVER ? Properties.ABSENT : Math.max(0, Math.ceilDiv(expiresAt - nanos, SECOND));
    }
}
