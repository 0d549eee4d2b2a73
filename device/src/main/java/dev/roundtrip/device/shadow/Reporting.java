package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import org.jspecify.annotations.Nullable;

/** The report that is in flight, one at a time. Used by one thread. */
final class Reporting {
    private final Unconfirmed unconfirmed;

    private @Nullable InFlight inFlight;

    private record InFlight(String token, Report report) {}

    Reporting(Clearing clearing) {
        this.unconfirmed = new Unconfirmed(clearing);
    }

    Unconfirmed unconfirmed() {
        return unconfirmed;
    }

    /** No answer counts any more; what the report says is reported again. */
    void giveUp() {
        inFlight = null;
    }

    /** The payload of the next report.
     *
     * @param knowledge with the version that is cleared
     * @return null when nothing is to be reported, or a report is in flight
     */
    byte @Nullable [] next(String token, Knowledge knowledge) {
        Report report = inFlight == null ? unconfirmed.next(knowledge.wishes().isEmpty()) : null;
        if (report == null) {
            return null;
        }
        ObjectNode message = Json.object();
        message.set("state", report.state());
        if (report.isClearing()) {
            // Whoever desired something else meanwhile must not lose it: then there is a conflict.
            message.put("version", knowledge.version());
        }
        inFlight = new InFlight(token, report);
        return Json.write(message.put("clientToken", token));
    }

    Verdict accepted(JsonNode answer) {
        Report report = answered(answer);
        if (report == null) {
            return Verdict.NOT_OURS;
        }
        unconfirmed.confirmed(report);
        return Verdict.DONE;
    }

    Verdict rejected(JsonNode answer) {
        Report report = answered(answer);
        if (report == null) {
            return Verdict.NOT_OURS;
        }
        Verdict verdict = Verdict.ofUpdate(answer.path("code").asInt());
        if (verdict == Verdict.GET_AGAIN) {
            unconfirmed.conflict();
        }
        return verdict == Verdict.SMALLER && unconfirmed.refuse(report) ? Verdict.REFUSED : verdict;
    }

    /** The report that this answers, which is in flight no more; null for another answer. */
    private @Nullable Report answered(JsonNode answer) {
        InFlight request = inFlight;
        if (request == null
                || !request.token().equals(answer.path("clientToken").textValue())) {
            return null;
        }
        inFlight = null;
        return request.report();
    }
}
