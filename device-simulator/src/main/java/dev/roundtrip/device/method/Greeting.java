package dev.roundtrip.device.method;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.protocol.Json;
import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Answers any request with the words of the AWS sample of 2022: {@code Your request was '…'. Some random response: '…'}. */
record Greeting(RandomGenerator random) implements DeviceMethod {

    @Override
    public JsonNode run(JsonNode request, Instant deadline) throws MethodFailedException {
        return TextNode.valueOf("Your request was '" + shown(request) + "'. Some random response: '"
                + HexFormat.of().toHexDigits(random.nextLong()) + "'");
    }

    private static String shown(JsonNode request) throws MethodFailedException {
        if (request.isTextual()) {
            return request.textValue();
        }
        try {
            return Json.MAPPER.writeValueAsString(request);
        } catch (JsonProcessingException tooDeep) {
            throw new MethodFailedException(Arguments.INVALID, "request cannot be shown as JSON text");
        }
    }
}
