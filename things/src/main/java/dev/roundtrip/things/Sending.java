package dev.roundtrip.things;

import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Has things publish at a steady rate, each on its own, for a while. Thread-safe; runs once. */
final class Sending {
    /** Messages of one thing that the broker has not acknowledged; source: AWS IoT Core message broker limits, "Maximum
     * number of in-flight, unacknowledged messages per client".
     */
    private static final int MAX_IN_FLIGHT = 100;

    /** Different reasons that are remembered; our choice. */
    private static final int MAX_REASONS = 10;

    private final Plan plan;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Map<String, Long> reasons = new TreeMap<>();

    /** What is published.
     *
     * @param duration for how long
     * @param interval between two messages of one thing, above 0
     */
    record Plan(Message message, Duration duration, Duration interval) {
        /** How many messages one thing sends: the first at once. */
        long messages() {
            return Math.max(1, Math.ceilDiv(duration.toNanos(), interval.toNanos()));
        }
    }

    /** Makes the messages of a thing. */
    interface Message {
        Topic topic(Target thing);

        /** @param number from 1 on */
        byte[] payload(Target thing, long number);
    }

    /** How it went.
     *
     * @param sent messages that were handed to a connection
     * @param acknowledged of these, those that the broker has acknowledged
     * @param failed of these, the others
     * @param reasons why they failed, and how often; not all where they are many
     */
    record Summary(long sent, long acknowledged, long failed, Map<String, Long> reasons) {}

    Sending(Plan plan) {
        this.plan = plan;
    }

    /** How many were sent so far. */
    long sent() {
        return sent.get();
    }

    /** Ends it before its time. */
    void stop() {
        stopped.countDown();
    }

    /** Sends, and returns when each message is acknowledged or failed. */
    Summary run(List<ConnectedThing> things) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (ConnectedThing thing : things) {
            threads.add(Thread.ofVirtual().start(() -> send(thing)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return summary();
    }

    private Summary summary() {
        synchronized (reasons) {
            return new Summary(sent.get(), acknowledged.get(), failed.get(), Map.copyOf(reasons));
        }
    }

    private void send(ConnectedThing thing) {
        Semaphore room = new Semaphore(MAX_IN_FLIGHT);
        long start = System.nanoTime();
        try {
            for (long number = 1; number <= plan.messages(); number++) {
                long due = start + (number - 1) * plan.interval().toNanos();
                if (stopped.await(Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    break;
                }
                room.acquire();
                long each = number;
                sent.incrementAndGet();
                Thread.ofVirtual().start(() -> {
                    publish(thing, each);
                    room.release();
                });
            }
            // Each publication ends within its own time.
            room.acquire(MAX_IN_FLIGHT);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish(ConnectedThing thing, long number) {
        try {
            thing.publish(plan.message().topic(thing.name()), plan.message().payload(thing.name(), number));
            acknowledged.incrementAndGet();
        } catch (ThingsException refused) {
            fail(String.valueOf(refused.getMessage()));
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(String reason) {
        failed.incrementAndGet();
        synchronized (reasons) {
            if (reasons.containsKey(reason) || reasons.size() < MAX_REASONS) {
                reasons.merge(reason, 1L, Long::sum);
            }
        }
    }
}
