package dev.roundtrip.local.iot.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A policy with its versions as the registry has it. Immutable.
 *
 * @param defaultVersion the number of the version that counts
 * @param nextVersion the number of the next one; no number comes twice
 * @param versions at least one, the oldest first
 * @param generation changes with each change
 */
public record RegisteredPolicy(
        String name,
        int defaultVersion,
        int nextVersion,
        List<Version> versions,
        Instant created,
        Instant modified,
        String generation) {

    public RegisteredPolicy {
        versions = List.copyOf(versions);
    }

    /** A version.
     *
     * @param number 1 or more
     * @param document as it was given
     */
    public record Version(int number, String document, Instant created) {}

    static RegisteredPolicy of(String name, String document, Instant now) {
        return new RegisteredPolicy(
                name,
                1,
                2,
                List.of(new Version(1, document, now)),
                now,
                now,
                UUID.randomUUID().toString());
    }

    /** The version that counts. */
    public Version current() {
        return version(defaultVersion).orElseThrow();
    }

    /** The version of a number. */
    public Optional<Version> version(int number) {
        return versions.stream().filter(version -> version.number() == number).findFirst();
    }

    RegisteredPolicy with(String document, boolean asDefault, Instant now) {
        List<Version> more = new ArrayList<>(versions);
        more.add(new Version(nextVersion, document, now));
        return changed(asDefault ? nextVersion : defaultVersion, nextVersion + 1, more, now);
    }

    RegisteredPolicy without(int number, Instant now) {
        return changed(
                defaultVersion,
                nextVersion,
                versions.stream().filter(version -> version.number() != number).toList(),
                now);
    }

    RegisteredPolicy withDefault(int number, Instant now) {
        return changed(number, nextVersion, versions, now);
    }

    private RegisteredPolicy changed(int newDefault, int newNext, List<Version> newVersions, Instant now) {
        return new RegisteredPolicy(
                name,
                newDefault,
                newNext,
                newVersions,
                created,
                now,
                UUID.randomUUID().toString());
    }

    byte[] toBytes() {
        ObjectNode node = Json.mapper()
                .createObjectNode()
                .put("default", defaultVersion)
                .put("next", nextVersion)
                .put("created", created.toEpochMilli())
                .put("modified", modified.toEpochMilli())
                .put("generation", generation);
        for (Version version : versions) {
            node.withArray("versions")
                    .addObject()
                    .put("number", version.number())
                    .put("document", version.document())
                    .put("created", version.created().toEpochMilli());
        }
        return Stored.bytes(node);
    }

    static RegisteredPolicy of(String name, byte[] bytes) {
        JsonNode node = Stored.node(bytes);
        List<Version> versions = new ArrayList<>();
        for (JsonNode version : node.path("versions")) {
            versions.add(new Version(
                    version.path("number").asInt(),
                    version.path("document").asText(),
                    Instant.ofEpochMilli(version.path("created").asLong())));
        }
        return new RegisteredPolicy(
                name,
                node.path("default").asInt(),
                node.path("next").asInt(),
                versions,
                Instant.ofEpochMilli(node.path("created").asLong()),
                Instant.ofEpochMilli(node.path("modified").asLong()),
                node.path("generation").asText());
    }
}
