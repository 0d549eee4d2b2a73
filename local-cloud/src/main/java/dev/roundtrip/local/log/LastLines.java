package dev.roundtrip.local.log;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Keeps the last lines of a log, {@value #MAX_BYTES} bytes at most, and hands every line on. Thread-safe; takes a
 * short lock.
 */
public final class LastLines implements Consumer<String> {
    /** How much is kept, in bytes of UTF-8; our choice. */
    public static final int MAX_BYTES = 1 << 20;

    /** A longer line is handed on, and not kept; our choice. */
    private static final int MAX_LINE_BYTES = 64 * 1024;

    private final Consumer<String> next;
    private final InstantSource clock;
    private final Deque<Line> lines = new ArrayDeque<>();
    private long bytes;
    private long count;

    /** One line.
     *
     * @param number grows by one with each line, from 0
     * @param text with its time
     */
    public record Line(long number, String text) {}

    /** @param next takes every line too
     * @param clock for lines without a time
     */
    public LastLines(Consumer<String> next, InstantSource clock) {
        this.next = next;
        this.clock = clock;
    }

    @Override
    public void accept(String line) {
        String stamped = LogLine.stamped(line, clock.instant());
        if (size(stamped) <= MAX_LINE_BYTES) {
            keep(stamped);
        }
        next.accept(line);
    }

    private static int size(String line) {
        return line.getBytes(StandardCharsets.UTF_8).length;
    }

    private void keep(String line) {
        synchronized (lines) {
            lines.addLast(new Line(count++, line));
            bytes += size(line);
            while (bytes > MAX_BYTES) {
                bytes -= size(lines.removeFirst().text());
            }
        }
    }

    /** The number of the next line. */
    public long next() {
        synchronized (lines) {
            return count;
        }
    }

    /** Lines in order, from one number on.
     *
     * @param from the number of the first; when that one is gone, the oldest that is there
     * @param most how many at most
     */
    public List<Line> lines(long from, int most) {
        synchronized (lines) {
            long first = count - lines.size();
            List<Line> found = new ArrayList<>();
            if (from < count) {
                lines.stream().skip(Math.max(0, from - first)).limit(most).forEach(found::add);
            }
            return found;
        }
    }

    /** The last lines, the oldest first. */
    public List<Line> last(int most) {
        synchronized (lines) {
            return lines(Math.max(0, count - most), most);
        }
    }
}
