package dev.roundtrip.mqtt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A disk that stores a retained message when the test says so, or has no room for it. Thread-safe. */
final class HeldStore implements RetainedStore {
    private final Queue<Change> waiting = new ArrayDeque<>();
    private final TreeMap<String, Entry> stored = new TreeMap<>();

    private record Change(String topic, @Nullable Entry entry, CompletableFuture<Boolean> done) {}

    @Override
    public synchronized List<Entry> all() {
        return new ArrayList<>(stored.values());
    }

    @Override
    public CompletionStage<Boolean> keep(Entry entry) {
        return add(entry.content().topic(), entry);
    }

    @Override
    public CompletionStage<Boolean> forget(String topic) {
        return add(topic, null);
    }

    private synchronized CompletionStage<Boolean> add(String topic, @Nullable Entry entry) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        waiting.add(new Change(topic, entry, done));
        return done;
    }

    synchronized int waiting() {
        return waiting.size();
    }

    /** Stores the change that waits longest. */
    void storeNext() {
        endNext(true);
    }

    /** Has no room for the change that waits longest. */
    void refuseNext() {
        endNext(false);
    }

    private void endNext(boolean done) {
        Change next = take(done);
        next.done().complete(done);
    }

    private synchronized Change take(boolean done) {
        Change next = waiting.remove();
        if (done && next.entry() != null) {
            stored.put(next.topic(), next.entry());
        } else if (done) {
            stored.remove(next.topic());
        }
        return next;
    }
}
