package dev.roundtrip.local.commands;

import dev.roundtrip.local.log.Event;
import dev.roundtrip.local.log.LogLine;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Writes lines on a thread of its own, those of 20 ms at once, so that no call waits for a terminal. Thread-safe.
 *
 * <p>Beyond {@value #MAX_WAITING} lines that nobody reads, the rest is lost, and their number is told.
 */
final class LineLog implements Consumer<String>, AutoCloseable {
    private static final int MAX_WAITING = 65_536;

    /** What a line waits for others, so that not every call wakes the thread. */
    private static final Duration GATHERING = Duration.ofMillis(20);

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private final LongAdder lost = new LongAdder();
    private final PrintWriter out;
    private final Thread writer;

    LineLog(PrintWriter out) {
        this.out = out;
        this.writer = Thread.ofPlatform().name("log").daemon().start(this::writeAll);
    }

    @Override
    public void accept(String line) {
        if (!waiting.offer(line)) {
            lost.increment();
        }
    }

    private void writeAll() {
        List<String> lines = new ArrayList<>();
        try {
            while (true) {
                lines.add(waiting.take());
                Thread.sleep(GATHERING);
                waiting.drainTo(lines);
                write(lines);
            }
        } catch (InterruptedException closing) {
            waiting.drainTo(lines);
            if (!lines.isEmpty()) {
                write(lines);
            }
        }
    }

    private void write(List<String> lines) {
        long missing = lost.sumThenReset();
        if (missing > 0) {
            lines.add(LogLine.stamped(
                    LogLine.warning(Event.LOG, missing + " lines were lost, for nobody read them"), Instant.now()));
        }
        print(String.join(System.lineSeparator(), lines));
        lines.clear();
    }

    /** Writes a line at once, on the calling thread. */
    void write(String line) {
        print(line);
    }

    private void print(String text) {
        synchronized (out) {
            out.print(text + System.lineSeparator());
            out.flush();
        }
    }

    /** Writes what is left, unless nobody reads it; lines that come later are lost. */
    @Override
    public void close() {
        writer.interrupt();
        try {
            var unused = writer.join(PATIENCE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
