package dev.roundtrip.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Bytes to JSON object. */
final class Payload {
    private Payload() {}

    /** @param content the name of the member that is kept as it was written */
    static Envelope read(byte[] payload, String content) throws MalformedMessageException {
        try {
            return Envelope.read(payload, content);
        } catch (MalformedJsonException malformed) {
            throw new MalformedMessageException("payload " + malformed.getMessage());
        }
    }

    static String text(ObjectNode message, String field) throws MalformedMessageException {
        JsonNode node = message.path(field);
        if (!node.isTextual()) {
            throw new MalformedMessageException(field + " must be a string");
        }
        return node.textValue();
    }
}
