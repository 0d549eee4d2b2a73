package dev.roundtrip.local.iot.registry;

import dev.roundtrip.auth.policy.PolicyType;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.store.PolicyFile;
import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.Target;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What stands in the files of a thing that a person may edit. Immutable.
 *
 * @param thing the text of {@code thing.json}, from which the entry is
 * @param policy a policy document
 * @param certificate PEM; empty when the file is missing or holds another certificate than the thing's
 * @param hash of all of it
 */
record ThingText(String thing, ThingRecord entry, String policy, String certificate, String hash) {

    /** Reads the files.
     *
     * @throws StateException when one cannot be read or understood
     */
    static ThingText read(Target name, ThingFiles files) throws StateException {
        String thing = PrivateFiles.readExisting(files.thing());
        ThingRecord entry = ThingRecord.parse(files.thing(), name, thing);
        String policy = PrivateFiles.readExisting(files.policy());
        PolicyFile.check(files.policy(), PolicyType.IOT, policy);
        String certificate = PrivateFiles.read(files.certificate())
                .flatMap(Pem::certificate)
                .filter(read -> CertificateId.of(read).equals(entry.certificateId()))
                .map(Pem::of)
                .orElse("");
        return new ThingText(thing, entry, policy, certificate, hash(thing, policy, certificate));
    }

    /** The same with another {@code thing.json}. */
    ThingText withThing(String otherThing, ThingRecord otherEntry) {
        return new ThingText(otherThing, otherEntry, policy, certificate, hash(otherThing, policy, certificate));
    }

    /** The same with another policy. */
    ThingText withPolicy(String other) {
        return new ThingText(thing, entry, other, certificate, hash(thing, other, certificate));
    }

    /** The SHA-256 hash of texts, 64 digits of hexadecimal. */
    static String hash(String... texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : texts) {
                digest.update(text.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
