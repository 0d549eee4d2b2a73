package dev.roundtrip.local.iot.data;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpEndpoint.Answer;
import java.util.Map;
import java.util.UUID;

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
        return new Answer(
                type.status,
                Map.of("content-type", "application/json", "x-amzn-ErrorType", type.name),
                traced(message).toString());
    }

    private static ObjectNode traced(String message) {
        return JSON.createObjectNode()
                .put("message", message)
                .put("traceId", UUID.randomUUID().toString());
    }
}
