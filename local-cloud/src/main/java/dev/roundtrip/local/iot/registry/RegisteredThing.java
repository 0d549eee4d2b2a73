package dev.roundtrip.local.iot.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A thing as the registry has it. Immutable.
 *
 * @param id made by us; another thing of the same name has another
 * @param typeName empty when it has no type
 * @param attributes values by name
 * @param version 1 at first, and one more with each change
 */
public record RegisteredThing(String name, String id, String typeName, Map<String, String> attributes, long version) {
    public RegisteredThing {
        attributes = Map.copyOf(attributes);
    }

    /** A new one. */
    static RegisteredThing of(String name, String typeName, Map<String, String> attributes) {
        return new RegisteredThing(name, UUID.randomUUID().toString(), typeName, attributes, 1);
    }

    /** The same with other contents, one version later. */
    RegisteredThing changed(String newTypeName, Map<String, String> newAttributes) {
        return new RegisteredThing(name, id, newTypeName, newAttributes, version + 1);
    }

    boolean hasContents(String otherTypeName, Map<String, String> otherAttributes) {
        return typeName.equals(otherTypeName) && attributes.equals(otherAttributes);
    }

    byte[] toBytes() {
        ObjectNode node = Json.mapper()
                .createObjectNode()
                .put("id", id)
                .put("type", typeName)
                .put("version", version);
        ObjectNode members = node.putObject("attributes");
        new TreeMap<>(attributes).forEach(members::put);
        return Stored.bytes(node);
    }

    static RegisteredThing of(String name, byte[] bytes) {
        JsonNode node = Stored.node(bytes);
        Map<String, String> attributes = new TreeMap<>();
        node.path("attributes")
                .properties()
                .forEach(member ->
                        attributes.put(member.getKey(), member.getValue().asText()));
        return new RegisteredThing(
                name,
                node.path("id").asText(),
                node.path("type").asText(),
                attributes,
                node.path("version").asLong());
    }
}
