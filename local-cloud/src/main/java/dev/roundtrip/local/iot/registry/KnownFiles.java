package dev.roundtrip.local.iot.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was last taken over from the files of a thing, or written to them.
 *
 * @param hash of the files
 * @param certificateId of the certificate in them
 * @param writing what else their hash may be, when the process died while it wrote them; empty otherwise
 */
record KnownFiles(String hash, String certificateId, List<String> writing) {
    KnownFiles(String hash, String certificateId) {
        this(hash, certificateId, List.of());
    }

    /** Whether nobody else wrote the files. */
    boolean isOf(ThingText text) {
        return hash.equals(text.hash()) || writing.contains(text.hash());
    }

    byte[] toBytes() {
        ObjectNode node = Json.mapper().createObjectNode().put("hash", hash).put("certificate", certificateId);
        writing.forEach(node.withArray("writing")::add);
        return Stored.bytes(node);
    }

    static @Nullable KnownFiles find(Snapshot rows, String name) {
        Optional<byte[]> bytes = rows.get(Stored.THING_FILES, name);
        if (bytes.isEmpty()) {
            return null;
        }
        JsonNode node = Stored.node(bytes.get());
        List<String> writing = new ArrayList<>();
        node.path("writing").forEach(hash -> writing.add(hash.asText()));
        return new KnownFiles(
                node.path("hash").asText(), node.path("certificate").asText(), writing);
    }
}
