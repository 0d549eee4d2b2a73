package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a device has to report, until the service has confirmed it. Used by one thread. */
final class Unconfirmed {
    private final Map<String, Said> said = new LinkedHashMap<>();
    private final Clearing clearing;

    Unconfirmed(Clearing clearing) {
        this.clearing = clearing;
    }

    /** A report.
     *
     * @param said what it says of each property
     * @param state as the service takes it
     */
    record Report(Map<String, Said> said, ObjectNode state) {
        /** Whether it takes something out of {@code desired}. */
        boolean isClearing() {
            return state.has("desired");
        }
    }

    void add(String name, Said newer) {
        said.merge(name, newer, Said::then);
    }

    /** @return null when nothing is to be reported */
    @Nullable Report next() {
        return said.isEmpty() ? null : new Report(Map.copyOf(said), state());
    }

    private ObjectNode state() {
        ObjectNode state = Json.object();
        ObjectNode reported = state.putObject("reported");
        ObjectNode acks = Json.object();
        said.forEach((name, each) -> {
            if (each.value() != null) {
                reported.set(name, each.value());
            }
            if (each.ack() != null) {
                acks.set(name, each.ack());
            }
        });
        if (!acks.isEmpty()) {
            reported.set(ShadowAgent.ACKS, acks);
        }
        JsonNode cleared = cleared();
        if (cleared != null) {
            state.set("desired", cleared);
        }
        return state;
    }

    /** What the report takes out of {@code desired}; null when that is nothing. */
    private @Nullable JsonNode cleared() {
        ObjectNode applied = Json.object();
        said.forEach((name, each) -> {
            if (each.isApplied()) {
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

    /** Forgets what a report says, except what has changed since. */
    void forget(Report report) {
        report.said().forEach(said::remove);
    }
}
