package dev.roundtrip.local.iot.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.store.table.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A provisioning template for fleets, with its versions. Immutable.
 *
 * @param properties what an update may change
 * @param defaultVersion the number of the version that counts
 * @param nextVersion the number of the next one; no number comes twice
 * @param versions at least one, the oldest first
 */
record ProvisioningTemplate(
        String name,
        Properties properties,
        Instant created,
        Instant modified,
        int defaultVersion,
        int nextVersion,
        List<Version> versions) {

    ProvisioningTemplate {
        versions = List.copyOf(versions);
    }

    /** What an update may change.
     *
     * @param description may be empty
     * @param enabled whether devices may be provisioned
     * @param roleArn of a role that the local cloud does not ask
     */
    record Properties(String description, boolean enabled, String roleArn) {}

    /** A version.
     *
     * @param number 1 or more
     * @param body as it was given
     */
    record Version(int number, String body, Instant created) {}

    static ProvisioningTemplate of(String name, Properties properties, String body, Instant now) {
        return new ProvisioningTemplate(name, properties, now, now, 1, 2, List.of(new Version(1, body, now)));
    }

    Optional<Version> version(int number) {
        return versions.stream().filter(version -> version.number() == number).findFirst();
    }

    /** The version that counts. */
    Version current() {
        return version(defaultVersion).orElseThrow();
    }

    ProvisioningTemplate with(String body, boolean asDefault, Instant now) {
        List<Version> more = new ArrayList<>(versions);
        more.add(new Version(nextVersion, body, now));
        return new ProvisioningTemplate(
                name, properties, created, now, asDefault ? nextVersion : defaultVersion, nextVersion + 1, more);
    }

    ProvisioningTemplate without(int number, Instant now) {
        return new ProvisioningTemplate(
                name,
                properties,
                created,
                now,
                defaultVersion,
                nextVersion,
                versions.stream().filter(version -> version.number() != number).toList());
    }

    ProvisioningTemplate changed(Properties newProperties, int newDefault, Instant now) {
        return new ProvisioningTemplate(name, newProperties, created, now, newDefault, nextVersion, versions);
    }

    byte[] toBytes() {
        ObjectNode node = RestJson.MAPPER
                .createObjectNode()
                .put("description", properties.description())
                .put("enabled", properties.enabled())
                .put("role", properties.roleArn())
                .put("created", created.toEpochMilli())
                .put("modified", modified.toEpochMilli())
                .put("default", defaultVersion)
                .put("next", nextVersion);
        ArrayNode list = node.putArray("versions");
        for (Version version : versions) {
            list.addObject()
                    .put("number", version.number())
                    .put("body", version.body())
                    .put("created", version.created().toEpochMilli());
        }
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    static ProvisioningTemplate of(String name, byte[] row) {
        JsonNode node = read(row);
        List<Version> versions = new ArrayList<>();
        for (JsonNode version : node.path("versions")) {
            versions.add(new Version(
                    version.path("number").asInt(),
                    version.path("body").asText(),
                    Instant.ofEpochMilli(version.path("created").asLong())));
        }
        return new ProvisioningTemplate(
                name,
                new Properties(
                        node.path("description").asText(),
                        node.path("enabled").asBoolean(),
                        node.path("role").asText()),
                Instant.ofEpochMilli(node.path("created").asLong()),
                Instant.ofEpochMilli(node.path("modified").asLong()),
                node.path("default").asInt(),
                node.path("next").asInt(),
                versions);
    }

    /** Reads a row in JSON. */
    static JsonNode read(byte[] row) {
        try {
            return RestJson.MAPPER.readTree(row);
        } catch (IOException damaged) {
            throw new StoreException("a row of provisioning is no JSON", damaged);
        }
    }
}
