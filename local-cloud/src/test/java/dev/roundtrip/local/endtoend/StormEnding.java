package dev.roundtrip.local.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** How one call of a storm ended for its caller.
 *
 * @param call what was asked
 * @param status the HTTP status code
 * @param body what was told
 * @param asked when
 * @param told when the ending was there
 */
record StormEnding(StormCall call, int status, JsonNode body, Instant asked, Instant told) {

    String result() {
        return body.path("result").asText();
    }

    /** The message id; empty for calls that have none. */
    String id() {
        return body.path("id").asText();
    }

    String errorCode() {
        return body.path("error").path("code").asText();
    }

    /** Whether it tells the outcome of an earlier attempt. */
    boolean isReplayed() {
        return body.path("replayed").asBoolean();
    }

    /** For a person who reads what went wrong. */
    @Override
    public String toString() {
        String said = body.toString();
        return call + "\n  asked " + asked + "\n  told  " + told + " HTTP " + status + " "
                + (said.length() > 500 ? said.substring(0, 500) + "…" : said);
    }
}
