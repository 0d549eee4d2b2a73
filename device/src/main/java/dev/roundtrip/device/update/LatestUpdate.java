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
    private @Nullable Numbered<S> waiting;
    private @Nullable Thread thread;
    private boolean isLast;
    private boolean isOver;
    private boolean isNudged;

    /** The numbers of the newest states: of all, of those that the service has, and of those that it does not take. */
    private long newest;

    private long taken;
    private long refused;

    private long until;

    /** @param number grows with each state */
    private record Numbered<S>(long number, S state) {}

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

    /** Sends the last state, and returns at once; {@link #await} says how it ends.
     *
     * @return whether the service may still take it
     */
    public boolean putLast(S state) {
        lock.lock();
        try {
            if (isOver || isLast) {
                return false;
            }
            isLast = true;
            until = System.nanoTime() + patience.giveUp().toNanos();
            set(state);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void set(S state) {
        waiting = new Numbered<>(++newest, state);
        if (thread == null) {
            thread = Thread.ofVirtual().name(name).start(this::run);
        }
    }

    /** Waits until the service has the state that is the newest now, or one that came after it.
     *
     * @return whether it has; false when it does not take it, takes nothing any more, the device was closed before, or
     *     the time is up
     * @throws InterruptedException when the thread is interrupted
     */
    public boolean await(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long awaited = newest;
            long left = atMost.toNanos();
            while (taken < awaited && refused < awaited && !isOver && left > 0) {
                left = changed.awaitNanos(left);
            }
            return taken >= awaited;
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
            over();
            Thread sending = thread;
            if (sending != null) {
                sending.interrupt();
            }
        });
    }

    private void run() {
        Duration pause = patience.first();
        try {
            Numbered<S> sent = next();
            while (sent != null) {
                Verdict verdict = sender.send(sent.state());
                long number = sent.number();
                switch (verdict) {
                    case TAKEN -> {
                        pause = patience.first();
                        told(() -> taken = number);
                    }
                    case AGAIN -> {
                        rest(sent, pause);
                        pause = patience.after(pause);
                    }
                    case REFUSED -> told(() -> refused = number);
                    case OVER -> told(this::over);
                }
                sent = next();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            stopped();
        }
    }

    private @Nullable Numbered<S> next() {
        lock.lock();
        try {
            Numbered<S> next = waiting;
            waiting = null;
            if (next == null) {
                thread = null;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void rest(Numbered<S> unanswered, Duration pause) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (isLast && System.nanoTime() - until >= 0) {
                over();
                return;
            }
            if (waiting == null && !isOver) {
                waiting = unanswered;
            }
            long left = Patience.jittered(pause).toNanos();
            while (!isNudged && !isOver && left > 0) {
                left = changed.awaitNanos(left);
            }
            isNudged = false;
        } finally {
            lock.unlock();
        }
    }

    private void over() {
        isOver = true;
        waiting = null;
        changed.signalAll();
    }

    private void stopped() {
        locked(() -> {
            if (Thread.currentThread().equals(thread)) {
                over();
                thread = null;
            }
        });
    }

    /** Those who wait look again. */
    private void told(Runnable change) {
        locked(() -> {
            change.run();
            changed.signalAll();
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
