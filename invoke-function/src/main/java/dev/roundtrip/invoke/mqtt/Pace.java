package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Deadline;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lets no more requests go in any second than a connection may carry, in the order in which they came. Thread-safe.
 *
 * <p>Who comes is told at once whether there is a turn in time: so nobody waits in vain, and no more wait than can go.
 * A call waits in its own thread.
 */
final class Pace {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final RequestRate rate;
    private final Clocks clocks;

    /** Fair: who holds it is the next to go, and the others come after it in their order. */
    private final ReentrantLock turn = new ReentrantLock(true);

    /** Held for moments, to read or change what is below. */
    private final ReentrantLock lock = new ReentrantLock();

    /** When the last ones went, as many as may go in a second; a ring. */
    private final long[] gone;

    /** The place in the ring of the one that went first. */
    private int first;

    private int waiting;

    Pace(RequestRate rate, Clocks clocks) {
        this.rate = rate;
        this.clocks = clocks;
        this.gone = switch (rate) {
            case RequestRate.Unlimited unlimited -> new long[0];
            case RequestRate.PerSecond limited -> new long[limited.requests()];
        };
        Arrays.fill(gone, now() - SECOND);
    }

    private long now() {
        return clocks.nanoTime().getAsLong();
    }

    /** Returns when it is this call's turn to send.
     *
     * @param deadline the call's; half of what is left of it may be spent here, for the device needs time too
     * @return whether it had to wait
     * @throws MqttException when there is no turn in that time; thrown at once
     */
    boolean await(Deadline deadline) throws MqttException {
        return switch (rate) {
            case RequestRate.Unlimited unlimited -> false;
            case RequestRate.PerSecond limited -> await(deadline.remainingNanos() / 2);
        };
    }

    private boolean await(long patience) throws MqttException {
        boolean waits = register(patience);
        try {
            turn.lockInterruptibly();
            try {
                for (long left = go(); left > 0; left = go()) {
                    TimeUnit.NANOSECONDS.sleep(left);
                }
            } finally {
                turn.unlock();
            }
        } catch (InterruptedException interrupted) {
            resign();
            Thread.currentThread().interrupt();
            throw Renewal.stopping();
        }
        return waits;
    }

    /** How many have been promised a turn, and have not gone yet. */
    int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    private boolean register(long patience) throws MqttException {
        lock.lock();
        try {
            // It goes a second after the one that goes or went as many places before it as there are places in the
            // ring.
            long left = gone[(first + waiting % gone.length) % gone.length] + SECOND - now();
            long wait = Math.max(0, left) + waiting / gone.length * SECOND;
            if (wait > patience) {
                throw new MqttException(
                        MqttException.Kind.THROTTLED,
                        "the gateway sends at most " + gone.length
                                + " requests a second over its connection, and has no turn for this one in time");
            }
            waiting++;
            return wait > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Goes, when it may.
     *
     * @return in how many nanoseconds to try again; 0 or less when it went
     */
    private long go() {
        lock.lock();
        try {
            long now = now();
            long left = gone[first] + SECOND - now;
            if (left <= 0) {
                gone[first] = now;
                first = (first + 1) % gone.length;
                waiting--;
            }
            return left;
        } finally {
            lock.unlock();
        }
    }

    private void resign() {
        lock.lock();
        try {
            waiting--;
        } finally {
            lock.unlock();
        }
    }
}
