package dev.roundtrip.local.broker;

import dev.roundtrip.local.broker.packet.Packet.Publish;
import dev.roundtrip.local.broker.packet.Packet.Will;
import dev.roundtrip.local.broker.packet.Properties;
import dev.roundtrip.local.broker.packet.PropertyId;
import dev.roundtrip.local.broker.packet.Publication;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** What holds for published messages and for wills alike. Thread-safe. */
final class MessageRules {
    private final BrokerLimits.Messages limits;
    private final BrokerClock clock;

    MessageRules(Core core) {
        this.limits = core.limits.messages();
        this.clock = core.clock;
    }

    boolean exceedsPropertyLimits(Properties properties) {
        return properties.numberOr(PropertyId.CONTENT_TYPE, 0) > limits.maxContentTypeBytes()
                || properties.numberOr(PropertyId.CORRELATION_DATA, 0) > limits.maxCorrelationDataBytes()
                || properties.numberOr(PropertyId.USER_PROPERTY, 0) > limits.maxUserPropertyBytes();
    }

    boolean mayPublish(Permissions permissions, String topic, boolean retain) {
        return permissions.allows(Action.PUBLISH, topic)
                && (!retain || permissions.allows(Action.RETAIN_PUBLISH, topic));
    }

    /** @param topic the topic, which an alias may stand for in the packet */
    Message messageOf(Publish publish, String topic) {
        Properties properties = publish.properties();
        Publication publication = Publication.of(topic, properties, publish.payload());
        return new Message(publication, publish.qos(), publish.retain(), expiresAt(properties));
    }

    Message messageOf(Will will) {
        Publication publication = Publication.of(will.topic(), will.properties(), will.payload());
        return new Message(publication, will.qos(), will.retain(), expiresAt(will.properties()));
    }

    /** Source: AWS IoT Core protocol limits, "Message expiry": 0 is raised to 1, and more than the most becomes the most. */
    private long expiresAt(Properties properties) {
        OptionalLong asked = properties.number(PropertyId.MESSAGE_EXPIRY_INTERVAL);
        if (asked.isEmpty()) {
            return Message.NEVER;
        }
        long seconds = Math.clamp(asked.getAsLong(), 1, limits.maxExpiry().toSeconds());
        return clock.nanos() + TimeUnit.SECONDS.toNanos(seconds);
    }
}
