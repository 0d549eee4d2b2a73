package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.ConnectionLog.Attempt;
import dev.roundtrip.mqtt.packet.Packet.Publish;
import dev.roundtrip.mqtt.packet.Packet.Will;
import dev.roundtrip.mqtt.packet.Properties;
import dev.roundtrip.mqtt.packet.PropertyId;
import dev.roundtrip.mqtt.packet.Publication;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What holds for published messages and for wills alike. Thread-safe. */
final class MessageRules {
    private final BrokerLimits.Messages limits;
    private final BrokerClock clock;

    MessageRules(BrokerLimits.Messages limits, BrokerClock clock) {
        this.limits = limits;
        this.clock = clock;
    }

    boolean exceedsPropertyLimits(Properties properties) {
        return properties.numberOr(PropertyId.CONTENT_TYPE, 0) > limits.maxContentTypeBytes()
                || properties.numberOr(PropertyId.CORRELATION_DATA, 0) > limits.maxCorrelationDataBytes()
                || properties.numberOr(PropertyId.USER_PROPERTY, 0) > limits.maxUserPropertyBytes();
    }

    /** What keeps a client from publishing; null when nothing does. */
    @Nullable Attempt denial(Permissions permissions, String topic, boolean retain) {
        if (!permissions.allows(Action.PUBLISH, topic)) {
            return new Attempt(Action.PUBLISH, topic, permissions.refusal(Action.PUBLISH, topic));
        }
        return retain && !permissions.allows(Action.RETAIN_PUBLISH, topic)
                ? new Attempt(Action.RETAIN_PUBLISH, topic, permissions.refusal(Action.RETAIN_PUBLISH, topic))
                : null;
    }

    /** @param topic the topic, which an alias may stand for in the packet */
    Message messageOf(Publish publish, String topic) {
        Properties properties = publish.properties();
        Publication publication = Publication.of(topic, properties, publish.payload());
        return new Message(
                publication,
                publish.qos(),
                publish.retain(),
                expiresAt(properties.number(PropertyId.MESSAGE_EXPIRY_INTERVAL)));
    }

    LastWill lastWill(Will will, Principal publisher) {
        Properties properties = will.properties();
        Publication publication = Publication.of(will.topic(), properties, will.payload());
        return new LastWill(
                new Message(publication, will.qos(), will.retain(), Message.NEVER),
                publisher,
                Duration.ofSeconds(properties.numberOr(PropertyId.WILL_DELAY_INTERVAL, 0)),
                properties.number(PropertyId.MESSAGE_EXPIRY_INTERVAL));
    }

    /** The message of a will that is published now. */
    Message messageOf(LastWill will) {
        Message content = will.content();
        return new Message(content.publication(), content.qos(), content.retain(), expiresAt(will.expirySeconds()));
    }

    /** Source: AWS IoT Core protocol limits, "Message expiry": 0 is raised to 1, and more than the most becomes the
     * most.
     */
    long expiresAt(OptionalLong asked) {
        if (asked.isEmpty()) {
            return Message.NEVER;
        }
        long seconds = Math.clamp(asked.getAsLong(), 1, limits.maxExpiry().toSeconds());
        return clock.nanos() + TimeUnit.SECONDS.toNanos(seconds);
    }
}
