package dev.roundtrip.local.http;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory all bodies together may take that are still coming in: nobody has shown a signature for them yet. Thread-safe. */
public final class BodyBudget {
    private final long max;
    private final AtomicLong taken = new AtomicLong();

    public BodyBudget(long max) {
        this.max = max;
    }

    /** Takes some bytes, unless there would be too many then. */
    public boolean take(int bytes) {
        if (taken.addAndGet(bytes) <= max) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }
}
