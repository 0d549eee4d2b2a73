package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.document.DocumentFormat;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A command: what devices can be told to do, again and again. Immutable.
 *
 * @param displayName empty for none
 * @param description empty for none
 * @param content what devices are sent; never changed
 * @param deprecatedAt null while it may be executed
 * @param deletedAt when its deletion was asked for; null while it was not
 */
record Command(
        String id,
        String displayName,
        String description,
        Content content,
        Instant createdAt,
        Instant lastUpdatedAt,
        @Nullable Instant deprecatedAt,
        @Nullable Instant deletedAt) {
    /** The one namespace that the local cloud has. */
    static final String NAMESPACE = "AWS-IoT";

    private static final String PAYLOAD = "payload";
    private static final String TEMPLATE = "payloadTemplate";

    /** What devices are sent, as it was given: a payload, or a template with its preprocessor; and parameters.
     * Immutable by convention.
     */
    record Content(ObjectNode json, Map<String, CommandParameter> parameters) {
        Content {
            parameters = Map.copyOf(parameters);
        }

        /** Reads the members of a request that say what devices are sent.
         *
         * @throws Refusal when they are malformed
         */
        static Content read(JsonNode request) throws Refusal {
            Content content = of(request);
            if (request.hasNonNull(PAYLOAD) == request.hasNonNull(TEMPLATE)) {
                throw Refusal.invalid("a command has either payload or payloadTemplate");
            }
            if (request.hasNonNull(TEMPLATE)) {
                if (content.outputFormat() == null) {
                    throw Refusal.invalid(
                            "preprocessor must have awsJsonSubstitution with the outputFormat JSON or CBOR");
                }
                content.template().demand(content.parameters.keySet());
            } else if (request.hasNonNull("preprocessor")) {
                throw Refusal.invalid("preprocessor belongs to payloadTemplate");
            } else {
                ContentType.demand(request.path(PAYLOAD).path("contentType"));
                Payload payload = content.payload();
                if (payload.content().length == 0 || payload.content().length > Payload.MAX_BYTES) {
                    throw Refusal.invalid("the content of a payload has 1 to " + Payload.MAX_BYTES + " bytes");
                }
            }
            return content;
        }

        private static Content of(JsonNode members) throws Refusal {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            for (String name : new String[] {PAYLOAD, TEMPLATE, "preprocessor", "mandatoryParameters"}) {
                if (members.hasNonNull(name)) {
                    json.set(name, members.get(name));
                }
            }
            return new Content(json, CommandParameter.all(json.path("mandatoryParameters")));
        }

        private @Nullable DocumentFormat outputFormat() {
            return switch (json.path("preprocessor")
                    .path("awsJsonSubstitution")
                    .path("outputFormat")
                    .asText()) {
                case "JSON" -> DocumentFormat.JSON;
                case "CBOR" -> DocumentFormat.CBOR;
                default -> null;
            };
        }

        private PayloadTemplate template() throws Refusal {
            return PayloadTemplate.read(json.path(TEMPLATE).asText());
        }

        private Payload payload() throws Refusal {
            JsonNode payload = json.path(PAYLOAD);
            JsonNode content = payload.path("content");
            try {
                if (content.isTextual()) {
                    return new Payload(content.binaryValue(), ContentType.of(payload.path("contentType")));
                }
            } catch (IOException malformed) {
                // Told below.
            }
            throw Refusal.invalid("the content of a payload must be in Base64");
        }

        /** What an execution sends.
         *
         * @param given the values that the execution brings
         * @throws Refusal when a parameter has no value, or a wrong one
         */
        Payload payload(Map<String, ParameterValue> given, long timeoutSeconds) throws Refusal {
            if (OpenFacts.PARAMETERS_MUST_BE_KNOWN && !parameters.keySet().containsAll(given.keySet())) {
                throw Refusal.invalid("parameters has one that the command does not have");
            }
            Map<String, ParameterValue> values = new HashMap<>();
            for (CommandParameter parameter : parameters.values()) {
                values.put(parameter.name(), parameter.valueOf(given.get(parameter.name())));
            }
            DocumentFormat format = outputFormat();
            if (format == null) {
                return payload();
            }
            byte[] filled = format.write(template().filled(values, timeoutSeconds));
            if (filled.length > Payload.MAX_BYTES) {
                throw Payload.tooLong();
            }
            return new Payload(filled, format.contentType());
        }
    }

    boolean isDeprecated() {
        return deprecatedAt != null;
    }

    boolean isPendingDeletion() {
        return deletedAt != null;
    }

    /** The command as it is deprecated from a moment on, or not any more when it is null. */
    Command deprecated(@Nullable Instant since) {
        return new Command(id, displayName, description, content, createdAt, lastUpdatedAt, since, deletedAt);
    }

    /** The command with other words. */
    Command described(String newName, String newDescription, Instant now) {
        return new Command(id, newName, newDescription, content, createdAt, now, deprecatedAt, deletedAt);
    }

    /** The command whose deletion is asked for. */
    Command deleted(Instant now) {
        return new Command(id, displayName, description, content, createdAt, now, deprecatedAt, now);
    }

    byte[] row() {
        ObjectNode row = JsonNodeFactory.instance
                .objectNode()
                .put("displayName", displayName)
                .put("description", description)
                .put("createdAt", createdAt.toEpochMilli())
                .put("lastUpdatedAt", lastUpdatedAt.toEpochMilli());
        row.set("content", content.json);
        Moments.put(row, "deprecatedAt", deprecatedAt);
        Moments.put(row, "deletedAt", deletedAt);
        return DocumentFormat.JSON.write(row);
    }

    /** @param row what {@link #row} made */
    static Command of(String id, byte[] row) {
        try {
            JsonNode json = RestJson.MAPPER.readTree(row);
            return new Command(
                    id,
                    json.path("displayName").asText(),
                    json.path("description").asText(),
                    Content.of(json.path("content")),
                    Moments.of(json, "createdAt"),
                    Moments.of(json, "lastUpdatedAt"),
                    Moments.orNull(json, "deprecatedAt"),
                    Moments.orNull(json, "deletedAt"));
        } catch (IOException | Refusal damaged) {
            throw new IllegalStateException("the row of the command " + id + " cannot be read", damaged);
        }
    }
}
