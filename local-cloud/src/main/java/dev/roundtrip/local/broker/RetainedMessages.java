package dev.roundtrip.local.broker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The last retained message of each topic, as many as there may be and as much as memory has room for. Thread-safe. */
final class RetainedMessages {
    /** Ours: AWS IoT Core bounds the number only, and that many of the largest would be 64 GB. */
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    private final Map<String, Message> byTopic = new ConcurrentHashMap<>();
    private final int max;
    private final BrokerClock clock;
    private long bytes;

    RetainedMessages(int max, BrokerClock clock) {
        this.max = max;
        this.clock = clock;
    }

    /** Keeps a message, or forgets the topic's when the payload is empty; false when there are too many. */
    synchronized boolean keep(Message message) {
        Message last = byTopic.get(message.topic());
        if (message.publication().payload().length == 0) {
            forget(last);
            return true;
        }
        long more = (long) message.publication().weight()
                - (last == null ? 0 : last.publication().weight());
        if ((last == null && byTopic.size() >= max) || bytes + more > MAX_BYTES) {
            return false;
        }
        byTopic.put(message.topic(), message);
        bytes += more;
        return true;
    }

    private synchronized void forget(@Nullable Message message) {
        if (message != null && byTopic.remove(message.topic(), message)) {
            bytes -= message.publication().weight();
        }
    }

    /** The message of exactly this topic. */
    @Nullable Message find(String topic) {
        Message message = byTopic.get(topic);
        if (message != null && message.hasExpired(clock.nanos())) {
            forget(message);
            return null;
        }
        return message;
    }

    void removeExpired() {
        long now = clock.nanos();
        byTopic.values().stream().filter(message -> message.hasExpired(now)).forEach(this::forget);
    }

    int size() {
        return byTopic.size();
    }
}
