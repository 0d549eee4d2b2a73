package dev.roundtrip.local.commands;

import dev.roundtrip.local.log.LogLine;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.function.Consumer;

/** The log of a local cloud: one JSON object a line with its time, whatever is written to it. Thread-safe. */
final class JsonLog implements Consumer<String>, AutoCloseable {
    private final InstantSource clock;
    private final LineLog lines;

    JsonLog(PrintWriter out, InstantSource clock) {
        this.clock = clock;
        this.lines = new LineLog(out);
    }

    /** Takes a JSON object, and does not wait until it is written. */
    @Override
    public void accept(String line) {
        lines.accept(LogLine.stamped(line, clock.instant()));
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
