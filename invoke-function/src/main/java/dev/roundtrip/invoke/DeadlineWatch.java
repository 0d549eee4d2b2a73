package dev.roundtrip.invoke;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Ends calls whose time is over: one thread for all of them, asleep until the next deadline. Thread-safe.
 *
 * <p>A call that ends in time costs it nothing, where a timer of its own would have to be set and taken back. Deadlines
 * less than a millisecond apart are looked at together, for the thread sleeps no shorter.
 */
final class DeadlineWatch implements AutoCloseable {
    /** What {@code expire} returns when nothing waits. */
    static final long NOTHING = Long.MAX_VALUE;

    private static final long SHORTEST_SLEEP = TimeUnit.MILLISECONDS.toNanos(1);

    /** Our choice: short beside the shortest time-out, long beside what a look takes. */
    private static final long PAUSE_AFTER_DEFECT = TimeUnit.MILLISECONDS.toNanos(50);

    /** From any time on, this is later than every deadline. */
    private static final long NEVER = Long.MAX_VALUE / 2;

    private final LongUnaryOperator expire;
    /** When the thread wakes up next. A call with an earlier deadline must wake it. Far in the future while the thread
     * looks, so that every new call wakes it.
     */
    private volatile long asleepUntil = System.nanoTime() + NEVER;

    /** The earliest deadline of those that woke the thread since it last looked around, so that it need not look again
     * for them.
     */
    private final AtomicLong offered = new AtomicLong(asleepUntil);

    private volatile boolean closing;
    private @Nullable Thread thread;

    /** @param expire takes the time by {@link System#nanoTime}, ends every call that is due by then, and returns how
     * many nanoseconds are left to the next, or {@link #NOTHING}
     */
    DeadlineWatch(LongUnaryOperator expire) {
        this.expire = expire;
    }

    /** Sees to it that {@code expire} is called when this time has come.
     *
     * @param until by {@link System#nanoTime}; {@code expire} must know of it already
     */
    void cover(long until) {
        if (until - asleepUntil < 0) {
            offered.accumulateAndGet(until, DeadlineWatch::earlier);
            wake();
        }
    }

    private synchronized void wake() {
        if (thread != null && thread.isAlive()) {
            LockSupport.unpark(thread);
        } else {
            thread = Thread.ofPlatform().name("deadlines").daemon().start(this::watch);
        }
    }

    private void watch() {
        do {
            sleep(lookAgain());
        } while (!hasEnded());
    }

    /** Looks, and when that fails looks again a little later: with this thread every call would lose its end. Memory
     * that is short
     * now may be there then. */
    private long lookAgain() {
        try {
            return look();
        } catch (RuntimeException | Error defect) {
            return System.nanoTime() + PAUSE_AFTER_DEFECT;
        }
    }

    /** Ends what is due, and returns when to look again. */
    private long look() {
        long now = System.nanoTime();
        asleepUntil = now + NEVER;
        offered.set(now + NEVER);
        return now + Math.clamp(expire.applyAsLong(now), SHORTEST_SLEEP, NEVER);
    }

    private void sleep(long next) {
        boolean wasClosing = closing;
        long until = next;
        while (true) {
            until = earlier(until, offered.get());
            asleepUntil = until;
            long left = until - System.nanoTime();
            boolean nothingWaits = left > NEVER / 2;
            if (left <= 0 || closing != wasClosing || (closing && nothingWaits)) {
                return;
            }
            // Whoever offers an earlier time from here on lets this return at once.
            LockSupport.parkNanos(this, left);
        }
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    /** Whoever comes after this finds no thread, and starts another. */
    private synchronized boolean hasEnded() {
        if (!closing || lookAgain() - System.nanoTime() < NEVER / 2) {
            return false;
        }
        thread = null;
        return true;
    }

    /** Lets the thread end as soon as nothing waits. */
    @Override
    public synchronized void close() {
        closing = true;
        LockSupport.unpark(thread);
    }
}
