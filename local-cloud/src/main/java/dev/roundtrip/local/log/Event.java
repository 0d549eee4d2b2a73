package dev.roundtrip.local.log;

import static dev.roundtrip.local.log.Member.ACTION;
import static dev.roundtrip.local.log.Member.ANSWER;
import static dev.roundtrip.local.log.Member.CALLER;
import static dev.roundtrip.local.log.Member.CLIENT_ID;
import static dev.roundtrip.local.log.Member.COUNT;
import static dev.roundtrip.local.log.Member.ELAPSED;
import static dev.roundtrip.local.log.Member.EVENT;
import static dev.roundtrip.local.log.Member.HTTP_METHOD;
import static dev.roundtrip.local.log.Member.ID;
import static dev.roundtrip.local.log.Member.LEVEL;
import static dev.roundtrip.local.log.Member.LOGGER;
import static dev.roundtrip.local.log.Member.MESSAGE;
import static dev.roundtrip.local.log.Member.METHOD;
import static dev.roundtrip.local.log.Member.OF;
import static dev.roundtrip.local.log.Member.PATH;
import static dev.roundtrip.local.log.Member.PRINCIPAL;
import static dev.roundtrip.local.log.Member.PROTOCOL;
import static dev.roundtrip.local.log.Member.REASON;
import static dev.roundtrip.local.log.Member.REASON_CODE;
import static dev.roundtrip.local.log.Member.REFUSAL;
import static dev.roundtrip.local.log.Member.REQUEST_ID;
import static dev.roundtrip.local.log.Member.RESOURCE;
import static dev.roundtrip.local.log.Member.RESULT;
import static dev.roundtrip.local.log.Member.SERVICE;
import static dev.roundtrip.local.log.Member.SOURCE;
import static dev.roundtrip.local.log.Member.SOURCE_IP;
import static dev.roundtrip.local.log.Member.SOURCE_PORT;
import static dev.roundtrip.local.log.Member.STATEMENT;
import static dev.roundtrip.local.log.Member.STATUS;
import static dev.roundtrip.local.log.Member.TARGET;
import static dev.roundtrip.local.log.Member.THING;
import static dev.roundtrip.local.log.Member.THREAD;
import static dev.roundtrip.local.log.Member.TIME;
import static dev.roundtrip.local.log.Member.TRACE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.log.LogLine.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a line of the log may be about: its levels and members, and when there is one. */
@SuppressWarnings("ImmutableEnumChecker") // The sets and lists are never changed.
public enum Event {
    REQUEST(
            "request",
            levels(Level.INFO, Level.WARN, Level.ERROR),
            List.of(REQUEST_ID, SERVICE, STATUS, SOURCE_IP),
            List.of(REFUSAL, CALLER, HTTP_METHOD, PATH, ACTION, RESOURCE, STATEMENT, ELAPSED),
            "The API front answers a request, or the port for gateways refuses one."),
    CALL(
            "call",
            levels(Level.INFO, Level.ERROR),
            List.of(RESULT, ELAPSED),
            List.of(REQUEST_ID, ID, TARGET, METHOD),
            "The function has ended a call."),
    CONNECTION(
            "connection",
            levels(Level.WARN),
            List.of(MESSAGE),
            List.of(),
            "The function cannot connect to the broker, or has lost its connection."),
    CONNECTED(
            "connected",
            levels(Level.INFO),
            List.of(CLIENT_ID, PRINCIPAL, PROTOCOL),
            List.of(THING, SOURCE_IP, SOURCE_PORT),
            "A client has connected to the broker."),
    CONNECT_REFUSED(
            "connect_refused",
            levels(Level.WARN),
            List.of(REFUSAL, ANSWER, MESSAGE),
            List.of(CLIENT_ID, PRINCIPAL, THING, SOURCE_IP, SOURCE_PORT, ACTION, RESOURCE, STATEMENT),
            "The broker refuses a client: its certificate, its CONNECT or its will."),
    DISCONNECTED(
            "disconnected",
            levels(Level.INFO, Level.WARN, Level.ERROR),
            List.of(CLIENT_ID, PRINCIPAL, REASON, ELAPSED),
            List.of(THING, SOURCE_IP, SOURCE_PORT, REASON_CODE),
            "The connection of a client has ended."),
    PUBLISH_REFUSED(
            "publish_refused",
            levels(Level.WARN),
            List.of(CLIENT_ID, PRINCIPAL, REFUSAL, ANSWER, MESSAGE, ACTION, RESOURCE),
            List.of(THING, SOURCE_IP, SOURCE_PORT, STATEMENT),
            "No policy allows a message of a client."),
    SUBSCRIBE_REFUSED(
            "subscribe_refused",
            levels(Level.WARN),
            List.of(CLIENT_ID, PRINCIPAL, REFUSAL, ANSWER, MESSAGE, ACTION, RESOURCE),
            List.of(THING, SOURCE_IP, SOURCE_PORT, STATEMENT),
            "The broker refuses a topic filter of a client."),
    LEFT_OUT(
            "left_out",
            levels(Level.WARN),
            List.of(OF, REFUSAL, COUNT),
            List.of(),
            "There were more refusals of one kind in a second than the log takes."),
    STATE(
            "state",
            levels(Level.WARN),
            List.of(MESSAGE),
            List.of(),
            "A file of the state directory is damaged, or was made anew."),
    FAULTS(
            "faults",
            levels(Level.WARN),
            List.of(MESSAGE),
            List.of(),
            "A fault could not be injected, or faults could not be replaced."),
    DEFECT("defect", levels(Level.ERROR), List.of(TRACE), List.of(ID, THREAD, MESSAGE), "A program has a defect."),
    LOG(
            "log",
            levels(Level.INFO, Level.WARN, Level.ERROR),
            List.of(MESSAGE),
            List.of(LOGGER, TRACE),
            "A library logs something, or lines of this log were lost because nobody reads it."),
    OUTPUT(
            "output",
            levels(Level.INFO),
            List.of(SOURCE, MESSAGE),
            List.of(),
            "The function or the local cloud prints what is no line of this table.");

    private final String word;
    private final Set<Level> levels;
    private final List<Member> always;
    private final List<Member> sometimes;
    private final String when;

    Event(String word, Set<Level> levels, List<Member> always, List<Member> sometimes, String when) {
        this.word = word;
        this.levels = Collections.unmodifiableSet(levels);
        this.always = always;
        this.sometimes = sometimes;
        this.when = when;
    }

    private static Set<Level> levels(Level first, Level... rest) {
        return EnumSet.of(first, rest);
    }

    /** The value of {@link Member#EVENT}. */
    public String word() {
        return word;
    }

    /** The levels that a line may have. */
    public Set<Level> levels() {
        return levels;
    }

    /** The members of each line, beside time, level and event. */
    public List<Member> always() {
        return always;
    }

    /** The members of a line where they are known. */
    public List<Member> sometimes() {
        return sometimes;
    }

    /** When there is a line, a sentence. */
    public String when() {
        return when;
    }

    boolean has(Member member) {
        return always.contains(member) || sometimes.contains(member);
    }

    /** What is wrong with a line; nothing when it is as the table says.
     *
     * @param line an object; it may lack its time, which is added where it is written
     */
    public static List<String> problems(JsonNode line) {
        Optional<Event> found = Stream.of(values())
                .filter(event -> line.path(EVENT.word()).asText().equals(event.word))
                .findFirst();
        return found.map(event -> event.problemsOf(line)).orElseGet(() -> List.of("the event is not known"));
    }

    private List<String> problemsOf(JsonNode line) {
        List<String> problems = new ArrayList<>();
        if (levels.stream()
                .noneMatch(level -> level.name().equals(line.path(LEVEL.word()).asText()))) {
            problems.add("the level is not one of the event");
        }
        Set<String> known = new LinkedHashSet<>();
        Stream.of(Stream.of(TIME, LEVEL, EVENT), always.stream(), sometimes.stream())
                .flatMap(members -> members)
                .forEach(member -> {
                    known.add(member.word());
                    JsonNode value = line.path(member.word());
                    if (!value.isMissingNode() && !fits(member, value)) {
                        problems.add(member.word() + " is of another type");
                    }
                });
        always.stream()
                .filter(member -> !line.has(member.word()))
                .forEach(member -> problems.add(member.word() + " is missing"));
        line.propertyStream()
                .map(Map.Entry::getKey)
                .filter(name -> !known.contains(name))
                .forEach(name -> problems.add("a member is not known"));
        return problems;
    }

    private static boolean fits(Member member, JsonNode value) {
        return switch (member.type()) {
            case TEXT -> value.isTextual();
            case NUMBER -> value.isIntegralNumber();
        };
    }
}
