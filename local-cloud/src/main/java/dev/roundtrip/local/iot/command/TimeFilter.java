package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.operation.Refusal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** Which moments are wanted: those between two minutes, in UTC. Immutable. */
record TimeFilter(Instant after, Instant before) {
    /** Source: {@code ListCommandExecutionsRequest} of service model {@code iot-2015-05-28}. */
    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm");

    /** @throws Refusal when a bound is no such minute */
    static TimeFilter read(JsonNode given) throws Refusal {
        return new TimeFilter(minute(given.path("after"), Instant.MIN), minute(given.path("before"), Instant.MAX));
    }

    private static Instant minute(JsonNode given, Instant absent) throws Refusal {
        if (given.isMissingNode() || given.isNull()) {
            return absent;
        }
        try {
            return LocalDateTime.parse(given.asText(), FORM).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException malformed) {
            throw Refusal.invalid("a bound of a time filter must be yyyy-MM-dd'T'HH:mm");
        }
    }

    /** Both bounds are outside. */
    boolean has(Instant moment) {
        return moment.isAfter(after) && moment.isBefore(before);
    }
}
