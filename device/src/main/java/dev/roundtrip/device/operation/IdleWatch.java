package dev.roundtrip.device.operation;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Closes a stream that brings nothing: Java's own timeout ends with the headers. */
final class IdleWatch implements AutoCloseable {
    private final InputStream stream;
    private final Duration idle;
    private final Thread thread;
    private volatile long touched = System.nanoTime();

    IdleWatch(InputStream stream, Duration idle) {
        this.stream = stream;
        this.idle = idle;
        this.thread = Thread.ofVirtual().name("download-watch").start(this::watch);
    }

    /** Something came. */
    void touch() {
        touched = System.nanoTime();
    }

    private void watch() {
        try {
            long left = idle.toNanos();
            while (left > 0) {
                Thread.sleep(Duration.ofNanos(left));
                left = idle.toNanos() - (System.nanoTime() - touched);
            }
            stream.close();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            // It is closed all the same.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
