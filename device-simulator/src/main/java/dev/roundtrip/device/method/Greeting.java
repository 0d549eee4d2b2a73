package dev.roundtrip.device.method;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Answers any request with the words of the AWS sample of 2022: {@code Your request was '…'. Some random response: '…'}. */
record Greeting(RandomGenerator random) implements DeviceMethod {

    @Override
    public JsonNode run(JsonNode request, Instant deadline) {
        return TextNode.valueOf("Your request was '" + shown(request) + "'. Some random response: '"
                + HexFormat.of().toHexDigits(random.nextLong()) + "'");
    }

    private static String shown(JsonNode request) {
        return request.isTextual() ? request.textValue() : new String(Json.write(request), StandardCharsets.UTF_8);
    }
}
