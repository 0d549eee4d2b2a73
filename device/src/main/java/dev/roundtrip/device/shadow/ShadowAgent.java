package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
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

    private final Map<String, ShadowProperty> properties;
    private final boolean clears;

    /** What the device's tokens begin with; 18 characters of the 64 bytes that a token may have. */
    private final String ours = UUID.randomUUID().toString().substring(0, 18);

    private final Map<String, Wanted> due = new LinkedHashMap<>();
    private final Map<String, Wanted> handled = new LinkedHashMap<>();
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
    private record Said(@Nullable JsonNode value, @Nullable ObjectNode ack) {}

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

    /** @param properties what the device applies; others are left alone
     * @param clears whether a report takes what was applied out of {@code desired}
     */
    public ShadowAgent(Map<String, ShadowProperty> properties, boolean clears) {
        this.properties = Map.copyOf(properties);
        this.clears = clears;
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
        due.keySet().removeIf(name -> !delta.has(name));
        for (String name : properties.keySet()) {
            JsonNode value = delta.get(name);
            if (value != null && !isHandled(name, value, its, isOurs)) {
                due.put(name, new Wanted(value, its));
            } else {
                due.remove(name);
            }
        }
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
        handled.put(name, wanted);
        unconfirmed.put(name, apply(name, wanted));
        return true;
    }

    private Said apply(String name, Wanted wanted) {
        ShadowProperty property = properties.get(name);
        if (property == null) {
            throw new IllegalStateException("only properties with a handler are due");
        }
        try {
            return new Said(property.apply(wanted.value()), ack(APPLIED, wanted.version(), "applied"));
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
        unconfirmed.put(name, new Said(value, null));
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
        ObjectNode cleared = Json.object();
        unconfirmed.forEach((name, said) -> {
            if (said.value() != null) {
                reported.set(name, said.value());
            }
            if (said.ack() != null) {
                acks.set(name, said.ack());
            }
            if (clears && said.ack() != null && said.value() != null) {
                cleared.putNull(name);
            }
        });
        if (!acks.isEmpty()) {
            reported.set(ACKS, acks);
        }
        if (!cleared.isEmpty()) {
            // Whoever desired something else meanwhile must not lose it: then there is a conflict.
            state.set("desired", cleared);
            message.put("version", version);
        }
        inFlight = new InFlight(token, Map.copyOf(unconfirmed));
        return Json.write(message.put("clientToken", token));
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
