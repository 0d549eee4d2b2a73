package dev.roundtrip.mqtt;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The last retained message of each topic, as many as the limit and the {@link Backlog} allow. What is in the {@link
 * RetainedStore} is there from the beginning. Thread-safe; waits for nobody.
 *
 * <p>A change counts here at once, and is stored later. When it cannot be stored, the topic has the last message that
 * was stored. Changes that are not stored yet hold {@link #MAX_UNSTORED_BYTES} at most; what exceeds it is refused.
 */
final class RetainedMessages implements Backlog.Holder {
    /** What changes hold that are not stored yet, their topics and the messages that they replace included. Our choice:
     * 32 of the largest messages that replace others as large, or about 10,000 small ones.
     */
    static final long MAX_UNSTORED_BYTES = 8L << 20;

    private static final Keeping NO_ROOM = new Keeping(false, CompletableFuture.completedStage(false));
    private static final Keeping NOTHING_TO_DO = new Keeping(true, CompletableFuture.completedStage(true));

    private final ConcurrentNavigableMap<String, Kept> byTopic = new ConcurrentSkipListMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int max;
    private final Backlog backlog;
    private final BrokerClock clock;
    private final RetainedStore store;

    /** The topics with changes that are not stored yet. */
    private final Map<String, Unstored> unstored = new HashMap<>();

    private long unstoredBytes;
    private boolean ended;

    RetainedMessages(int max, Backlog backlog, BrokerClock clock, RetainedStore store) {
        this.max = max;
        this.backlog = backlog;
        this.clock = clock;
        this.store = store;
        backlog.add(this);
        store.all().forEach(this::takeBack);
    }

    /** Whether there was room for a message, and when it is stored. */
    record Keeping(boolean kept, CompletionStage<Boolean> stored) {}

    /** A message that is kept.
     *
     * @param since when it was published
     */
    record Kept(Message message, Instant since) {}

    /** The changes of one topic that are not stored yet. */
    private static final class Unstored {
        /** What the store has; null for nothing. */
        @Nullable Kept stored;

        int changes;

        Unstored(@Nullable Kept stored) {
            this.stored = stored;
        }
    }

    /** Keeps a message, or forgets the topic's when the payload is empty. */
    Keeping keep(Message message) {
        if (message.publication().payload().length == 0) {
            return forgetAll(message.topic());
        }
        backlog.makeRoomFor(message, 1);
        return replace(new Kept(message, clock.now()));
    }

    private synchronized Keeping forgetAll(String topic) {
        Kept last = byTopic.get(topic);
        if (last == null && !unstored.containsKey(topic)) {
            return NOTHING_TO_DO;
        }
        return change(topic, last, null);
    }

    /** One that is no larger takes the place of the last one, however full the account is. */
    private synchronized Keeping replace(Kept kept) {
        Message message = kept.message();
        Kept last = byTopic.get(message.topic());
        if (last == null && size.get() >= max) {
            return NO_ROOM;
        }
        return change(message.topic(), last, kept);
    }

    private Keeping change(String topic, @Nullable Kept last, @Nullable Kept next) {
        Unstored before = unstored.get(topic);
        // What comes before the first change is held until the store has another.
        long bytes = bytes(topic, next) + (before == null ? bytes(topic, last) : 0);
        if (ended || unstoredBytes + bytes > MAX_UNSTORED_BYTES || !takeRoom(last, next)) {
            return NO_ROOM;
        }
        remove(last);
        if (next != null) {
            byTopic.put(topic, next);
            size.incrementAndGet();
        }
        if (before == null) {
            before = new Unstored(last);
            unstored.put(topic, before);
        }
        before.changes++;
        unstoredBytes += bytes;
        CompletionStage<Boolean> storing = next == null ? store.forget(topic) : store.keep(entry(next));
        return new Keeping(true, storing.thenApply(done -> {
            stored(topic, next, bytes, done);
            return done;
        }));
    }

    private boolean takeRoom(@Nullable Kept last, @Nullable Kept next) {
        if (next == null) {
            return true;
        }
        if (last == null || next.message().weight() > last.message().weight()) {
            return backlog.take(next.message(), Backlog.Claim.STORED);
        }
        backlog.takeAnyway(next.message());
        return true;
    }

    private static long bytes(String topic, @Nullable Kept kept) {
        return Backlog.REFERENCE_BYTES
                + (kept == null ? topic.length() : kept.message().weight());
    }

    /** Notes that a change is stored, or cannot be. After the last one of a topic, the topic has what the store has. */
    private synchronized void stored(String topic, @Nullable Kept next, long bytes, boolean done) {
        Unstored changed = requireNonNull(unstored.get(topic));
        unstoredBytes -= bytes;
        if (done) {
            changed.stored = next;
        }
        if (--changed.changes > 0) {
            return;
        }
        unstored.remove(topic);
        if (!done && !ended) {
            remove(byTopic.get(topic));
            Kept before = changed.stored;
            if (before != null) {
                takeBack(before);
            }
        }
    }

    private void takeBack(RetainedStore.Entry entry) {
        Instant expires = entry.expires();
        long expiresAt = expires == null
                ? Message.NEVER
                : clock.nanos() + Duration.between(clock.now(), expires).toNanos();
        takeBack(new Kept(new Message(entry.content(), entry.qos(), true, expiresAt), entry.since()));
    }

    /** Takes a message that the store has, however full the account is. */
    private void takeBack(Kept kept) {
        backlog.takeAnyway(kept.message());
        byTopic.put(kept.message().topic(), kept);
        size.incrementAndGet();
    }

    private RetainedStore.Entry entry(Kept kept) {
        Message message = kept.message();
        Instant expires = message.expiresAt() == Message.NEVER
                ? null
                : clock.now().plusNanos(message.expiresAt() - clock.nanos());
        return new RetainedStore.Entry(message.publication(), message.qos(), kept.since(), expires);
    }

    /** Forgets one that expired, unless another took its place. One that stays in the store is expired there too. */
    @SuppressWarnings("ReferenceEquality") // The very message that expired.
    private synchronized void forget(Kept kept) {
        String topic = kept.message().topic();
        if (byTopic.get(topic) == kept && !change(topic, kept, null).kept()) {
            remove(kept);
        }
    }

    private boolean remove(@Nullable Kept kept) {
        if (kept != null && byTopic.remove(kept.message().topic(), kept)) {
            size.decrementAndGet();
            backlog.giveBack(kept.message());
            return true;
        }
        return false;
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

    /** Lets go of every message, leaves the store as it is, and keeps none from now on. */
    synchronized void end() {
        ended = true;
        byTopic.values().forEach(this::remove);
    }

    int size() {
        return size.get();
    }
}
