package dev.roundtrip.local.iot.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.protocol.Json;
import java.time.Instant;
import java.util.Optional;

/** The certificate of a provisioning claim: it is in no list, has one policy, and counts until it expires. Immutable.
 *
 * @param id the fingerprint
 * @param policy the document
 */
public record ClaimCertificate(String id, String policy, Instant expires) {
    byte[] toBytes() {
        return Stored.bytes(
                Json.mapper().createObjectNode().put("policy", policy).put("expires", expires.toEpochMilli()));
    }

    static Optional<ClaimCertificate> find(Snapshot rows, String id) {
        return rows.get(Stored.CLAIMS, id).map(bytes -> of(id, Stored.node(bytes)));
    }

    private static ClaimCertificate of(String id, JsonNode node) {
        return new ClaimCertificate(
                id,
                node.path("policy").asText(),
                Instant.ofEpochMilli(node.path("expires").asLong()));
    }
}
