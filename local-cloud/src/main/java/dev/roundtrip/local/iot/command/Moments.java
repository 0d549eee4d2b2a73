package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Moments in rows: epoch milliseconds. */
final class Moments {
    private Moments() {}

    static void put(ObjectNode row, String name, @Nullable Instant moment) {
        if (moment != null) {
            row.put(name, moment.toEpochMilli());
        }
    }

    static Instant of(JsonNode row, String name) {
        return Instant.ofEpochMilli(row.path(name).asLong());
    }

    static @Nullable Instant orNull(JsonNode row, String name) {
        return row.has(name) ? of(row, name) : null;
    }
}
