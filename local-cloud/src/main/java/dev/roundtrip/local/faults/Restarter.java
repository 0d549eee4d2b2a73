package dev.roundtrip.local.faults;

import dev.roundtrip.mqtt.Broker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Restarts a broker again and again, on a thread of its own. */
final class Restarter implements AutoCloseable {
    private static final Duration MARGIN = Duration.ofSeconds(12);

    private final Restarts restarts;
    private final CountDownLatch enough = new CountDownLatch(1);
    private final Thread thread;

    Restarter(Broker broker, Restarts restarts, Runnable count, Consumer<String> complaints) {
        this.restarts = restarts;
        this.thread = Thread.ofVirtual().name("faults-restart").start(() -> {
            try {
                while (!enough.await(restarts.every().toNanos(), TimeUnit.NANOSECONDS)) {
                    count.run();
                    restart(broker, complaints);
                }
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Restarts it once. A broker that did not come back may come back the next time. */
    private void restart(Broker broker, Consumer<String> complaints) throws InterruptedException {
        try {
            broker.restart(restarts.away());
        } catch (IOException taken) {
            complaints.accept("the broker did not come back: " + taken.getMessage());
        } catch (RuntimeException defect) {
            complaints.accept("the broker did not come back because of a defect: " + defect);
        }
    }

    /** No more restarts; one that goes on is seen to its end, which comes at once when the broker is closed. */
    @Override
    public void close() {
        enough.countDown();
        try {
            if (!thread.join(restarts.away().plus(MARGIN))) {
                thread.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
