package dev.roundtrip.local.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.local.api.EventFilter.Kind;
import dev.roundtrip.local.http.HttpStream;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Journal;
import dev.roundtrip.local.log.LastLines;
import dev.roundtrip.local.story.Stories;
import dev.roundtrip.local.story.Story;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads journal and log for one stream, and writes what its client wants. Used by one thread.
 *
 * <p>A client that does not read stops its reader alone: what leaves the journal meanwhile is told as a gap.
 */
final class EventReader {
    /** How many calls may run at once before a stream loses the oldest; our choice. */
    private static final int MOST_CALLS = 4_096;

    private static final int BATCH = 512;

    /** The largest event has two payloads' worth of text with every character escaped, and a large line of the log. */
    private static final int MOST_OF_EVENT = 96 * 1024;

    private final HttpStream stream;
    private final EventFilter filter;
    private final Told told;
    private final @Nullable Journal journal;
    private final LastLines log;
    private final @Nullable Stories stories;
    private final ByteArrayOutputStream part = new ByteArrayOutputStream();

    /** Entries from here on are read, and from {@link #toldFrom} on told. */
    private long entry;

    private long toldFrom;
    private long line;

    /** What all streams read. */
    record Sources(@Nullable Journal journal, LastLines log, ClientPrefix prefix, Told told) {}

    /** @param after how far the client is; null when it wants what comes from now on */
    EventReader(Sources sources, HttpStream stream, EventFilter filter, @Nullable EventId after) {
        this.stream = stream;
        this.filter = filter;
        this.told = sources.told();
        this.journal = sources.journal();
        this.log = sources.log();
        long next = journal == null ? 0 : journal.next();
        // A number that has not come yet is that of a cloud that ran before: everything is new.
        this.toldFrom = after == null ? next : after.entry() > next ? 0 : after.entry();
        this.line = after == null ? log.next() : after.line() > log.next() ? 0 : after.line();
        if (journal != null && filter.has(Kind.CALL)) {
            // A call that ends later may have begun long before.
            this.entry = Math.min(toldFrom, journal.first());
            this.stories = new Stories(sources.prefix(), MOST_CALLS, entry);
        } else {
            this.entry = toldFrom;
            this.stories = null;
        }
    }

    boolean isOpen() {
        return stream.isOpen();
    }

    /** Says that the stream lives, and how far it is: a client that loses its connection before its first event goes on
     * from there.
     */
    void comment() {
        stream.offer((": still here\nid: " + new EventId(entry, line) + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    void end() {
        stream.end();
    }

    /** Writes what has come, as much as there is room for; false when there is nothing more to do at this moment. */
    boolean advance() {
        if (stream.room() < 2 * MOST_OF_EVENT) {
            return false;
        }
        boolean more = readJournal();
        more |= readLog();
        flush();
        return more;
    }

    private boolean readJournal() {
        if (journal == null) {
            return false;
        }
        List<Entry> entries = journal.entries(entry, BATCH);
        for (Entry each : entries) {
            lost(each.sequence() - Math.max(entry, toldFrom));
            entry = each.sequence() + 1;
            Story ended = stories == null ? null : stories.add(each);
            if (each.sequence() < toldFrom) {
                continue;
            }
            if (ended != null && filter.calls().takes(ended)) {
                write(Kind.CALL.word(), told.summary(ended));
            }
            Kind kind = filter.kindOf(each);
            if (kind != null) {
                write(kind.word(), told.step(each));
            }
            if (part.size() > MOST_OF_EVENT) {
                return true;
            }
        }
        return entries.size() == BATCH;
    }

    private boolean readLog() {
        if (!filter.has(Kind.LOG)) {
            line = log.next();
            return false;
        }
        while (part.size() <= MOST_OF_EVENT) {
            List<LastLines.Line> lines = log.lines(line, 1);
            if (lines.isEmpty()) {
                return false;
            }
            LastLines.Line next = lines.getFirst();
            lost(next.number() - line);
            line = next.number() + 1;
            write(Kind.LOG.word(), json(next.text()));
        }
        return true;
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException noJson) {
            return TextNode.valueOf(text);
        }
    }

    private void lost(long count) {
        if (count > 0) {
            write("gap", Json.object().put("lost", count));
        }
    }

    private void write(String event, JsonNode data) {
        String head = "id: " + new EventId(entry, line) + "\nevent: " + event + "\ndata: ";
        part.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        part.writeBytes(Json.write(data));
        part.writeBytes(new byte[] {'\n', '\n'});
    }

    private void flush() {
        if (part.size() > 0) {
            stream.offer(part.toByteArray());
            part.reset();
        }
    }
}
