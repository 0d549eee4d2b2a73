package dev.roundtrip.local.iot.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was last taken over from the files of a thing, or written to them. Immutable.
 *
 * @param hash of the files
 * @param certificateId of the certificate in them
 * @param thing the text of {@code thing.json}; empty when an earlier version wrote the row
 * @param policy the hash of the policy's text; empty when an earlier version wrote the row
 * @param writing what else their hash may be, when the process died while it wrote them; empty otherwise
 */
record KnownFiles(String hash, String certificateId, String thing, String policy, List<String> writing) {
    /** Certificate and thing: whose files have a certificate, whether it is attached or not. */
    private static final Table OF_CERTIFICATES = new Table("thing_files_of_certificates");

    KnownFiles {
        writing = List.copyOf(writing);
    }

    static KnownFiles of(ThingText text) {
        return new KnownFiles(
                text.hash(),
                text.entry().certificateId().value(),
                text.thing(),
                ThingText.hash(text.policy()),
                List.of());
    }

    /** The same while the files are written: whether that succeeds is not known. */
    KnownFiles writing(ThingText... others) {
        return new KnownFiles(
                hash,
                certificateId,
                thing,
                policy,
                List.of(others).stream().map(ThingText::hash).toList());
    }

    /** Whether nobody else wrote the files. */
    boolean isOf(ThingText text) {
        return hash.equals(text.hash()) || writing.contains(text.hash());
    }

    /** What {@code thing.json} said; null when that is not known. */
    @Nullable ThingRecord entry(Target name) {
        try {
            return thing.isEmpty() ? null : ThingRecord.parse(Path.of("thing.json"), name, thing);
        } catch (StateException ofAnotherVersion) {
            return null;
        }
    }

    /** Writes the row of a thing. */
    void put(Transaction rows, String name) {
        delete(rows, name);
        ObjectNode node = Json.mapper()
                .createObjectNode()
                .put("hash", hash)
                .put("certificate", certificateId)
                .put("thing", thing)
                .put("policy", policy);
        writing.forEach(node.withArray("writing")::add);
        rows.put(Stored.THING_FILES, name, Stored.bytes(node));
        rows.put(OF_CERTIFICATES, Keys.of(certificateId, name), new byte[0]);
    }

    /** Removes the row of a thing, if there is one. */
    static void delete(Transaction rows, String name) {
        KnownFiles before = find(rows, name);
        if (before != null) {
            rows.delete(OF_CERTIFICATES, Keys.of(before.certificateId, name));
            rows.delete(Stored.THING_FILES, name);
        }
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
                node.path("hash").asText(),
                node.path("certificate").asText(),
                node.path("thing").asText(),
                node.path("policy").asText(),
                writing);
    }

    /** The names of the things whose files have a certificate, or that it is attached to. */
    static Set<String> namesOf(Snapshot rows, String certificateId) {
        Set<String> names = new LinkedHashSet<>();
        rows.forEach(OF_CERTIFICATES, Keys.prefix(certificateId), row -> names.add(Keys.part(row.key(), 1)));
        // Rows of earlier versions are in the second table alone.
        rows.forEach(
                Stored.PRINCIPAL_THINGS,
                Keys.prefix(Account.certificate(certificateId)),
                row -> names.add(Keys.part(row.key(), 1)));
        return names;
    }
}
