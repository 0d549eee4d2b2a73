package dev.roundtrip.local.log;

import dev.roundtrip.local.log.LogLine.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Lets at most {@value #MOST} lines of one kind through in a second, and says how many it left out, so that a flood of
 * refusals is no flood of the log. Thread-safe; never blocks.
 */
public final class BoundedLog implements AutoCloseable {
    /** How many lines of one kind there are in a second. */
    public static final int MOST = 20;

    private final Consumer<String> log;
    private final Executor afterASecond;
    private final Map<Kind, Second> seconds = new HashMap<>();

    /** What is counted together. There are few of each, whatever clients send. */
    private record Kind(Event event, String refusal) {}

    /** A second in which there are lines of one kind. */
    private static final class Second {
        private int written;
        private long leftOut;
    }

    /** @param log takes one JSON object a line, without blocking */
    public BoundedLog(Consumer<String> log) {
        this(log, CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Runnable::run));
    }

    /** @param afterASecond runs what it is given, a second later */
    BoundedLog(Consumer<String> log, Executor afterASecond) {
        this.log = log;
        this.afterASecond = afterASecond;
    }

    /** Writes a line, unless there were enough of its kind.
     *
     * @param refusal one of few words, and never what a client sent
     * @param line made when it is written
     */
    public void accept(Event event, String refusal, Supplier<LogLine> line) {
        Kind kind = new Kind(event, refusal);
        if (mayBeWritten(kind)) {
            log.accept(line.get().toString());
        }
    }

    private boolean mayBeWritten(Kind kind) {
        synchronized (seconds) {
            Second second = seconds.get(kind);
            if (second == null) {
                Second begun = new Second();
                seconds.put(kind, begun);
                afterASecond.execute(() -> end(kind, begun));
                second = begun;
            }
            if (second.written < MOST) {
                second.written++;
                return true;
            }
            second.leftOut++;
            return false;
        }
    }

    private void end(Kind kind, Second second) {
        boolean ends;
        synchronized (seconds) {
            ends = seconds.remove(kind, second);
        }
        if (ends && second.leftOut > 0) {
            log.accept(LogLine.of(Level.WARN, Event.LEFT_OUT)
                    .with(Member.OF, kind.event().word())
                    .with(Member.REFUSAL, kind.refusal())
                    .with(Member.COUNT, second.leftOut)
                    .toString());
        }
    }

    /** Says what was left out so far. */
    @Override
    public void close() {
        List<Map.Entry<Kind, Second>> open;
        synchronized (seconds) {
            open = List.copyOf(seconds.entrySet());
        }
        open.forEach(entry -> end(entry.getKey(), entry.getValue()));
    }
}
