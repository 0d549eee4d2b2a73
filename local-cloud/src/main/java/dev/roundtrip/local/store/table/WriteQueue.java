package dev.roundtrip.local.store.table;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Writes that wait for the writer's thread, up to a number; whoever comes then waits for a place. Thread-safe. */
final class WriteQueue {
    private final int places;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition emptied = lock.newCondition();
    private final Deque<PendingWrite<?, ?>> waiting = new ArrayDeque<>();
    private boolean closed;

    WriteQueue(int places) {
        this.places = places;
    }

    /** @throws StoreException when the store is closed */
    void add(PendingWrite<?, ?> write) {
        lock.lock();
        try {
            while (!closed && waiting.size() == places) {
                emptied.awaitUninterruptibly();
            }
            if (closed) {
                throw new StoreException("the store is closed");
            }
            waiting.add(write);
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for writes, and takes the first of them; none when the queue is closed and empty.
     *
     * @param most how many at most
     */
    List<PendingWrite<?, ?>> next(int most) {
        lock.lock();
        try {
            while (!closed && waiting.isEmpty()) {
                filled.awaitUninterruptibly();
            }
            List<PendingWrite<?, ?>> batch = new ArrayList<>();
            while (batch.size() < most && !waiting.isEmpty()) {
                batch.add(waiting.remove());
            }
            emptied.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no further writes; those that are there still come out. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
