package dev.roundtrip.local.time;

import java.time.Instant;
import java.time.InstantSource;

/** The time of services: what they stamp, and when their timers run. Signatures and certificates keep to the system's
 * clock. Thread-safe.
 *
 * <p>Tasks run one after the other, those of an earlier time first, those of the same time in the order in which they
 * were asked for. A task may write to the store and ask for further tasks. Who asks for tasks bounds their number; each
 * keeps about 100 bytes and what it refers to. No task survives the process: services ask again from their rows.
 */
public interface ServiceClock extends InstantSource {

    /** A task that is asked for. */
    @FunctionalInterface
    interface Timer {
        /** The task does not run any more, unless it runs already. Does nothing afterwards. */
        void cancel();
    }

    /** Runs a task once, at this time or soon afterwards; a time that has passed means as soon as possible. */
    Timer at(Instant time, Runnable task);
}
