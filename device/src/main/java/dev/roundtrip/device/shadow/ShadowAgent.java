package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Json;
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

    private final ShadowRules rules;

    /** What the device's tokens begin with; 18 characters of the 64 bytes that a token may have. */
    private final String ours = UUID.randomUUID().toString().substring(0, 18);

    private final Knowledge knowledge = new Knowledge();
    private final Reporting reporting;
    private long requests;

    ShadowAgent(ShadowRules rules) {
        this.rules = rules;
        this.reporting = new Reporting(rules.clearing());
    }

    /** Begins a connection: what the shadow desires is applied anew, and its versions may begin anew. Nothing of an
     * earlier connection comes any more, since sessions are clean. What the service refused is tried again.
     */
    public void connected() {
        knowledge.forget();
        reporting.giveUp();
        reporting.unconfirmed().again();
    }

    /** Messages were lost: another {@link #get} is due, and no answer counts before it. */
    public void missed() {
        knowledge.doubt();
        reporting.giveUp();
    }

    /** Asks: the payload for the topic {@code get}. No report is made before its answer. A report that was not
     * confirmed is made again afterwards.
     */
    public byte[] get() {
        String token = nextToken();
        reporting.giveUp();
        knowledge.asked(token);
        return Json.write(Json.object().put("clientToken", token));
    }

    /** Whether the shadow was asked for on this connection, and has answered. */
    public boolean isKnown() {
        return knowledge.isCurrent();
    }

    /** Takes a message of the topic {@code get/accepted}. */
    public Verdict got(JsonNode answer) {
        return knowledge.isAsked(answer)
                ? knowledge.got(
                        answer.path("version").asLong(), answer.path("state").path("delta"))
                : Verdict.NOT_OURS;
    }

    /** Takes a message of the topic {@code get/rejected}. A shadow that does not exist is no failure: the version that
     * it begins with is unknown.
     */
    public Verdict getRejected(JsonNode answer) {
        if (!knowledge.isAsked(answer)) {
            return Verdict.NOT_OURS;
        }
        Verdict verdict = Verdict.ofGet(answer.path("code").asInt());
        if (verdict == Verdict.DONE) {
            return knowledge.got(0, Json.object());
        }
        knowledge.doubt();
        return verdict;
    }

    /** Takes a message of the topic {@code update/delta}. One that is older than what is known is dropped, and the
     * shadow asked for again. One with the same version counts: the answer to an update has the version of its delta.
     */
    public Verdict delta(JsonNode message) {
        String token = message.path("clientToken").textValue();
        boolean isOurs = token != null && token.startsWith(ours);
        Verdict verdict = knowledge.delta(message.path("version").asLong(), message.path("state"), isOurs);
        if (verdict == Verdict.GET_AGAIN) {
            reporting.giveUp();
        }
        return verdict;
    }

    /** Runs the handler of one property whose desired value is new. A property that nobody named waits while many
     * others are to be reported.
     *
     * @return whether there was one
     */
    public boolean applyNext() {
        Map.Entry<String, Wanted> next = knowledge
                .wishes()
                .next(name -> rules.properties().containsKey(name)
                        || reporting.unconfirmed().hasRoom(name));
        if (next == null) {
            return false;
        }
        Said said = rules.apply(next.getKey(), next.getValue());
        if (said != null) {
            reporting.unconfirmed().add(next.getKey(), said);
        }
        return true;
    }

    /** Of how many properties the device knows what it did last. */
    int remembered() {
        return knowledge.wishes().remembered();
    }

    /** How many properties wait for a report, or for its confirmation. */
    int waiting() {
        return reporting.unconfirmed().size();
    }

    /** Notes a local change, which is part of the next report. */
    public void report(String name, JsonNode value) {
        knowledge.wishes().changed(name);
        reporting.unconfirmed().add(name, Said.changed(value));
    }

    /** The payload of the next report, for the topic {@code update}.
     *
     * @return null when nothing is to be reported, a report is in flight, or the shadow was not asked for yet
     */
    public byte @Nullable [] nextReport() {
        return isKnown() ? reporting.next(nextToken(), knowledge) : null;
    }

    /** Takes a message of the topic {@code update/accepted}. */
    public Verdict accepted(JsonNode answer) {
        Verdict verdict = reporting.accepted(answer);
        if (verdict == Verdict.DONE) {
            knowledge.updated(answer.path("version").asLong());
        }
        return verdict;
    }

    /** Takes a message of the topic {@code update/rejected}. */
    public Verdict rejected(JsonNode answer) {
        Verdict verdict = reporting.rejected(answer);
        if (verdict == Verdict.GET_AGAIN) {
            knowledge.doubt();
        }
        return verdict;
    }

    /** No answer to the report came in time: {@link #nextReport} makes it again. */
    public void unanswered() {
        reporting.giveUp();
    }

    private String nextToken() {
        requests++;
        return ours + "." + requests;
    }
}
