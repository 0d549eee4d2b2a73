package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a device has to report of its properties, as long as the service has not confirmed it. Used by one thread. */
final class UnconfirmedReports {
    private static final int APPLIED = 200;

    /** The longest text of an acknowledgement, in characters; our choice. */
    private static final int MAX_TEXT = 256;

    private final Clearing clearing;
    private final Map<String, Said> unconfirmed = new LinkedHashMap<>();

    /** @param clearing what reports take out of {@code desired} */
    UnconfirmedReports(Clearing clearing) {
        this.clearing = clearing;
    }

    /** What is reported of a property.
     *
     * @param value null when the value was refused: what was reported before stands
     * @param ack the acknowledgement; null for a local change
     */
    record Said(@Nullable JsonNode value, @Nullable ObjectNode ack) {
        /** A local change. */
        static Said changed(JsonNode value) {
            return new Said(value, null);
        }

        /** A desired value was applied.
         *
         * @param version of the document that desires it
         */
        static Said applied(JsonNode value, long version) {
            return new Said(value, ack(APPLIED, version, "applied"));
        }

        /** A desired value was refused.
         *
         * @param version of the document that desires it
         */
        static Said refused(int code, long version, String text) {
            return new Said(null, ack(code, version, text));
        }

        private static ObjectNode ack(int code, long version, String text) {
            String cut = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
            return Json.object().put("ac", code).put("av", version).put("ad", cut);
        }

        /** The same with what is newer: a refusal keeps the value before it, a local change the acknowledgement. */
        private Said then(Said newer) {
            return new Said(newer.value == null ? value : newer.value, newer.ack == null ? ack : newer.ack);
        }

        private boolean isApplied() {
            return ack != null && ack.path("ac").asInt() == APPLIED;
        }
    }

    void add(String name, Said said) {
        unconfirmed.merge(name, said, Said::then);
    }

    boolean isEmpty() {
        return unconfirmed.isEmpty();
    }

    /** What {@link #message} tells. */
    Map<String, Said> all() {
        return Map.copyOf(unconfirmed);
    }

    /** Forgets what was confirmed, unless something newer was said meanwhile. */
    void confirm(Map<String, Said> said) {
        said.forEach(unconfirmed::remove);
    }

    /** A message that reports everything.
     *
     * @param version of the newest document that is known
     */
    ObjectNode message(long version) {
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
            reported.set(ShadowAgent.ACKS, acks);
        }
        JsonNode cleared = cleared();
        if (cleared != null) {
            // Whoever desired something else meanwhile must not lose it: then there is a conflict.
            state.set("desired", cleared);
            message.put("version", version);
        }
        return message;
    }

    /** What the report takes out of {@code desired}; null when that is nothing. */
    private @Nullable JsonNode cleared() {
        ObjectNode applied = Json.object();
        unconfirmed.forEach((name, said) -> {
            if (said.isApplied()) {
                applied.putNull(name);
            }
        });
        if (applied.isEmpty()) {
            return null;
        }
        return switch (clearing) {
            case NOTHING -> null;
            case APPLIED -> applied;
            case EVERYTHING -> applied.nullNode();
        };
    }
}
