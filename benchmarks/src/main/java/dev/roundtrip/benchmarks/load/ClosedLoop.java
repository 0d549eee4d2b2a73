package dev.roundtrip.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Clients that each ask again as soon as they are answered, and leave when they are not: shows how much gets through,
 * and how long an answer takes when nobody waits in line. A client that waits for a late answer asks nothing meanwhile:
 * {@link OpenLoop} shows what callers see that come at their own pace.
 */
public final class ClosedLoop {
    /** Longer than any call may last. */
    private static final Duration STRAGGLERS = Duration.ofSeconds(40);

    private ClosedLoop() {}

    /** Asks for that long, and waits for every answer. The sample has all of them, over the time until the last.
     *
     * @param clients 1 up to the number of lanes
     * @throws InterruptedException when the thread is interrupted; questions may still be open then
     * @throws IllegalStateException when a question never ended
     */
    public static Sample run(RoundTrips subject, int clients, Duration time) throws InterruptedException {
        if (clients > subject.lanes()) {
            throw new IllegalArgumentException(clients + " clients need as many lanes, not " + subject.lanes());
        }
        Gauge gauge = new Gauge();
        long end = System.nanoTime() + time.toNanos();
        CountDownLatch open = new CountDownLatch(clients);
        for (int lane = 0; lane < clients; lane++) {
            new Client(subject, lane, gauge, end, open).ask();
        }
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        if (!open.await(STRAGGLERS.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(open.getCount() + " of " + clients + " were never answered");
        }
        return gauge.sample(gauge.read());
    }

    private static final class Client implements RoundTrips.Asker {
        private final RoundTrips subject;
        private final int lane;
        private final Gauge gauge;
        private final long end;
        private final CountDownLatch open;
        private long asked;

        Client(RoundTrips subject, int lane, Gauge gauge, long end, CountDownLatch open) {
            this.subject = subject;
            this.lane = lane;
            this.gauge = gauge;
            this.end = end;
            this.open = open;
        }

        void ask() {
            asked = System.nanoTime();
            subject.ask(lane, this);
        }

        @Override
        public void ended(RoundTrips.Ending ending) {
            long now = System.nanoTime();
            gauge.record(ending, now - asked);
            if (now - end < 0 && ending == RoundTrips.Ending.ANSWERED) {
                ask();
            } else {
                open.countDown();
            }
        }
    }
}
