package dev.roundtrip.local.faults;

import dev.roundtrip.mqtt.InFlightMessage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The ways on which messages take longer than they should. Thread-safe; bounded in number and bytes, and what exceeds
 * a bound goes straight.
 */
final class FaultPlan implements AutoCloseable {
    /** How long a message waits for another one to overtake it. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private static final Duration SOON = Duration.ofMillis(2);
    private static final int MAX_WAITING = 10_000;
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("faults").daemon().factory(), new ThreadPoolExecutor.DiscardPolicy());
    private final Map<String, InFlightMessage> overtaken = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** Straight on, and past the one that is to be overtaken. */
    void pass(InFlightMessage inFlight) {
        inFlight.deliver();
        InFlightMessage slower = overtaken.isEmpty() ? null : overtaken.remove(inFlight.destination());
        if (slower != null) {
            slower.deliver();
        }
    }

    /** Takes a step later; at once where a bound is reached.
     *
     * @param held what the step keeps in memory
     */
    void later(Duration by, InFlightMessage held, Runnable step) {
        if (!hasRoom(held)) {
            giveBack(held);
            step.run();
            return;
        }
        Runnable lastStep = () -> {
            try {
                step.run();
            } finally {
                giveBack(held);
            }
        };
        var unused = timer.schedule(lastStep, by.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Takes room, whatever the answer. */
    private boolean hasRoom(InFlightMessage held) {
        boolean few = waiting.incrementAndGet() <= MAX_WAITING;
        boolean small = bytes.addAndGet(held.weight()) <= MAX_BYTES;
        return few && small;
    }

    private void giveBack(InFlightMessage held) {
        bytes.addAndGet(-held.weight());
        waiting.decrementAndGet();
    }

    /** When what was just delivered has probably been written. */
    void soon(InFlightMessage held, Runnable step) {
        later(SOON, held, step);
    }

    void late(Duration by, InFlightMessage inFlight) {
        Duration left = inFlight.untilExpiry();
        later(left == null || left.isNegative() ? by : left.plus(by), inFlight, inFlight::deliverThoughExpired);
    }

    void behindTheNext(InFlightMessage inFlight) {
        InFlightMessage earlier = overtaken.put(inFlight.destination(), inFlight);
        if (earlier != null) {
            earlier.deliver();
        }
        later(PATIENCE, inFlight, () -> {
            if (overtaken.remove(inFlight.destination(), inFlight)) {
                inFlight.deliver();
            }
        });
    }

    int waiting() {
        return waiting.get();
    }

    @Override
    public void close() {
        var unused = timer.shutdownNow();
        overtaken.clear();
    }
}
