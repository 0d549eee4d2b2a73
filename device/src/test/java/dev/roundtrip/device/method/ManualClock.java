package dev.roundtrip.device.method;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A clock that moves when the test says so; whoever sleeps on it sleeps until then. */
public final class ManualClock implements DeviceClock {
    public static final Instant START = Instant.parse("2026-11-01T12:00:00Z");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Instant now = START;
    private Duration uptime = Duration.ZERO;
    private int sleepers;

    @Override
    public Instant now() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Duration uptime() {
        lock.lock();
        try {
            return uptime;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void sleepUntil(Instant instant) throws InterruptedException {
        lock.lock();
        try {
            sleepers++;
            changed.signalAll();
            while (now.isBefore(instant)) {
                changed.await();
            }
        } finally {
            sleepers--;
            lock.unlock();
        }
    }

    /** Time passes. */
    public void advance(Duration duration) {
        lock.lock();
        try {
            uptime = uptime.plus(duration);
            jump(duration);
        } finally {
            lock.unlock();
        }
    }

    /** Somebody sets the clock, by less than nothing too; no time passes. */
    public void jump(Duration duration) {
        lock.lock();
        try {
            now = now.plus(duration);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until so many sleep. */
    public void awaitSleepers(int count) throws InterruptedException {
        lock.lock();
        try {
            while (sleepers < count) {
                if (!changed.await(10, SECONDS)) {
                    throw new AssertionError(sleepers + " sleep, not " + count);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
