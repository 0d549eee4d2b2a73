package dev.roundtrip.mqtt;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The last retained message of each topic, as many as the limit and the {@link Backlog} allow. Thread-safe. */
final class RetainedMessages implements Backlog.Holder {
    private final ConcurrentNavigableMap<String, Kept> byTopic = new ConcurrentSkipListMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int max;
    private final Backlog backlog;
    private final BrokerClock clock;

    RetainedMessages(int max, Backlog backlog, BrokerClock clock) {
        this.max = max;
        this.backlog = backlog;
        this.clock = clock;
        backlog.add(this);
    }

    /** A message that is kept.
     *
     * @param since when it was published
     */
    record Kept(Message message, Instant since) {}

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
        Kept last = byTopic.get(message.topic());
        if (last == null && size.get() >= max) {
            return false;
        }
        if (last != null && message.weight() <= last.message().weight()) {
            backlog.takeAnyway(message);
        } else if (!backlog.take(message, Backlog.Claim.STORED)) {
            return false;
        }
        byTopic.put(message.topic(), new Kept(message, clock.now()));
        if (last == null) {
            size.incrementAndGet();
        } else {
            backlog.giveBack(last.message());
        }
        return true;
    }

    private synchronized void forget(@Nullable Kept kept) {
        if (kept != null && byTopic.remove(kept.message().topic(), kept)) {
            size.decrementAndGet();
            backlog.giveBack(kept.message());
        }
    }

    /** The message of exactly this topic. */
    @Nullable Message find(String topic) {
        Kept kept = findKept(topic);
        return kept == null ? null : kept.message();
    }

    /** The same with its time. */
    @Nullable Kept findKept(String topic) {
        Kept kept = byTopic.get(topic);
        if (kept != null && kept.message().hasExpired(clock.nanos())) {
            forget(kept);
            return null;
        }
        return kept;
    }

    /** Those of greater topics, in order.
     *
     * @param most how many at most
     */
    List<Kept> after(String topic, int most) {
        long now = clock.nanos();
        List<Kept> page = new ArrayList<>();
        for (Kept kept : byTopic.tailMap(topic, false).values()) {
            if (page.size() == most) {
                break;
            }
            if (!kept.message().hasExpired(now)) {
                page.add(kept);
            }
        }
        return page;
    }

    @Override
    public void removeExpired(long now) {
        for (Kept kept : byTopic.values()) {
            if (kept.message().hasExpired(now)) {
                forget(kept);
            } else {
                backlog.noteExpiry(kept.message().expiresAt());
            }
        }
    }

    /** Forgets every message. */
    void removeAll() {
        byTopic.values().forEach(this::forget);
    }

    int size() {
        return size.get();
    }
}
