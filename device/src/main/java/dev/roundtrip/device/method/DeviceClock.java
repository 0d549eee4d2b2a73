package dev.roundtrip.device.method;

import java.time.Duration;
import java.time.Instant;

/** A device's idea of time; a parameter, so that tests of timing need not wait. Thread-safe. */
public interface DeviceClock {

    /** The present instant by this device's clock. */
    Instant now();

    /** The time that passed since some moment before the device began. Setting the clock does not change it. */
    default Duration uptime() {
        return Duration.ofNanos(System.nanoTime());
    }

    /** Blocks until the clock shows the instant; returns at once when it already does.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    void sleepUntil(Instant instant) throws InterruptedException;

    /** The computer's clock. */
    static DeviceClock system() {
        return new DeviceClock() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public void sleepUntil(Instant instant) throws InterruptedException {
                Duration left = Duration.between(now(), instant);
                if (left.isPositive()) {
                    Thread.sleep(left);
                }
            }
        };
    }
}
