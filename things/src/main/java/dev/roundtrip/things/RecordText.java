package dev.roundtrip.things;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Target;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The records as JSON. */
final class RecordText {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RecordText() {}

    static String of(DirectoryRecord record) {
        return text(MAPPER.createObjectNode()
                .put("id", record.id())
                .put("partition", record.where().partition())
                .put("account", record.where().account())
                .put("region", record.where().region())
                .put("topic", record.topic().value())
                .put("policyName", record.policyName())
                .put("policyRequested", record.isPolicyRequested()));
    }

    static String of(ThingRecord record) {
        ObjectNode text = MAPPER.createObjectNode()
                .put("name", record.name().value())
                .put("role", record.role().name())
                .put("requested", record.isRequested())
                .put("complete", record.isComplete());
        CertificateRecord certificate = record.certificate();
        if (certificate != null) {
            ObjectNode known = text.putObject("certificate")
                    .put("publicKey", certificate.publicKey())
                    .put("requests", certificate.requests())
                    .put("retired", certificate.isRetired());
            if (certificate.firstRequest() != null) {
                known.put("firstRequest", certificate.firstRequest().toString());
            }
            if (certificate.id() != null) {
                known.put("id", certificate.id());
            }
        }
        return text(text);
    }

    /** @throws IllegalArgumentException when the text is no such record */
    static DirectoryRecord directory(String json) {
        JsonNode text = read(json);
        String id = required(text, "id");
        if (!id.matches("[0-9a-f]{16}")) {
            throw new IllegalArgumentException("its id must be 16 hexadecimal digits");
        }
        return new DirectoryRecord(
                id,
                new AccountRegion(required(text, "partition"), required(text, "account"), required(text, "region")),
                new TopicRoot(required(text, "topic")),
                text.path("policyRequested").asBoolean());
    }

    /** @throws IllegalArgumentException when the text is no such record */
    static ThingRecord thing(String json) {
        JsonNode text = read(json);
        JsonNode certificate = text.path("certificate");
        return new ThingRecord(
                new Target(required(text, "name")),
                ThingRecord.Role.valueOf(required(text, "role")),
                text.path("requested").asBoolean(),
                certificate.isObject() ? certificate(certificate) : null,
                text.path("complete").asBoolean());
    }

    private static CertificateRecord certificate(JsonNode text) {
        String first = optional(text, "firstRequest");
        try {
            return new CertificateRecord(
                    required(text, "publicKey"),
                    text.path("requests").asInt(),
                    first == null ? null : Instant.parse(first),
                    optional(text, "id"),
                    text.path("retired").asBoolean());
        } catch (DateTimeException malformed) {
            throw new IllegalArgumentException(
                    "its firstRequest must be a time such as 2026-01-31T12:00:00Z", malformed);
        }
    }

    private static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("it must be JSON", malformed);
        }
    }

    private static String required(JsonNode text, String name) {
        String value = optional(text, name);
        if (value == null) {
            throw new IllegalArgumentException("it must have " + name);
        }
        return value;
    }

    private static @Nullable String optional(JsonNode text, String name) {
        JsonNode value = text.path(name);
        return value.isTextual() ? value.asText() : null;
    }

    private static String text(ObjectNode record) {
        return record.toPrettyString() + "\n";
    }
}
