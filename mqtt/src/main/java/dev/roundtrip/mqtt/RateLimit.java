package dev.roundtrip.mqtt;

import java.util.concurrent.TimeUnit;

/** Lets so many through in a second, and as many at once. Thread-safe. */
final class RateLimit {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private final BrokerClock clock;
    private double permits;
    private long refilledAt;

    /** @param perSecond 0 is no limit */
    RateLimit(int perSecond, BrokerClock clock) {
        this.perSecond = perSecond;
        this.clock = clock;
        this.permits = perSecond;
        this.refilledAt = clock.nanos();
    }

    boolean tryAcquire() {
        return tryAcquire(1);
    }

    /** @param count how many at once, or none of them */
    boolean tryAcquire(int count) {
        return perSecond == 0 || tryAcquireLimited(count);
    }

    private synchronized boolean tryAcquireLimited(int count) {
        long now = clock.nanos();
        permits = Math.min(perSecond, permits + (double) (now - refilledAt) * perSecond / SECOND);
        refilledAt = now;
        if (permits < count) {
            return false;
        }
        permits -= count;
        return true;
    }

    /** Tells whether it would let a whole second's worth through: it then remembers nothing of use. */
    synchronized boolean isFull() {
        return permits + (double) (clock.nanos() - refilledAt) * perSecond / SECOND >= perSecond;
    }
}
