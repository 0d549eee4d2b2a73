package dev.roundtrip.device.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.RequestKey;
import dev.roundtrip.protocol.WireId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Entries as JSON objects on one line. */
final class EntryText {
    private EntryText() {}

    static byte[] write(Entry entry) {
        ObjectNode json = Json.object();
        switch (entry) {
            case Entry.Opened opened ->
                json.put("entry", "opened").put("epoch", opened.epoch().value());
            case Entry.Counted counted -> write("lane", counted.lane(), json.put("entry", "counted"));
            case Entry.Begun begun -> {
                json.put("entry", "begun").put("id", begun.id().toString());
                json.put("deadline", begun.deadline().toEpochMilli());
                RequestKey key = begun.key();
                if (key != null) {
                    json.put("key", key.value()).put("keep", key.keepSeconds());
                    if (key.digest() != null) {
                        json.put("digest", key.digest());
                    }
                }
                write("lane", begun.lane(), json);
            }
            case Entry.Ended ended -> {
                json.put("entry", "ended").put("id", ended.id().toString());
                json.put("at", ended.at().toEpochMilli());
                switch (ended.outcome()) {
                    // As a string, since a value as it was written may have line breaks.
                    case Outcome.Returned returned ->
                        json.put("response", returned.response().toString());
                    case Outcome.Failed failed ->
                        json.putObject("error")
                                .put("code", failed.error().code())
                                .put("message", failed.error().message());
                }
            }
            case Entry.Withdrawn withdrawn ->
                write(
                        "lane",
                        withdrawn.lane(),
                        json.put("entry", "withdrawn").put("id", withdrawn.id().toString()));
        }
        return Json.write(json);
    }

    private static void write(String field, @Nullable Lane lane, ObjectNode json) {
        if (lane == null) {
            return;
        }
        ObjectNode written = json.putObject(field)
                .put("name", lane.name().value())
                .put("epoch", lane.epoch().value())
                .put("last", lane.last());
        if (lane.lastId() != null) {
            written.put("lastId", lane.lastId().toString());
        }
    }

    /** @throws IllegalArgumentException when it is no entry */
    static Entry read(byte[] text) {
        try {
            JsonNode json = Json.read(text);
            return switch (json.path("entry").asText()) {
                case "opened" -> new Entry.Opened(new Epoch(json.path("epoch").asText()));
                case "counted" -> new Entry.Counted(lane(json.required("lane")));
                case "begun" ->
                    new Entry.Begun(
                            WireId.of(json.path("id").asText()),
                            key(json),
                            laneOrNull(json),
                            instant(json, "deadline"));
                case "ended" -> new Entry.Ended(id(json), outcome(json), instant(json, "at"));
                case "withdrawn" -> new Entry.Withdrawn(id(json), laneOrNull(json));
                default -> throw new IllegalArgumentException("there is no such entry");
            };
        } catch (MalformedJsonException malformed) {
            throw new IllegalArgumentException("an entry is no JSON", malformed);
        }
    }

    private static MessageId id(JsonNode json) {
        return MessageId.of(json.path("id").asText());
    }

    private static Instant instant(JsonNode json, String field) {
        return Instant.ofEpochMilli(json.required(field).longValue());
    }

    private static @Nullable RequestKey key(JsonNode json) {
        return json.has("key")
                ? new RequestKey(
                        json.path("key").asText(),
                        json.path("digest").asText(),
                        json.path("keep").intValue(),
                        RequestKey.Replay.OR_RUN)
                : null;
    }

    private static @Nullable Lane laneOrNull(JsonNode json) {
        JsonNode lane = json.get("lane");
        return lane == null ? null : lane(lane);
    }

    private static Lane lane(JsonNode lane) {
        return new Lane(
                new Method(lane.path("name").asText()),
                new Epoch(lane.path("epoch").asText()),
                lane.path("last").longValue(),
                lane.has("lastId") ? MessageId.of(lane.path("lastId").asText()) : null);
    }

    private static Outcome outcome(JsonNode json) throws MalformedJsonException {
        JsonNode response = json.get("response");
        if (response != null) {
            return new Outcome.Returned(JsonText.parse(response.asText().getBytes(StandardCharsets.UTF_8)));
        }
        JsonNode error = json.required("error");
        return new Outcome.Failed(new DeviceError(
                error.path("code").asText(), error.path("message").asText()));
    }
}
