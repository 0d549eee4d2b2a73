package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.topic.ServiceTopics;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What services publish beside the clients of a broker, which may start again at any time. Thread-safe. */
final class ServiceMessages implements Messages {
    private final Supplier<Core> now;

    ServiceMessages(Supplier<Core> now) {
        this.now = now;
    }

    @Override
    public Outcome publish(Outgoing outgoing) {
        Core core = now.get();
        String topic = outgoing.content().topic();
        boolean retain = outgoing.retention() == Retention.RETAINED;
        if (ServiceTopics.contains(topic) || !core.topicRules.mayBePublished(topic)) {
            return Outcome.RESERVED;
        }
        Message message = new Message(
                outgoing.content(), outgoing.qos(), retain, core.messageRules.expiresAt(outgoing.expirySeconds()));
        if (!core.inboundPublishes.tryAcquire() || (retain && !core.mayRetainNow(topic))) {
            core.counters.dropped.increment();
            core.router.refuse(message, null, MessageListener.Loss.QUOTA);
            return Outcome.THROTTLED;
        }
        return switch (core.publish(message, null)) {
            case TAKEN, UNHEARD -> Outcome.TAKEN;
            case NOT_KEPT -> Outcome.THROTTLED;
            case NO_ROOM -> Outcome.NO_ROOM;
        };
    }

    @Override
    public Optional<Retained> retained(String topic) {
        return Optional.ofNullable(now.get().retained.findKept(topic)).map(ServiceMessages::retained);
    }

    @Override
    public List<Retained> retainedAfter(String topic, int most) {
        return now.get().retained.after(topic, most).stream()
                .map(ServiceMessages::retained)
                .toList();
    }

    private static Retained retained(RetainedMessages.Kept kept) {
        Message message = kept.message();
        return new Retained(message.publication(), message.qos(), kept.since());
    }
}
