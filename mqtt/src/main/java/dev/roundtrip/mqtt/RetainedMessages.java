package dev.roundtrip.mqtt;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The last retained message of each topic, as many as the limit and the {@link Backlog} allow. Thread-safe. */
final class RetainedMessages implements Backlog.Holder {
    private final Map<String, Message> byTopic = new ConcurrentHashMap<>();
    private final int max;
    private final Backlog backlog;
    private final BrokerClock clock;

    RetainedMessages(int max, Backlog backlog, BrokerClock clock) {
        this.max = max;
        this.backlog = backlog;
        this.clock = clock;
        backlog.add(this);
    }

    /** Keeps a message, or forgets the topic's when the payload is empty; false when there is no room. */
    boolean keep(Message message) {
        if (message.publication().payload().length == 0) {
            forget(byTopic.get(message.topic()));
            return true;
        }
        backlog.makeRoomFor(message, 1);
        return replace(message);
    }

    /** One that is no larger takes the place of the last one, however full the account is. */
    private synchronized boolean replace(Message message) {
        Message last = byTopic.get(message.topic());
        if (last == null && byTopic.size() >= max) {
            return false;
        }
        if (last != null && message.weight() <= last.weight()) {
            backlog.takeAnyway(message);
        } else if (!backlog.take(message, Backlog.Claim.STORED)) {
            return false;
        }
        byTopic.put(message.topic(), message);
        if (last != null) {
            backlog.giveBack(last);
        }
        return true;
    }

    private synchronized void forget(@Nullable Message message) {
        if (message != null && byTopic.remove(message.topic(), message)) {
            backlog.giveBack(message);
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

    @Override
    public void removeExpired(long now) {
        for (Message message : byTopic.values()) {
            if (message.hasExpired(now)) {
                forget(message);
            } else {
                backlog.noteExpiry(message.expiresAt());
            }
        }
    }

    /** Forgets every message. */
    void removeAll() {
        byTopic.values().forEach(this::forget);
    }

    int size() {
        return byTopic.size();
    }
}
