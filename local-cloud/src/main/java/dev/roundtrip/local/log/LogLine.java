package dev.roundtrip.local.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One line of the log, a JSON object: {@code level} and {@code event} first, then what is known. Not thread-safe. */
public final class LogLine {
    private static final String TIME = Member.TIME.word();

    /** What clients sent may be long; what is beyond this is left out. */
    private static final int MAX_SENT = 256;

    private final Event event;
    private final ObjectNode members = Json.object();

    private LogLine(Level level, Event event) {
        assert event.levels().contains(level) : event + " has no " + level;
        this.event = event;
        members.put(Member.LEVEL.word(), level.name());
        members.put(Member.EVENT.word(), event.word());
    }

    /** How much a line matters. */
    public enum Level {
        INFO,
        WARN,
        ERROR
    }

    /** A line that says what happened.
     *
     * @param level one of the event's
     */
    public static LogLine of(Level level, Event event) {
        return new LogLine(level, event);
    }

    /** What a person should know of an event. */
    public static String warning(Event event, @Nullable String message) {
        return of(Level.WARN, event)
                .with(Member.MESSAGE, String.valueOf(message))
                .toString();
    }

    /** Adds a member; none when the value is null.
     *
     * @param member one of the event's, as in the methods below
     */
    public LogLine with(Member member, @Nullable String value) {
        if (value != null) {
            members.put(name(member), value);
        }
        return this;
    }

    /** Adds a number. */
    public LogLine with(Member member, long value) {
        members.put(name(member), value);
        return this;
    }

    /** Adds what a client sent, cut after {@value #MAX_SENT} characters; nothing when it is null. */
    public LogLine withSent(Member member, @Nullable String sent) {
        return with(member, sent == null || sent.length() <= MAX_SENT ? sent : sent.substring(0, MAX_SENT) + "...");
    }

    private String name(Member member) {
        assert event.has(member) : event + " has no " + member;
        return member.word();
    }

    /** Adds where a failure happened: its class, and that of each cause, with the places. Messages stay out, for they
     * may quote payloads.
     */
    public LogLine with(Member member, Throwable failure) {
        StringBuilder trace = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            trace.append(cause.getClass().getName()).append('\n');
            for (StackTraceElement frame : cause.getStackTrace()) {
                trace.append("  at ").append(frame).append('\n');
            }
        }
        members.put(name(member), trace.toString());
        return this;
    }

    /** The JSON object, without a line's end. */
    @Override
    public String toString() {
        return new String(Json.write(members), StandardCharsets.UTF_8);
    }

    /** What a program printed as a line of the log: as it is when it is a line of the table, else in the member
     * {@code message}.
     *
     * @param source which program
     */
    public static String ofOutput(String source, String printed) {
        return object(printed)
                .filter(object -> Event.problems(object).isEmpty())
                .map(object -> timeFirst(object).toString())
                .orElseGet(() -> of(Level.INFO, Event.OUTPUT)
                        .with(Member.SOURCE, source)
                        .with(Member.MESSAGE, printed)
                        .toString());
    }

    private static Optional<ObjectNode> object(String line) {
        try {
            JsonNode read = line.startsWith("{") ? Json.mapper().readTree(line) : null;
            return read instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JsonProcessingException noJson) {
            return Optional.empty();
        }
    }

    private static ObjectNode timeFirst(ObjectNode object) {
        JsonNode time = object.remove(TIME);
        return time == null ? object : ((ObjectNode) Json.object().set(TIME, time)).setAll(object);
    }

    /** The line with its time, which comes first; one that has a time keeps it.
     *
     * @param line a JSON object
     */
    public static String stamped(String line, Instant time) {
        return line.startsWith("{\"" + TIME + "\":")
                ? line
                : "{\"" + TIME + "\":\"" + time + "\"" + (line.equals("{}") ? "" : ",") + line.substring(1);
    }
}
