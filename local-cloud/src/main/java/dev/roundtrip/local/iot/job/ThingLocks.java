package dev.roundtrip.local.iot.job;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** Has changes of one thing, with what subscribers are told of them, come one after the other: notifications are in the
 * order of the changes. Thread-safe.
 */
final class ThingLocks {
    /** Things whose changes wait for each other though they need not; our choice. */
    private static final int LOCKS = 1024;

    private final List<Lock> locks =
            Stream.<Lock>generate(() -> new ReentrantLock(true)).limit(LOCKS).toList();

    /** Held until it is closed. */
    @FunctionalInterface
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits for the changes of things. Locks are taken in one order, so that nobody waits for each other. */
    Held of(Collection<String> things) {
        List<Lock> own = things.stream()
                .map(thing -> Math.floorMod(thing.hashCode(), LOCKS))
                .distinct()
                .sorted()
                .map(locks::get)
                .toList();
        own.forEach(Lock::lock);
        return () -> own.reversed().forEach(Lock::unlock);
    }
}
