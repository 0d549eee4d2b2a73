package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.protocol.Target;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the files of a thing should hold, by the registry.
 *
 * @param policy null when the policy stays as it is in the file
 */
record WantedFiles(
        KnownFiles known, ThingRecord entry, @Nullable String policy) {
    String thingIn(ThingText text) {
        return text.entry().equals(entry) ? text.thing() : entry.toJson();
    }

    String policyIn(ThingText text) {
        return policy == null ? text.policy() : policy;
    }

    boolean isWritten(ThingText text) {
        return text.thing().equals(thingIn(text))
                && text.policy().equals(policyIn(text))
                && text.hash().equals(known.hash());
    }

    /** Those of a thing; null when it has no files that the registry knows. */
    static @Nullable WantedFiles find(Snapshot rows, Target name) {
        KnownFiles known = KnownFiles.find(rows, name.value());
        RegisteredThing thing = ThingRegistry.find(rows, name.value());
        if (known == null || thing == null) {
            return null;
        }
        RegisteredCertificate certificate = CertificateRegistry.find(rows, known.certificateId());
        String resource = Account.certificate(known.certificateId());
        Optional<byte[]> attachment = rows.get(Stored.THING_PRINCIPALS, Keys.of(name.value(), resource));
        if (certificate == null || attachment.isEmpty()) {
            return null;
        }
        RegisteredPolicy policy = PolicyRegistry.find(rows, ThingFileExchange.policyName(name.value()));
        return new WantedFiles(
                known,
                new ThingRecord(
                        name,
                        thing.typeName(),
                        thing.attributes(),
                        new CertificateId(certificate.id()),
                        certificate.status(),
                        Attachment.valueOf(new String(attachment.get(), StandardCharsets.UTF_8))),
                policy == null ? null : policy.current().document());
    }
}
