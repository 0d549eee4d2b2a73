package dev.roundtrip.local.iot.data;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpEndpoint.Answer;
import dev.roundtrip.local.http.HttpEndpoint.Denial;
import dev.roundtrip.local.http.HttpEndpoint.Refused;
import dev.roundtrip.local.http.operation.ErrorType;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is said to a sender. */
final class Answers {
    static final JsonMapper JSON = new JsonMapper();

    private Answers() {}

    static Answer ok(ObjectNode body) {
        return new Answer(200, Map.of("content-type", "application/json"), body.toString());
    }

    static Answer empty() {
        return new Answer(200, Map.of(), "");
    }

    /** The message and an id by which AWS finds the request in its logs. */
    static Answer message(String message) {
        return ok(traced(message));
    }

    static Answer refused(ErrorType type, String message) {
        return refused(type, message, null);
    }

    static Answer refused(ErrorType type, String message, @Nullable Denial denial) {
        ObjectNode body = traced(message);
        return new Answer(
                type.status,
                Map.of("content-type", "application/json", "x-amzn-ErrorType", type.name),
                body.toString(),
                new Refused(body.path("traceId").asText(), type.name, null, denial));
    }

    private static ObjectNode traced(String message) {
        return JSON.createObjectNode()
                .put("message", message)
                .put("traceId", UUID.randomUUID().toString());
    }
}
