package dev.roundtrip.local.commands;

import dev.roundtrip.local.log.LogLine;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The log of a local cloud: one JSON object a line with its time, whatever is written to it. Thread-safe.
 *
 * <p>What is no warning is held back until the start has succeeded: a start that fails says why, and nothing else.
 */
final class JsonLog implements Consumer<String>, AutoCloseable {
    private static final String INFO = "\"level\":\"INFO\"";

    /** Of the lines that are held back; our choice. */
    private static final int MAX_EARLY = 65_536;

    private final InstantSource clock;
    private final LineLog lines;

    /** Lines that are held back; null when no more are. Guarded by this. */
    private @Nullable List<String> early = new ArrayList<>();

    JsonLog(PrintWriter out, InstantSource clock) {
        this.clock = clock;
        this.lines = new LineLog(out);
    }

    /** Takes a JSON object, and does not wait until it is written. */
    @Override
    public void accept(String line) {
        String stamped = LogLine.stamped(line, clock.instant());
        if (!holdBack(stamped)) {
            lines.accept(stamped);
        }
    }

    private synchronized boolean holdBack(String line) {
        List<String> held = early;
        if (held == null || !line.contains(INFO)) {
            return false;
        }
        if (held.size() < MAX_EARLY) {
            held.add(line);
        }
        return true;
    }

    /** Writes what was held back, and holds back no more: the start has succeeded. */
    synchronized void begin() {
        List<String> held = early;
        early = null;
        if (held != null) {
            held.forEach(lines);
        }
    }

    /** Writes a JSON object before it returns, for what may be the last words of this process. */
    void write(String line) {
        lines.write(LogLine.stamped(line, clock.instant()));
    }

    @Override
    public void close() {
        lines.close();
    }
}
