package dev.roundtrip.local.iot.job;

import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/** Has changes of one thing, with what subscribers are told of them, come one after the other: notifications are in the
 * order of the changes. Thread-safe.
 */
final class ThingLocks {
    /** Things whose changes wait for each other though they need not; our choice. */
    private static final int LOCKS = 1024;

    private final ReadWriteLock all = new ReentrantReadWriteLock(true);
    private final List<Lock> locks =
            Stream.<Lock>generate(ReentrantLock::new).limit(LOCKS).toList();

    /** Held until it is closed. */
    @FunctionalInterface
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits for the changes of a thing. */
    Held one(String thing) {
        Lock shared = all.readLock();
        Lock own = locks.get(Math.floorMod(thing.hashCode(), LOCKS));
        shared.lock();
        own.lock();
        return () -> {
            own.unlock();
            shared.unlock();
        };
    }

    /** Waits for the changes of all things. */
    Held all() {
        Lock exclusive = all.writeLock();
        exclusive.lock();
        return exclusive::unlock;
    }
}
