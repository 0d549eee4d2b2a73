package dev.roundtrip.mqtt;

import java.time.Instant;

/** The two times a broker needs: what people call now, and a count that never jumps. Thread-safe. */
public interface BrokerClock {
    /** The time of day, for what others read: events and connection records. */
    Instant now();

    /** Nanoseconds from an arbitrary origin, never going back: for every interval. */
    long nanos();

    /** The machine's clocks. */
    static BrokerClock system() {
        return new BrokerClock() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
