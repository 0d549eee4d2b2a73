package dev.roundtrip.local.iot.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Target;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What stands in {@code thing.json}.
 *
 * @param typeName empty when the thing has no type
 */
record ThingRecord(
        Target name,
        String typeName,
        Map<String, String> attributes,
        CertificateId certificateId,
        CertificateStatus status,
        Attachment attachment) {

    ThingRecord {
        attributes = Map.copyOf(attributes);
    }

    /** Whether the thing itself is the same: type and attributes. */
    boolean hasContentsOf(ThingRecord other) {
        return typeName.equals(other.typeName) && attributes.equals(other.attributes);
    }

    String toJson() {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("thingName", name.value());
        if (!typeName.isEmpty()) {
            node.put("thingTypeName", typeName);
        }
        ObjectNode members = node.putObject("attributes");
        attributes.forEach(members::put);
        node.put("certificateId", certificateId.value());
        node.put("certificateStatus", status.name());
        node.put("thingPrincipalType", attachment.name());
        return node.toPrettyString() + "\n";
    }

    static ThingRecord parse(Path file, Target name, String json) throws StateException {
        try {
            JsonNode node = Json.mapper().readTree(json);
            if (!node.path("thingName").asText().equals(name.value())) {
                throw new StateException(file + " must have the thingName " + name);
            }
            return new ThingRecord(
                    name,
                    node.path("thingTypeName").asText(""),
                    attributes(node.path("attributes")),
                    new CertificateId(node.path("certificateId").asText()),
                    oneOf(CertificateStatus.class, "certificateStatus", node),
                    oneOf(Attachment.class, "thingPrincipalType", node));
        } catch (JsonProcessingException notJson) {
            throw new StateException(
                    file + " is not JSON (line " + notJson.getLocation().getLineNr() + ")");
        } catch (IllegalArgumentException wrongValue) {
            throw new StateException(file + ": " + wrongValue.getMessage());
        }
    }

    private static Map<String, String> attributes(JsonNode node) {
        Map<String, String> attributes = new HashMap<>();
        node.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw new IllegalArgumentException("the attribute " + entry.getKey() + " must be a string");
            }
            attributes.put(entry.getKey(), entry.getValue().textValue());
        });
        return attributes;
    }

    private static <E extends Enum<E>> E oneOf(Class<E> type, String name, JsonNode node) {
        String found = node.path(name).asText();
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(found))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException(name + " must be one of "
                        + Arrays.toString(type.getEnumConstants()) + ", but is '" + found + "'"));
    }
}
