package dev.roundtrip.things;

import java.time.Duration;

/** Waits between two attempts; a test does not. */
@FunctionalInterface
interface Pause {
    void of(Duration duration) throws InterruptedException;
}
