package dev.roundtrip.device.operation;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Closes a stream that brings too little, or goes on for too long: Java's own timeout ends with the headers. */
final class IdleWatch implements AutoCloseable {
    /** Our choice: a stream that brings less than this in the idle time is as good as one that brings nothing. */
    static final long LEAST_BYTES = 1024;

    private final InputStream stream;
    private final DownloadRules rules;
    private final long until;
    private final AtomicLong bytes = new AtomicLong();
    private final Thread thread;
    private volatile boolean isGivenUp;

    /** @param until when the whole download is to end, by {@link System#nanoTime} */
    IdleWatch(InputStream stream, DownloadRules rules, long until) {
        this.stream = stream;
        this.rules = rules;
        this.until = until;
        this.thread = Thread.ofVirtual().name("download-watch").start(this::watch);
    }

    /** So much came. */
    void came(int more) {
        var unused = bytes.addAndGet(more);
    }

    /** Whether the stream was closed because it brought too little. */
    boolean isGivenUp() {
        return isGivenUp;
    }

    private void watch() {
        try {
            boolean isSlow = false;
            long left = until - System.nanoTime();
            while (!isSlow && left > 0) {
                long idle = Math.min(rules.idle().toNanos(), left);
                Thread.sleep(Duration.ofNanos(idle));
                isSlow = bytes.getAndSet(0) < LEAST_BYTES;
                left = until - System.nanoTime();
            }
            isGivenUp = isSlow && left > 0;
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
