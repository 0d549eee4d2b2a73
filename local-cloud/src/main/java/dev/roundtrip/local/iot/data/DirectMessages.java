package dev.roundtrip.local.iot.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.HttpEndpoint.Answer;
import dev.roundtrip.local.http.operation.ErrorType;
import dev.roundtrip.local.http.operation.QueryValues;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.http.operation.Utf8;
import dev.roundtrip.local.iot.data.DataPlane.Addressed;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.Connections;
import dev.roundtrip.mqtt.DirectMessage;
import dev.roundtrip.mqtt.DirectOutcome;
import dev.roundtrip.mqtt.packet.PropertyId;
import dev.roundtrip.mqtt.packet.PropertyWriter;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import dev.roundtrip.mqtt.topic.TopicRules;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** SendDirectMessage. Thread-safe. */
final class DirectMessages {
    private static final int DEFAULT_TIMEOUT = 5;
    private static final int MAX_TIMEOUT = 15;
    private static final String HEADER = "x-amz-mqtt5-";
    private static final ObjectReader ONE_VALUE =
            Answers.JSON.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final BrokerLimits.Messages limits;
    private final TopicRules topics;

    DirectMessages(BrokerLimits limits) {
        this.limits = limits.messages();
        this.topics = new TopicRules(limits.topics().maxBytes(), limits.topics().maxSlashes());
    }

    CompletionStage<Answer> send(Addressed addressed, Connections connections) throws Refusal {
        String topic = addressed.parameters().required("topic");
        addressed.demand(DataAction.SEND_DIRECT_MESSAGE, topic, " on this client and topic");
        checkText(topic, "topic");
        if (topic.startsWith("$") || !topics.allowsName(topic)) {
            throw invalid("the topic is reserved, too long, or no topic for a message");
        }
        byte[] payload = addressed.request().body();
        if (payload.length > limits.maxPayloadBytes()) {
            throw new Refusal(
                    ErrorType.REQUEST_ENTITY_TOO_LARGE,
                    "the payload may have at most " + limits.maxPayloadBytes() + " bytes");
        }
        Publication content =
                new Publication(topic, topic.getBytes(StandardCharsets.UTF_8), properties(addressed), payload);
        return connections
                .send(addressed.clientId(), message(content, addressed.parameters()))
                .thenApply(DirectMessages::answer);
    }

    /** Without a confirmation nothing is waited for, so a timeout is not even read. */
    private static DirectMessage message(Publication content, QueryValues parameters) throws Refusal {
        if (!parameters.flag("confirmation")) {
            return new DirectMessage(content, Qos.AT_MOST_ONCE, Duration.ofSeconds(DEFAULT_TIMEOUT));
        }
        int timeout = parameters.number("timeout", DEFAULT_TIMEOUT, 1, MAX_TIMEOUT);
        return new DirectMessage(content, Qos.AT_LEAST_ONCE, Duration.ofSeconds(timeout));
    }

    private static Answer answer(DirectOutcome outcome) {
        return switch (outcome) {
            case SENT, CONFIRMED -> Answers.message("OK");
            case NOT_CONNECTED -> Answers.refused(ErrorType.RESOURCE_NOT_FOUND, "the client is not connected");
            case AWAY ->
                Answers.refused(
                        ErrorType.RESOURCE_NOT_FOUND,
                        "the client is not connected; its persistent session has not expired");
            case FORBIDDEN ->
                Answers.refused(ErrorType.FORBIDDEN, "no policy allows the client iot:Receive on this topic");
            case THROTTLED -> Answers.refused(ErrorType.THROTTLING, "the client has too many messages at once");
            case TOO_LARGE ->
                Answers.refused(ErrorType.REQUEST_ENTITY_TOO_LARGE, "the client takes no message of this size");
            case REFUSED -> Answers.refused(ErrorType.GATEWAY_TIMEOUT, "the client refused the message in its PUBACK");
            case UNCONFIRMED -> Answers.refused(ErrorType.GATEWAY_TIMEOUT, "the client did not confirm in time");
        };
    }

    private byte[] properties(Addressed addressed) throws Refusal {
        PropertyWriter properties = new PropertyWriter();
        String format = header(addressed.request(), "payload-format-indicator");
        switch (format) {
            case null -> {}
            case "UNSPECIFIED_BYTES" -> properties.oneByte(PropertyId.PAYLOAD_FORMAT_INDICATOR, 0);
            case "UTF8_DATA" -> properties.oneByte(PropertyId.PAYLOAD_FORMAT_INDICATOR, 1);
            default -> throw invalid("the payload format indicator must be UNSPECIFIED_BYTES or UTF8_DATA");
        }
        String contentType = addressed.parameters().text("contentType");
        if (contentType != null) {
            checkText(contentType, "content type");
            check(contentType.getBytes(StandardCharsets.UTF_8).length, limits.maxContentTypeBytes(), "content type");
            properties.text(PropertyId.CONTENT_TYPE, contentType);
        }
        String responseTopic = addressed.parameters().text("responseTopic");
        if (responseTopic != null) {
            checkText(responseTopic, "response topic");
            if (!topics.allowsName(responseTopic)) {
                throw invalid("the response topic is too long, or no topic for a message");
            }
            properties.text(PropertyId.RESPONSE_TOPIC, responseTopic);
        }
        String correlation = header(addressed.request(), "correlation-data");
        if (correlation != null) {
            byte[] data = base64(correlation, "correlation data");
            check(data.length, limits.maxCorrelationDataBytes(), "correlation data");
            properties.binary(PropertyId.CORRELATION_DATA, data);
        }
        String user = header(addressed.request(), "user-properties");
        if (user != null) {
            userProperties(base64(user, "user properties"), properties);
        }
        return properties.toBytes();
    }

    private void userProperties(byte[] json, PropertyWriter properties) throws Refusal {
        int bytes = 0;
        for (JsonNode object : array(json)) {
            if (!object.isObject()) {
                throw invalid("user properties must be an array of JSON objects with strings");
            }
            for (var pair : object.properties()) {
                if (!pair.getValue().isTextual()) {
                    throw invalid("user properties must be an array of JSON objects with strings");
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
        throw invalid("user properties must be a JSON array in UTF-8, in base64");
    }

    private static byte[] base64(String text, String what) throws Refusal {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            throw invalid("the " + what + " must be in base64");
        }
    }

    private static void checkText(String text, String what) throws Refusal {
        if (!Utf8.isMqttText(text)) {
            throw invalid("the " + what + " has a character that MQTT does not carry");
        }
    }

    private static void check(int bytes, int most, String what) throws Refusal {
        if (bytes > most) {
            throw new Refusal(ErrorType.INVALID_REQUEST, "the " + what + " may have at most " + most + " bytes");
        }
    }

    private static @Nullable String header(SignedRequest request, String name) {
        return request.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase(HEADER + name))
                .map(SignedRequest.Header::value)
                .findFirst()
                .orElse(null);
    }

    private static Refusal invalid(String message) {
        return new Refusal(ErrorType.INVALID_REQUEST, message);
    }
}
