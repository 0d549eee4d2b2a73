package dev.roundtrip.client;

import java.time.Duration;

/** The clock of the tries and of the waits between them. */
interface Time {
    /** A number of nanoseconds that only grows. */
    long nanos();

    /** Waits.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    void pause(Duration pause) throws InterruptedException;

    /** This machine's. */
    static Time system() {
        return new Time() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void pause(Duration pause) throws InterruptedException {
                Thread.sleep(pause);
            }
        };
    }
}
