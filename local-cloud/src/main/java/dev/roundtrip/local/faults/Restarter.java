package dev.roundtrip.local.faults;

import dev.roundtrip.mqtt.Broker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Restarts a broker again and again, as the last order says, on one thread that exists while there is an order.
 * Thread-safe.
 */
final class Restarter implements AutoCloseable {
    /** A broker that starts again waits up to 10 s for its ports. */
    private static final Duration MARGIN = Duration.ofSeconds(12);

    private final Broker broker;
    private final Consumer<String> complaints;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // The fields below are guarded by the lock.
    private @Nullable Restarts wanted;
    private Runnable count = () -> {};
    private long orders;
    private boolean closed;
    private @Nullable Thread thread;

    /** What the thread does next.
     *
     * @param order the number of the order that says so
     */
    private record Turn(Restarts restarts, Runnable count, long order) {}

    Restarter(Broker broker, Consumer<String> complaints) {
        this.broker = broker;
        this.complaints = complaints;
    }

    /** Gives another order; returns at once. A broker that is away by the order of before comes back at once.
     *
     * @param next null for no more restarts
     * @param counter called for each restart of this order
     */
    void follow(@Nullable Restarts next, Runnable counter) {
        lock.lock();
        try {
            wanted = closed ? null : next;
            count = counter;
            orders++;
            changed.signalAll();
            if (wanted != null && thread == null) {
                thread = Thread.ofVirtual().name("faults-restart").start(this::run);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (Turn turn = nextTurn(); turn != null; turn = nextTurn()) {
                turn.count().run();
                goAway(turn);
                comeBack();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until a restart is due; null when no more restarts are wanted, and the thread must end. */
    private @Nullable Turn nextTurn() throws InterruptedException {
        lock.lock();
        try {
            while (wanted != null) {
                Turn turn = new Turn(wanted, count, orders);
                if (lasts(turn.order(), turn.restarts().every())) {
                    return turn;
                }
            }
            thread = null;
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits; false as soon as there is another order. The lock is held. */
    private boolean lasts(long order, Duration time) throws InterruptedException {
        long left = time.toNanos();
        while (orders == order && left > 0) {
            left = changed.awaitNanos(left);
        }
        return orders == order;
    }

    /** Stops the broker until its time is over, or there is another order. */
    private void goAway(Turn turn) throws InterruptedException {
        try {
            broker.pause();
        } catch (RuntimeException defect) {
            complaints.accept("the broker did not stop in order because of a defect: " + defect);
        }
        lock.lock();
        try {
            var unused = lasts(turn.order(), turn.restarts().away());
        } finally {
            lock.unlock();
        }
    }

    /** Starts the broker again. Does not give up, whatever the orders are by now: nobody asked for a broker that stays
     * away.
     */
    private void comeBack() throws InterruptedException {
        while (!resume() && !isClosed()) {
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private boolean resume() throws InterruptedException {
        try {
            broker.resume();
            return true;
        } catch (IOException taken) {
            complaints.accept("the broker did not come back: " + taken.getMessage());
        } catch (RuntimeException defect) {
            complaints.accept("the broker did not come back because of a defect: " + defect);
        }
        return false;
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** No more restarts; one that goes on is seen to its end, which comes at once when the broker is closed. */
    @Override
    public void close() {
        Thread last;
        lock.lock();
        try {
            closed = true;
            wanted = null;
            orders++;
            changed.signalAll();
            last = thread;
        } finally {
            lock.unlock();
        }
        try {
            if (last != null && !last.join(MARGIN)) {
                last.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
