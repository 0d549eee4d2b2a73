package dev.roundtrip.local.iot.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A thing type as the registry has it. Immutable.
 *
 * @param id made by us
 * @param description may be empty
 * @param searchable the names of attributes
 * @param deprecated since when no further thing may have the type; null when it is not deprecated
 */
public record RegisteredThingType(
        String name,
        String id,
        String description,
        List<String> searchable,
        Instant created,
        @Nullable Instant deprecated) {
    public RegisteredThingType {
        searchable = List.copyOf(searchable);
    }

    /** A new one. */
    public static RegisteredThingType of(String name, String description, List<String> searchable, Instant now) {
        return new RegisteredThingType(name, UUID.randomUUID().toString(), description, searchable, now, null);
    }

    /** The same, deprecated since then, or not. */
    RegisteredThingType deprecatedAt(@Nullable Instant since) {
        return new RegisteredThingType(name, id, description, searchable, created, since);
    }

    boolean isLike(RegisteredThingType other) {
        return description.equals(other.description) && searchable.equals(other.searchable);
    }

    byte[] toBytes() {
        ObjectNode node = Json.mapper()
                .createObjectNode()
                .put("id", id)
                .put("description", description)
                .put("created", created.toEpochMilli());
        ArrayNode names = node.putArray("searchable");
        searchable.forEach(names::add);
        if (deprecated != null) {
            node.put("deprecated", deprecated.toEpochMilli());
        }
        return Stored.bytes(node);
    }

    static RegisteredThingType of(String name, byte[] bytes) {
        JsonNode node = Stored.node(bytes);
        List<String> searchable = new ArrayList<>();
        node.path("searchable").forEach(each -> searchable.add(each.asText()));
        return new RegisteredThingType(
                name,
                node.path("id").asText(),
                node.path("description").asText(),
                searchable,
                Instant.ofEpochMilli(node.path("created").asLong()),
                node.has("deprecated")
                        ? Instant.ofEpochMilli(node.path("deprecated").asLong())
                        : null);
    }
}
