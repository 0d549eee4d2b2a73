package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.shadow.DesiredProperties.Due;
import dev.roundtrip.device.shadow.UnconfirmedReports.Said;
import dev.roundtrip.protocol.Json;
import java.util.Map;
import java.util.Optional;
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

    private static final int BROKEN = 500;
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final int THROTTLED = 429;

    private final ShadowRules rules;

    /** What the device's tokens begin with; 18 characters of the 64 bytes that a token may have. */
    private final String ours = UUID.randomUUID().toString().substring(0, 18);

    private final DesiredProperties desired = new DesiredProperties();
    private final UnconfirmedReports reports;
    private long requests;
    private boolean isKnown;

    @Nullable private String getToken;

    @Nullable private InFlight inFlight;

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
        this.reports = new UnconfirmedReports(rules.clearing());
    }

    /** Begins a connection: what the shadow desires is applied anew, and its versions may begin anew. Nothing of an
     * earlier connection comes any more, since sessions are clean.
     */
    public void connected() {
        desired.clear();
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
        desired.take(answer.path("version").asLong(), answer.path("state").path("delta"), false);
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
            desired.clear();
            return Verdict.DONE;
        }
        return canRetry(code) ? Verdict.RETRY : Verdict.REFUSED;
    }

    /** Takes a message of the topic {@code update/delta}. One that is older than what is known is dropped. One with the
     * same version counts: the answer to an update has the version of its delta.
     */
    public void delta(JsonNode message) {
        String token = message.path("clientToken").textValue();
        desired.take(message.path("version").asLong(), message.path("state"), token != null && token.startsWith(ours));
    }

    /** Runs the handler of one property whose desired value is new.
     *
     * @return whether there was one
     */
    public boolean applyNext() {
        Due next = desired.next();
        if (next == null) {
            return false;
        }
        Said said = apply(next);
        if (said != null) {
            reports.add(next.name(), said);
        }
        return true;
    }

    /** Of how many properties the device knows what it did last. */
    int remembered() {
        return desired.remembered();
    }

    /** What the device says; null when it says nothing. */
    private @Nullable Said apply(Due due) {
        ShadowProperty property = rules.properties().get(due.name());
        try {
            Optional<JsonNode> reported = property == null
                    ? rules.others().apply(due.name(), due.value())
                    : Optional.of(property.apply(due.value()));
            return reported.map(value -> Said.applied(value, due.version())).orElse(null);
        } catch (ShadowRefusedException refused) {
            return Said.refused(refused.code(), due.version(), String.valueOf(refused.getMessage()));
        } catch (RuntimeException defect) {
            return Said.refused(BROKEN, due.version(), "the device's handler is broken");
        }
    }

    /** Notes a local change, which is part of the next report. */
    public void report(String name, JsonNode value) {
        desired.forget(name);
        reports.add(name, Said.changed(value));
    }

    /** The payload of the next report, for the topic {@code update}.
     *
     * @return null when nothing is to be reported, a report is in flight, or the shadow was not asked for yet
     */
    public byte @Nullable [] nextReport() {
        if (!isKnown || inFlight != null || reports.isEmpty()) {
            return null;
        }
        String token = nextToken();
        ObjectNode message = reports.message(desired.version());
        inFlight = new InFlight(token, reports.all());
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
        reports.confirm(request.said());
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
