package dev.roundtrip.device.shadow;

import java.util.concurrent.atomic.AtomicInteger;

/** How much waits for the thread of a shadow, which is bounded. Thread-safe. */
final class Inbox {
    /** In bytes of payloads; our choice, more than the largest message of AWS IoT Core. */
    private static final int MOST_BYTES = 256 * 1024;

    /** What a message takes beside its payload, about. */
    private static final int OVERHEAD = 512;

    private final AtomicInteger waiting = new AtomicInteger();

    /** @return whether there is room for a message; it waits then */
    boolean add(byte[] payload) {
        int weight = payload.length + OVERHEAD;
        if (waiting.addAndGet(weight) > MOST_BYTES) {
            waiting.addAndGet(-weight);
            return false;
        }
        return true;
    }

    void remove(byte[] payload) {
        waiting.addAndGet(-payload.length - OVERHEAD);
    }
}
