package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import org.jspecify.annotations.Nullable;

/** What is reported of a property.
 *
 * @param value null when the value was refused: what was reported before stands
 * @param ack the acknowledgement; null for a local change
 */
record Said(@Nullable JsonNode value, @Nullable ObjectNode ack) {
    private static final int APPLIED = 200;

    /** How long a reported value may be as JSON, in bytes. Source: AWS General Reference, "AWS IoT Device Shadow": a
     * state has 8 KB at most.
     */
    static final int MAX_VALUE_BYTES = 8 * 1024;

    /** The longest text of an acknowledgement, in characters; our choice. */
    private static final int MAX_TEXT = 256;

    static Said changed(JsonNode value) {
        return new Said(value, null);
    }

    static Said applied(JsonNode value, long version) {
        return new Said(value, ack(APPLIED, version, "applied"));
    }

    static Said refused(int code, long version, String text) {
        return new Said(null, ack(code, version, text));
    }

    private static ObjectNode ack(int code, long version, String text) {
        String cut = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
        return Json.object().put("ac", code).put("av", version).put("ad", cut);
    }

    /** Whether a shadow can hold a value. */
    static boolean fits(JsonNode value) {
        return Json.write(value).length <= MAX_VALUE_BYTES;
    }

    /** The same with what is newer: a refusal keeps the value before it, a local change the acknowledgement. */
    Said then(Said newer) {
        return new Said(newer.value == null ? value : newer.value, newer.ack == null ? ack : newer.ack);
    }

    boolean isApplied() {
        return ack != null && ack.path("ac").asInt() == APPLIED;
    }

    /** The same without what another one has; null when nothing is left. */
    @Nullable Said without(Said other) {
        JsonNode valueLeft = other.value == null ? value : null;
        ObjectNode ackLeft = other.ack == null ? ack : null;
        return valueLeft == null && ackLeft == null ? null : new Said(valueLeft, ackLeft);
    }

    /** Whether this has the value and the acknowledgement of another one, where that has them. */
    boolean has(Said other) {
        return (other.value == null || other.value.equals(value)) && (other.ack == null || other.ack.equals(ack));
    }

    /** How long it is in a report, about. */
    int bytes(String name) {
        return (value == null ? 0 : Report.bytes(name) + Json.write(value).length)
                + (ack == null ? 0 : Report.bytes(name) + Json.write(ack).length);
    }
}
