package dev.roundtrip.local.faults;

import dev.roundtrip.mqtt.InFlightMessage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The ways on which messages take longer than they should. Thread-safe; bounded, and what exceeds the bound goes
 * straight.
 */
final class FaultPlan implements AutoCloseable {
    /** How long a message waits for another one to overtake it. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private static final Duration SOON = Duration.ofMillis(2);
    private static final int MAX_WAITING = 10_000;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("faults").daemon().factory(), new ThreadPoolExecutor.DiscardPolicy());
    private final Map<String, InFlightMessage> overtaken = new ConcurrentHashMap<>();

    /** Straight on, and past the one that is to be overtaken. */
    void pass(InFlightMessage inFlight) {
        inFlight.deliver();
        InFlightMessage slower = overtaken.isEmpty() ? null : overtaken.remove(inFlight.subscriber());
        if (slower != null) {
            slower.deliver();
        }
    }

    void later(Duration by, Runnable step) {
        if (timer.getQueue().size() >= MAX_WAITING) {
            step.run();
            return;
        }
        var unused = timer.schedule(step, by.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** When what was just delivered has probably been written. */
    void soon(Runnable step) {
        later(SOON, step);
    }

    void late(Duration by, InFlightMessage inFlight) {
        Duration left = inFlight.untilExpiry();
        later(left == null || left.isNegative() ? by : left.plus(by), inFlight::deliverThoughExpired);
    }

    void behindTheNext(InFlightMessage inFlight) {
        InFlightMessage earlier = overtaken.put(inFlight.subscriber(), inFlight);
        if (earlier != null) {
            earlier.deliver();
        }
        later(PATIENCE, () -> {
            if (overtaken.remove(inFlight.subscriber(), inFlight)) {
                inFlight.deliver();
            }
        });
    }

    int waiting() {
        return timer.getQueue().size();
    }

    @Override
    public void close() {
        var unused = timer.shutdownNow();
        overtaken.clear();
    }
}
