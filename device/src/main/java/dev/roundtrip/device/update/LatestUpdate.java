package dev.roundtrip.device.update;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Brings the newest state of one thing to a service. One update is in flight at a time; of the states that come in the
 * meantime the last one counts. What is not answered is sent again after a pause that grows. Thread-safe.
 *
 * @param <S> a state, whole: it replaces the one before
 */
public final class LatestUpdate<S> {
    private final String name;
    private final Patience patience;
    private final Sender<S> sender;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable S waiting;
    private @Nullable Thread thread;
    private boolean isLast;
    private boolean isOver;
    private boolean isNudged;

    /** The newest state that was sent is one that the service does not take. */
    private boolean isRefused;

    private long until;

    /** @param name of the thread that sends */
    public LatestUpdate(String name, Patience patience, Sender<S> sender) {
        this.name = name;
        this.patience = patience;
        this.sender = sender;
    }

    /** Sends a state as soon as none is in flight. Never blocks.
     *
     * @return whether the service may still take it
     */
    public boolean put(S state) {
        lock.lock();
        try {
            if (isOver || isLast) {
                return false;
            }
            set(state);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Sends the last state, and returns at once; {@link #await} says how it ends. */
    public void putLast(S state) {
        locked(() -> {
            if (!isOver && !isLast) {
                isLast = true;
                until = System.nanoTime() + patience.giveUp().toNanos();
                set(state);
            }
        });
    }

    private void set(S state) {
        waiting = state;
        isRefused = false;
        if (thread == null) {
            thread = Thread.ofVirtual().name(name).start(this::run);
        }
    }

    /** Waits until the service has the newest state.
     *
     * @return whether it has; false when it does not take it, the device is closed, or the time is up
     * @throws InterruptedException when the thread is interrupted
     */
    public boolean await(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = atMost.toNanos();
            while (thread != null && left > 0) {
                left = changed.awaitNanos(left);
            }
            return thread == null && !isOver && !isRefused;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the present pause: the service can be reached again. */
    public void nudge() {
        locked(() -> {
            isNudged = true;
            changed.signalAll();
        });
    }

    /** Sends nothing any more. */
    public void close() {
        locked(() -> {
            isOver = true;
            waiting = null;
            Thread sending = thread;
            if (sending != null) {
                sending.interrupt();
            }
        });
    }

    private void run() {
        Duration pause = patience.first();
        try {
            S state = next();
            while (state != null) {
                Verdict verdict = sender.send(state);
                switch (verdict) {
                    case TAKEN -> pause = patience.first();
                    case AGAIN -> {
                        rest(state, pause);
                        pause = patience.after(pause);
                    }
                    case REFUSED -> refused();
                    case OVER -> end();
                }
                state = next();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            stopped();
        }
    }

    private @Nullable S next() {
        lock.lock();
        try {
            S state = waiting;
            waiting = null;
            if (state == null) {
                thread = null;
                changed.signalAll();
            }
            return state;
        } finally {
            lock.unlock();
        }
    }

    private void rest(S unanswered, Duration pause) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (isLast && System.nanoTime() - until >= 0) {
                isOver = true;
                waiting = null;
                return;
            }
            if (waiting == null && !isOver) {
                waiting = unanswered;
            }
            long left = pause.toNanos();
            while (!isNudged && !isOver && left > 0) {
                left = changed.awaitNanos(left);
            }
            isNudged = false;
        } finally {
            lock.unlock();
        }
    }

    /** Counts unless a newer state came meanwhile. */
    private void refused() {
        locked(() -> isRefused = waiting == null);
    }

    private void end() {
        locked(() -> {
            isOver = true;
            waiting = null;
        });
    }

    private void stopped() {
        locked(() -> {
            if (Thread.currentThread().equals(thread)) {
                isOver = true;
                thread = null;
                changed.signalAll();
            }
        });
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
