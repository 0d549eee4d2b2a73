package dev.roundtrip.local.api;

import dev.roundtrip.local.http.HttpStream;
import dev.roundtrip.mqtt.Defects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The streams of events that are open, {@value #MOST} at most. One thread writes to all of them, while there are any.
 * Thread-safe.
 */
final class EventStreams implements AutoCloseable {
    /** How many streams may be open at once; our choice. */
    static final int MOST = 16;

    /** How long an event waits for others; our choice. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final Duration COMMENT = Duration.ofSeconds(15);

    private final EventReader.Sources sources;
    private final Duration commentEvery;
    private final AtomicInteger open = new AtomicInteger();
    /** Guarded by this. */
    private final List<EventReader> readers = new ArrayList<>();
    /** Guarded by this; null while there is no stream. */
    private @Nullable Thread thread;
    /** Guarded by this. */
    private boolean closed;

    EventStreams(EventReader.Sources sources) {
        this(sources, COMMENT);
    }

    EventStreams(EventReader.Sources sources, Duration commentEvery) {
        this.sources = sources;
        this.commentEvery = commentEvery;
    }

    /** Opens a stream.
     *
     * @param stream begins the answer, when there is room for one more
     * @param after null when the client wants what comes from now on
     * @throws Refusal when there are as many as there may be
     */
    void open(Supplier<HttpStream> stream, EventFilter filter, @Nullable EventId after) throws Refusal {
        if (open.incrementAndGet() > MOST) {
            open.decrementAndGet();
            throw new Refusal(ApiError.BUSY, "there are " + MOST + " streams already; close one");
        }
        HttpStream opened = stream.get();
        EventReader reader = new EventReader(sources, opened, filter, after);
        reader.comment();
        synchronized (this) {
            if (closed) {
                opened.end();
                open.decrementAndGet();
                return;
            }
            readers.add(reader);
            if (thread == null) {
                thread = Thread.ofPlatform().name("journal-streams").daemon().start(this::run);
            }
        }
    }

    /** How many are open. */
    int count() {
        return open.get();
    }

    private void run() {
        long comments = System.nanoTime();
        while (true) {
            List<EventReader> now = present();
            if (now.isEmpty()) {
                return;
            }
            boolean comment = System.nanoTime() - comments >= commentEvery.toNanos();
            if (comment) {
                comments = System.nanoTime();
                now.forEach(EventReader::comment);
            }
            boolean more = false;
            for (EventReader reader : now) {
                more |= advance(reader);
            }
            if (!more && !pause()) {
                return;
            }
        }
    }

    private static boolean advance(EventReader reader) {
        try {
            return reader.advance();
        } catch (RuntimeException | Error defect) {
            Defects.log("A stream of events failed", defect);
            reader.end();
            return false;
        }
    }

    /** The readers whose clients are there; without any, the thread ends. */
    private synchronized List<EventReader> present() {
        int before = readers.size();
        readers.removeIf(reader -> !reader.isOpen());
        open.addAndGet(readers.size() - before);
        if (readers.isEmpty() || closed) {
            thread = null;
            return List.of();
        }
        return List.copyOf(readers);
    }

    /** Waits for more to come; false when the streams end. */
    @SuppressWarnings("WaitNotInLoop") // One who wakes early reads early.
    private synchronized boolean pause() {
        try {
            if (!closed) {
                wait(PAUSE.toMillis());
            }
            return true;
        } catch (InterruptedException end) {
            return false;
        }
    }

    /** Ends every stream. */
    @Override
    public synchronized void close() {
        closed = true;
        readers.forEach(EventReader::end);
        notifyAll();
    }
}
