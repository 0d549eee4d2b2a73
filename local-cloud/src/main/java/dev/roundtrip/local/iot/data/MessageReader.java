package dev.roundtrip.local.iot.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.http.operation.Utf8;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.packet.PropertyId;
import dev.roundtrip.mqtt.packet.PropertyWriter;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.topic.TopicRules;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads an MQTT message from an HTTP request: the payload from the body, the properties of MQTT 5 from query and
 * headers. Thread-safe.
 */
final class MessageReader {
    private static final String HEADER = "x-amz-mqtt5-";
    private static final ObjectReader ONE_VALUE =
            RestJson.MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final BrokerLimits.Messages limits;
    private final TopicRules topics;

    MessageReader(BrokerLimits limits) {
        this.limits = limits.messages();
        this.topics = new TopicRules(limits.topics().maxBytes(), limits.topics().maxSlashes());
    }

    /** @throws Refusal when a part of it is malformed or too large */
    Publication read(OperationRequest request, String topic) throws Refusal {
        checkText(topic, "topic");
        if (!topics.allowsName(topic)) {
            throw Refusal.invalid("the topic is too long, or no topic for a message");
        }
        byte[] payload = request.body();
        if (payload.length > limits.maxPayloadBytes()) {
            throw new Refusal(
                    ErrorType.REQUEST_ENTITY_TOO_LARGE,
                    "the payload may have at most " + limits.maxPayloadBytes() + " bytes");
        }
        return new Publication(topic, topic.getBytes(StandardCharsets.UTF_8), properties(request), payload);
    }

    private byte[] properties(OperationRequest request) throws Refusal {
        PropertyWriter properties = new PropertyWriter();
        String format = header(request, "payload-format-indicator");
        switch (format) {
            case null -> {}
            case "UNSPECIFIED_BYTES" -> properties.oneByte(PropertyId.PAYLOAD_FORMAT_INDICATOR, 0);
            case "UTF8_DATA" -> properties.oneByte(PropertyId.PAYLOAD_FORMAT_INDICATOR, 1);
            default -> throw Refusal.invalid("the payload format indicator must be UNSPECIFIED_BYTES or UTF8_DATA");
        }
        String contentType = request.query().text("contentType");
        if (contentType != null) {
            checkText(contentType, "content type");
            check(contentType.getBytes(StandardCharsets.UTF_8).length, limits.maxContentTypeBytes(), "content type");
            properties.text(PropertyId.CONTENT_TYPE, contentType);
        }
        String responseTopic = request.query().text("responseTopic");
        if (responseTopic != null) {
            checkText(responseTopic, "response topic");
            if (!topics.allowsName(responseTopic)) {
                throw Refusal.invalid("the response topic is too long, or no topic for a message");
            }
            properties.text(PropertyId.RESPONSE_TOPIC, responseTopic);
        }
        String correlation = header(request, "correlation-data");
        if (correlation != null) {
            byte[] data = base64(correlation, "correlation data");
            check(data.length, limits.maxCorrelationDataBytes(), "correlation data");
            properties.binary(PropertyId.CORRELATION_DATA, data);
        }
        String user = header(request, "user-properties");
        if (user != null) {
            userProperties(base64(user, "user properties"), properties);
        }
        return properties.toBytes();
    }

    private void userProperties(byte[] json, PropertyWriter properties) throws Refusal {
        int bytes = 0;
        for (JsonNode object : array(json)) {
            if (!object.isObject()) {
                throw Refusal.invalid("user properties must be an array of JSON objects with strings");
            }
            for (var pair : object.properties()) {
                if (!pair.getValue().isTextual()) {
                    throw Refusal.invalid("user properties must be an array of JSON objects with strings");
                }
                String value = pair.getValue().textValue();
                checkText(pair.getKey(), "name of a user property");
                checkText(value, "value of a user property");
                bytes += pair.getKey().getBytes(StandardCharsets.UTF_8).length
                        + value.getBytes(StandardCharsets.UTF_8).length;
                check(bytes, limits.maxUserPropertyBytes(), "user properties");
                properties.pair(PropertyId.USER_PROPERTY, pair.getKey(), value);
            }
        }
    }

    private static JsonNode array(byte[] json) throws Refusal {
        try {
            JsonNode array = ONE_VALUE.readTree(Utf8.decode(json));
            if (array != null && array.isArray()) {
                return array;
            }
        } catch (JsonProcessingException | CharacterCodingException malformed) {
            // Told below.
        }
        throw Refusal.invalid("user properties must be a JSON array in UTF-8, in base64");
    }

    private static byte[] base64(String text, String what) throws Refusal {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            throw Refusal.invalid("the " + what + " must be in base64");
        }
    }

    private static void checkText(String text, String what) throws Refusal {
        if (!Utf8.isMqttText(text)) {
            throw Refusal.invalid("the " + what + " has a character that MQTT does not carry");
        }
    }

    private static void check(int bytes, int most, String what) throws Refusal {
        if (bytes > most) {
            throw Refusal.invalid("the " + what + " may have at most " + most + " bytes");
        }
    }

    private static @Nullable String header(OperationRequest request, String name) {
        return request.header(HEADER + name).orElse(null);
    }
}
