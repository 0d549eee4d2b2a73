package dev.roundtrip.device.responder;

import dev.roundtrip.device.store.Entry;
import dev.roundtrip.device.store.Journal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes the entries of several calls with one sync. The first thread writes for all that wait. Thread-safe.
 *
 * <p>An entry takes effect in memory after it is synced and before the next one is written, so that a shorter journal,
 * which is made of what is in memory, leaves none out. A caller must not hold a lock that an effect takes.
 */
final class GroupCommit {
    /** The most entries of one sync. An entry has one outcome at most, so that 100 have at most some megabytes. */
    private static final int MAX_ENTRIES = 100;

    private final Journal journal;
    private final Supplier<List<Entry>> everything;
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private final ReentrantLock writing = new ReentrantLock();

    /** An entry whose thread waits. Used under the lock. */
    private static final class Waiting {
        final Entry entry;
        final Runnable effect;
        boolean isDone;

        @Nullable Exception failure;

        Waiting(Entry entry, Runnable effect) {
            this.entry = entry;
            this.effect = effect;
        }
    }

    /** @param everything all that has taken effect */
    GroupCommit(Journal journal, Supplier<List<Entry>> everything) {
        this.journal = journal;
        this.everything = everything;
    }

    /** Blocks until the entry is synced and has taken effect.
     *
     * @param effect what the entry does in memory
     * @throws IOException when the entry is not kept; it has no effect
     */
    void write(Entry entry, Runnable effect) throws IOException {
        Waiting mine = new Waiting(entry, effect);
        synchronized (queue) {
            queue.add(mine);
        }
        writing.lock();
        try {
            while (!mine.isDone) {
                writeTogether(next());
            }
        } finally {
            writing.unlock();
        }
        if (mine.failure != null) {
            throw new IOException("the entry is not kept", mine.failure);
        }
    }

    /** The entries whose sync has not begun. */
    int waiting() {
        synchronized (queue) {
            return queue.size();
        }
    }

    private List<Waiting> next() {
        List<Waiting> next = new ArrayList<>();
        synchronized (queue) {
            while (next.size() < MAX_ENTRIES && !queue.isEmpty()) {
                next.add(queue.remove());
            }
        }
        return next;
    }

    private void writeTogether(List<Waiting> together) {
        try {
            journal.append(together.stream().map(waiting -> waiting.entry).toList());
            together.forEach(waiting -> waiting.effect.run());
        } catch (IOException | RuntimeException notKept) {
            together.forEach(waiting -> waiting.failure = notKept);
        } finally {
            together.forEach(waiting -> waiting.isDone = true);
        }
        journal.shorten(everything);
    }
}
