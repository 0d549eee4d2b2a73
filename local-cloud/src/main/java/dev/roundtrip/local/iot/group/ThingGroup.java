package dev.roundtrip.local.iot.group;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.store.table.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A thing group. Immutable.
 *
 * @param id made by us; another group of the same name has another
 * @param parent the name of the group that it is in; empty for none
 * @param description empty for none
 * @param attributes values by name
 * @param version 1 at first, and one more with each change
 * @param created in milliseconds since 1970
 */
record ThingGroup(
        String name,
        String id,
        String parent,
        String description,
        Map<String, String> attributes,
        long version,
        long created) {
    ThingGroup {
        attributes = Map.copyOf(attributes);
    }

    /** The same with other properties, one version later. */
    ThingGroup changed(String newDescription, Map<String, String> newAttributes) {
        return new ThingGroup(name, id, parent, newDescription, newAttributes, version + 1, created);
    }

    /** Whether another request to make it would make the same. */
    boolean isLike(ThingGroup other) {
        return parent.equals(other.parent)
                && description.equals(other.description)
                && attributes.equals(other.attributes);
    }

    byte[] toBytes() {
        ObjectNode node = RestJson.MAPPER
                .createObjectNode()
                .put("id", id)
                .put("parent", parent)
                .put("description", description)
                .put("version", version)
                .put("created", created);
        ObjectNode members = node.putObject("attributes");
        new TreeMap<>(attributes).forEach(members::put);
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    static ThingGroup of(String name, byte[] bytes) {
        JsonNode node;
        try {
            node = RestJson.MAPPER.readTree(bytes);
        } catch (IOException damaged) {
            throw new StoreException("the row of a thing group is no JSON", damaged);
        }
        Map<String, String> attributes = new TreeMap<>();
        node.path("attributes")
                .properties()
                .forEach(member ->
                        attributes.put(member.getKey(), member.getValue().asText()));
        return new ThingGroup(
                name,
                node.path("id").asText(),
                node.path("parent").asText(),
                node.path("description").asText(),
                attributes,
                node.path("version").asLong(),
                node.path("created").asLong());
    }
}
