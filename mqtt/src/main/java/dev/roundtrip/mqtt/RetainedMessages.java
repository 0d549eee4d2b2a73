package dev.roundtrip.mqtt;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The last retained message of each topic, as many as the limit and the {@link Backlog} allow. What is in the {@link
 * RetainedStore} is there from the beginning. Thread-safe.
 */
final class RetainedMessages implements Backlog.Holder {
    private final ConcurrentNavigableMap<String, Kept> byTopic = new ConcurrentSkipListMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int max;
    private final Backlog backlog;
    private final BrokerClock clock;
    private final RetainedStore store;

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

    private static final Keeping NO_ROOM = new Keeping(false, CompletableFuture.completedStage(false));

    /** A message that is kept.
     *
     * @param since when it was published
     */
    record Kept(Message message, Instant since) {}

    /** Keeps a message, or forgets the topic's when the payload is empty. */
    Keeping keep(Message message) {
        if (message.publication().payload().length == 0) {
            return new Keeping(true, stored(message.topic(), null, forgetAll(message.topic())));
        }
        backlog.makeRoomFor(message, 1);
        return replace(message, clock.now());
    }

    private synchronized CompletionStage<Boolean> forgetAll(String topic) {
        remove(byTopic.get(topic));
        return store.forget(topic);
    }

    /** Has what could not be stored be as the store has it. */
    private CompletionStage<Boolean> stored(String topic, @Nullable Kept kept, CompletionStage<Boolean> storing) {
        return storing.thenApply(done -> {
            if (!done) {
                undo(topic, kept, store.find(topic).orElse(null));
            }
            return done;
        });
    }

    @SuppressWarnings("ReferenceEquality") // The very message that could not be stored.
    private synchronized void undo(String topic, @Nullable Kept failed, RetainedStore.@Nullable Entry before) {
        if (byTopic.get(topic) == failed) {
            remove(failed);
            if (before != null) {
                takeBack(before);
            }
        }
    }

    /** Takes a message that the store has, however full the account is. */
    private synchronized void takeBack(RetainedStore.Entry entry) {
        Instant expires = entry.expires();
        long expiresAt = expires == null
                ? Message.NEVER
                : clock.nanos() + Duration.between(clock.now(), expires).toNanos();
        Message message = new Message(entry.content(), entry.qos(), true, expiresAt);
        backlog.takeAnyway(message);
        byTopic.put(message.topic(), new Kept(message, entry.since()));
        size.incrementAndGet();
    }

    private RetainedStore.Entry entry(Kept kept) {
        Message message = kept.message();
        Instant expires = message.expiresAt() == Message.NEVER
                ? null
                : clock.now().plusNanos(message.expiresAt() - clock.nanos());
        return new RetainedStore.Entry(message.publication(), message.qos(), kept.since(), expires);
    }

    /** One that is no larger takes the place of the last one, however full the account is. */
    private Keeping replace(Message message, Instant now) {
        Kept kept = new Kept(message, now);
        CompletionStage<Boolean> storing = replace(kept);
        return storing == null ? NO_ROOM : new Keeping(true, stored(message.topic(), kept, storing));
    }

    /** @return null when there is no room */
    private synchronized @Nullable CompletionStage<Boolean> replace(Kept kept) {
        Message message = kept.message();
        Kept last = byTopic.get(message.topic());
        if (last == null && size.get() >= max) {
            return null;
        }
        if (last != null && message.weight() <= last.message().weight()) {
            backlog.takeAnyway(message);
        } else if (!backlog.take(message, Backlog.Claim.STORED)) {
            return null;
        }
        byTopic.put(message.topic(), kept);
        if (last == null) {
            size.incrementAndGet();
        } else {
            backlog.giveBack(last.message());
        }
        return store.keep(entry(kept));
    }

    /** Forgets one that expired, unless another took its place. */
    @SuppressWarnings("FutureReturnValueIgnored") // One that stays in the store is expired there too.
    private synchronized void forget(Kept kept) {
        if (remove(kept)) {
            store.forget(kept.message().topic());
        }
    }

    private synchronized boolean remove(@Nullable Kept kept) {
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

    /** Lets go of every message, and leaves the store as it is. */
    void removeAll() {
        byTopic.values().forEach(this::remove);
    }

    int size() {
        return size.get();
    }
}
