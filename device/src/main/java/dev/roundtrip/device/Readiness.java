package dev.roundtrip.device;

import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Whether a device can be reached, and whether it ever could. Connections are numbered, so that what is late about an
 * old one is passed
 * over. Thread-safe. */
final class Readiness {
    private enum State {
        CONNECTING,
        READY,
        /** Did not work the first time; somebody has to do something about it. */
        FAILED,
        ENDED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.CONNECTING;
    private boolean everReady;
    private long connection;
    private String reason =
            "the broker has not answered yet: check the endpoint, and that the CA file is the authority of the broker's"
                    + " certificate";

    /** A new connection stands; returns its number. */
    long connected() {
        lock.lock();
        try {
            return ++connection;
        } finally {
            lock.unlock();
        }
    }

    /** Whether that connection is the newest, and still wanted. */
    boolean isCurrent(long number) {
        lock.lock();
        try {
            return connection == number && state != State.ENDED;
        } finally {
            lock.unlock();
        }
    }

    /** The subscription of that connection is granted; true when it counts. */
    boolean ready(long number) {
        lock.lock();
        try {
            if (!isCurrent(number)) {
                return false;
            }
            everReady = true;
            change(State.READY, "");
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A connection did not come about; true when that is news. */
    boolean notConnected(String why) {
        lock.lock();
        try {
            return notSubscribed(connection, why);
        } finally {
            lock.unlock();
        }
    }

    /** The subscription of that connection was not granted; true when that is news. */
    boolean notSubscribed(long number, String why) {
        lock.lock();
        try {
            if (!isCurrent(number)) {
                return false;
            }
            boolean news = !why.equals(reason);
            change(everReady ? State.CONNECTING : State.FAILED, why);
            return news;
        } finally {
            lock.unlock();
        }
    }

    /** The newest connection is gone; true when it was ready.
     *
     * @param why the reason
     * @param whyNotReady the reason, for a connection that never was
     */
    boolean lost(String why, String whyNotReady) {
        lock.lock();
        try {
            boolean wasReady = state == State.READY;
            notSubscribed(connection, wasReady ? why : whyNotReady);
            connection++;
            return wasReady;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing counts any more. */
    void end() {
        lock.lock();
        try {
            change(State.ENDED, "it was closed");
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until the device is ready.
     *
     * @throws NotReadyException when its first connection fails, when it is closed, or when the time is up
     * @throws InterruptedException when the thread is interrupted
     */
    void await(Target device, Duration atMost) throws NotReadyException, InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitChange(atMost);
            switch (state) {
                case READY -> {}
                case CONNECTING ->
                    throw new NotReadyException(device + " is not ready after " + atMost.toMillis() + " ms: " + reason);
                case FAILED, ENDED -> throw new NotReadyException(device + " is not ready: " + reason);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Blocks as long as nothing is heard of the first connection, or until the time is up.
     *
     * @return whether nothing was heard all the time
     */
    boolean isSilentFor(Duration time) throws InterruptedException {
        awaitChange(time);
        lock.lock();
        try {
            return state == State.CONNECTING && connection == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until the device is ready, or cannot become it, or the time is up. */
    void awaitChange(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = atMost.toNanos();
            while (state == State.CONNECTING && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void change(State next, String why) {
        state = next;
        reason = why;
        changed.signalAll();
    }
}
