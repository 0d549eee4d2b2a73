package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A broker's messages, for services that publish beside its clients. Thread-safe; a retained message is
 * waited for until it is stored, and nothing else blocks. Policies and rates of
 * connections are the caller's concern.
 */
public interface Messages {

    /** A message to publish.
     *
     * @param content within the limits of messages
     * @param retention whether it is kept for those who subscribe later; a request to a service never is
     * @param expirySeconds after how many seconds nobody gets it, 1 or more; more than the limit becomes the limit
     */
    record Outgoing(Publication content, Qos qos, Retention retention, OptionalLong expirySeconds) {}

    /** Whether a message is kept. */
    enum Retention {
        NONE,
        /** It takes the place of the topic's last one; without a payload it just removes that. */
        RETAINED
    }

    /** What became of a message. */
    enum Outcome {
        /** It is on its way, to nobody perhaps; or it is handed to the service behind its topic. */
        TAKEN,
        /** The topic is reserved, and no service takes messages of clients there. */
        RESERVED,
        /** A rate of the account, or of retained messages, is exceeded; nobody got it. */
        THROTTLED,
        /** The broker holds as much as it may, or services have as many requests as they may; nobody who subscribes
         * gets it. A retained one may have taken the place of the topic's last one.
         */
        NO_ROOM,
        /** It is retained, and could not be stored. Who subscribed may have got it. */
        NOT_STORED
    }

    /** Publishes a message. */
    Outcome publish(Outgoing message);

    /** A retained message.
     *
     * @param since when it was published
     */
    record Retained(Publication content, Qos qos, Instant since) {}

    /** The retained message of exactly this topic. */
    Optional<Retained> retained(String topic);

    /** Retained messages in the order of their topics.
     *
     * @param topic the first one's topic is greater; empty for all
     * @param most how many at most, 1 or more
     */
    List<Retained> retainedAfter(String topic, int most);
}
