package dev.roundtrip.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Bytes to JSON object. */
final class Payload {
    private Payload() {}

    static ObjectNode readObject(byte[] payload) throws MalformedMessageException {
        JsonNode node = Json.read(payload);
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new MalformedMessageException("payload must be a JSON object");
    }

    static String text(ObjectNode message, String field) throws MalformedMessageException {
        JsonNode node = message.path(field);
        if (!node.isTextual()) {
            throw new MalformedMessageException(field + " must be a string");
        }
        return node.textValue();
    }
}
