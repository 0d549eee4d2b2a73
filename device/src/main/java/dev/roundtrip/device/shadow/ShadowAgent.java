package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The state of one shadow at its device, without network and time. Used by one thread.
 *
 * <p>The device asks for the shadow after each connect ({@link #get}), gives each answer and each delta to this class,
 * applies what is due ({@link #applyNext}), and publishes what is to be reported ({@link #nextReport}). One report is
 * in flight at a time; what changes in the meantime is merged into the next one.
 */
public final class ShadowAgent {
    /** The member of {@code reported} that holds the acknowledgements. */
    static final String ACKS = "acks";

    private static final int APPLIED = 200;
    private static final int BROKEN = 500;
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final int THROTTLED = 429;

    /** The longest text of an acknowledgement, in characters; our choice. */
    private static final int MAX_TEXT = 256;

    /** Of how many properties the device remembers what it did last; more than a state of 8 KB can have. Our choice. */
    private static final int MOST_HANDLED = 2_048;

    private final ShadowRules rules;

    /** What the device's tokens begin with; 18 characters of the 64 bytes that a token may have. */
    private final String ours = UUID.randomUUID().toString().substring(0, 18);

    private final Map<String, Wanted> due = new LinkedHashMap<>();
    private final SequencedMap<String, Wanted> handled = new LinkedHashMap<>();
    private final Map<String, Said> unconfirmed = new LinkedHashMap<>();
    private long requests;
    private long version;
    private boolean isKnown;

    @Nullable private String getToken;

    @Nullable private InFlight inFlight;

    /** A desired value and the version of the document that desires it. */
    private record Wanted(JsonNode value, long version) {}

    /** What is reported of a property.
     *
     * @param value null when the value was refused: what was reported before stands
     * @param ack the acknowledgement; null for a local change
     */
    private record Said(@Nullable JsonNode value, @Nullable ObjectNode ack) {
        /** The same with what is newer: a refusal keeps the value before it, a local change the acknowledgement. */
        Said then(Said newer) {
            return new Said(newer.value == null ? value : newer.value, newer.ack == null ? ack : newer.ack);
        }
    }

    private record InFlight(String token, Map<String, Said> said) {}

    /** What became of a request. */
    public enum Verdict {
        /** The answer belongs to no request that waits. */
        NOT_OURS,
        /** The request is done. */
        DONE,
        /** The same request is due again, after a pause. */
        RETRY,
        /** Another {@link #get} is due, after a pause: somebody else changed the shadow. */
        GET_AGAIN,
        /** The service does not take the request; it is not sent again. */
        REFUSED
    }

    ShadowAgent(ShadowRules rules) {
        this.rules = rules;
    }

    /** Begins a connection: what the shadow desires is applied anew, and its versions may begin anew. Nothing of an
     * earlier connection comes any more, since sessions are clean.
     */
    public void connected() {
        version = 0;
        due.clear();
        handled.clear();
    }

    /** Asks: the payload for the topic {@code get}. No report is made before its answer. A report that was not
     * confirmed is made again afterwards.
     */
    public byte[] get() {
        isKnown = false;
        inFlight = null;
        String token = nextToken();
        getToken = token;
        return Json.write(Json.object().put("clientToken", token));
    }

    /** Whether the shadow was asked for on this connection, and has answered. */
    public boolean isKnown() {
        return isKnown;
    }

    /** Takes a message of the topic {@code get/accepted}. */
    public Verdict got(JsonNode answer) {
        if (getToken == null || !getToken.equals(answer.path("clientToken").textValue())) {
            return Verdict.NOT_OURS;
        }
        getToken = null;
        isKnown = true;
        take(answer.path("version").asLong(), answer.path("state").path("delta"), false);
        return Verdict.DONE;
    }

    /** Takes a message of the topic {@code get/rejected}. A shadow that does not exist is no failure: the version that
     * it begins with is unknown.
     */
    public Verdict getRejected(JsonNode answer) {
        if (getToken == null || !getToken.equals(answer.path("clientToken").textValue())) {
            return Verdict.NOT_OURS;
        }
        int code = answer.path("code").asInt();
        if (code == NOT_FOUND) {
            getToken = null;
            isKnown = true;
            version = 0;
            due.clear();
            handled.clear();
            return Verdict.DONE;
        }
        return canRetry(code) ? Verdict.RETRY : Verdict.REFUSED;
    }

    /** Takes a message of the topic {@code update/delta}. One that is older than what is known is dropped. One with the
     * same version counts: the answer to an update has the version of its delta.
     */
    public void delta(JsonNode message) {
        String token = message.path("clientToken").textValue();
        take(message.path("version").asLong(), message.path("state"), token != null && token.startsWith(ours));
    }

    private void take(long its, JsonNode delta, boolean isOurs) {
        if (its < 1 || its < version) {
            return;
        }
        version = its;
        due.clear();
        delta.properties().forEach(member -> {
            String name = member.getKey();
            if (!name.equals(ACKS) && !isHandled(name, member.getValue(), its, isOurs)) {
                due.put(name, new Wanted(member.getValue(), its));
            }
        });
    }

    /** Each report after which a difference remains causes a delta: to handle that one again would never end. */
    private boolean isHandled(String name, JsonNode value, long its, boolean isOurs) {
        Wanted last = handled.get(name);
        return last != null && last.value().equals(value) && (isOurs || its <= last.version());
    }

    /** Runs the handler of one property whose desired value is new.
     *
     * @return whether there was one
     */
    public boolean applyNext() {
        Iterator<Map.Entry<String, Wanted>> next = due.entrySet().iterator();
        if (!next.hasNext()) {
            return false;
        }
        Map.Entry<String, Wanted> entry = next.next();
        String name = entry.getKey();
        Wanted wanted = entry.getValue();
        next.remove();
        remember(name, wanted);
        Said said = apply(name, wanted);
        if (said != null) {
            unconfirmed.merge(name, said, Said::then);
        }
        return true;
    }

    private void remember(String name, Wanted wanted) {
        handled.remove(name);
        handled.put(name, wanted);
        if (handled.size() > MOST_HANDLED) {
            var unused = handled.pollFirstEntry();
        }
    }

    /** Of how many properties the device knows what it did last. */
    int remembered() {
        return handled.size();
    }

    /** What the device says; null when it says nothing. */
    private @Nullable Said apply(String name, Wanted wanted) {
        ShadowProperty property = rules.properties().get(name);
        try {
            Optional<JsonNode> reported = property == null
                    ? rules.others().apply(name, wanted.value())
                    : Optional.of(property.apply(wanted.value()));
            return reported.map(value -> new Said(value, ack(APPLIED, wanted.version(), "applied")))
                    .orElse(null);
        } catch (ShadowRefusedException refused) {
            return new Said(null, ack(refused.code(), wanted.version(), String.valueOf(refused.getMessage())));
        } catch (RuntimeException defect) {
            return new Said(null, ack(BROKEN, wanted.version(), "the device's handler is broken"));
        }
    }

    private static ObjectNode ack(int code, long version, String text) {
        String cut = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
        return Json.object().put("ac", code).put("av", version).put("ad", cut);
    }

    /** Notes a local change, which is part of the next report. */
    public void report(String name, JsonNode value) {
        handled.remove(name);
        unconfirmed.merge(name, new Said(value, null), Said::then);
    }

    /** The payload of the next report, for the topic {@code update}.
     *
     * @return null when nothing is to be reported, a report is in flight, or the shadow was not asked for yet
     */
    public byte @Nullable [] nextReport() {
        if (!isKnown || inFlight != null || unconfirmed.isEmpty()) {
            return null;
        }
        String token = nextToken();
        ObjectNode message = Json.object();
        ObjectNode state = message.putObject("state");
        ObjectNode reported = state.putObject("reported");
        ObjectNode acks = Json.object();
        unconfirmed.forEach((name, said) -> {
            if (said.value() != null) {
                reported.set(name, said.value());
            }
            if (said.ack() != null) {
                acks.set(name, said.ack());
            }
        });
        if (!acks.isEmpty()) {
            reported.set(ACKS, acks);
        }
        JsonNode cleared = cleared();
        if (cleared != null) {
            // Whoever desired something else meanwhile must not lose it: then there is a conflict.
            state.set("desired", cleared);
            message.put("version", version);
        }
        inFlight = new InFlight(token, Map.copyOf(unconfirmed));
        return Json.write(message.put("clientToken", token));
    }

    /** What the report takes out of {@code desired}; null when that is nothing. */
    private @Nullable JsonNode cleared() {
        ObjectNode applied = Json.object();
        unconfirmed.forEach((name, said) -> {
            if (isApplied(said)) {
                applied.putNull(name);
            }
        });
        if (applied.isEmpty()) {
            return null;
        }
        return switch (rules.clearing()) {
            case NOTHING -> null;
            case APPLIED -> applied;
            case EVERYTHING -> applied.nullNode();
        };
    }

    private static boolean isApplied(Said said) {
        return said.ack() != null && said.ack().path("ac").asInt() == APPLIED;
    }

    /** Takes a message of the topic {@code update/accepted}. */
    public Verdict accepted(JsonNode answer) {
        InFlight request = waiting(answer);
        if (request == null) {
            return Verdict.NOT_OURS;
        }
        forget(request);
        return Verdict.DONE;
    }

    /** Takes a message of the topic {@code update/rejected}. */
    public Verdict rejected(JsonNode answer) {
        InFlight request = waiting(answer);
        if (request == null) {
            return Verdict.NOT_OURS;
        }
        int code = answer.path("code").asInt();
        if (code == CONFLICT) {
            inFlight = null;
            isKnown = false;
            return Verdict.GET_AGAIN;
        }
        if (canRetry(code)) {
            inFlight = null;
            return Verdict.RETRY;
        }
        forget(request);
        return Verdict.REFUSED;
    }

    /** No answer to the report came in time: {@link #nextReport} makes it again. */
    public void unanswered() {
        inFlight = null;
    }

    private @Nullable InFlight waiting(JsonNode answer) {
        InFlight request = inFlight;
        return request != null
                        && request.token().equals(answer.path("clientToken").textValue())
                ? request
                : null;
    }

    private void forget(InFlight request) {
        request.said().forEach(unconfirmed::remove);
        inFlight = null;
    }

    private static boolean canRetry(int code) {
        return code == THROTTLED || code >= BROKEN;
    }

    private String nextToken() {
        requests++;
        return ours + "." + requests;
    }
}
