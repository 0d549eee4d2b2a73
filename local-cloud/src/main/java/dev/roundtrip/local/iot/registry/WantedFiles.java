package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.protocol.Target;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the files of a thing should hold, by the registry.
 *
 * @param attachment null when the certificate is detached: files cannot say that, and stay as they are
 * @param policy null when the policy stays as it is in the file
 */
record WantedFiles(
        KnownFiles known,
        RegisteredThing thing,
        CertificateStatus status,
        @Nullable Attachment attachment,
        @Nullable String policy) {

    ThingRecord entryIn(ThingText text) {
        return entry(text.entry());
    }

    private ThingRecord entry(ThingRecord found) {
        return new ThingRecord(
                found.name(),
                thing.typeName(),
                thing.attributes(),
                found.certificateId(),
                status,
                attachment == null ? found.attachment() : attachment);
    }

    String thingIn(ThingText text) {
        ThingRecord entry = entryIn(text);
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

    /** Whether the files hold that already, as far as is known of them without reading them. */
    boolean isKnownToBeWritten(Target name) {
        ThingRecord last = known.entry(name);
        return last != null
                && known.writing().isEmpty()
                && last.equals(entry(last))
                && (policy == null || known.policy().equals(ThingText.hash(policy)));
    }

    /** Those of a thing; null when it has no files that the registry knows, or its certificate is gone. */
    static @Nullable WantedFiles find(Snapshot rows, Target name) {
        KnownFiles known = KnownFiles.find(rows, name.value());
        RegisteredThing thing = ThingRegistry.find(rows, name.value());
        if (known == null || thing == null) {
            return null;
        }
        RegisteredCertificate certificate = CertificateRegistry.find(rows, known.certificateId());
        if (certificate == null) {
            return null;
        }
        String resource = Account.certificate(known.certificateId());
        RegisteredPolicy policy = PolicyRegistry.find(rows, ThingFileExchange.policyName(name.value()));
        return new WantedFiles(
                known,
                thing,
                certificate.status(),
                rows.get(Stored.THING_PRINCIPALS, Keys.of(name.value(), resource))
                        .map(value -> Attachment.valueOf(new String(value, StandardCharsets.UTF_8)))
                        .orElse(null),
                policy == null ? null : policy.current().document());
    }
}
