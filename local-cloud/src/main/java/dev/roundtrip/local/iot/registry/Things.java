package dev.roundtrip.local.iot.registry;

import dev.roundtrip.auth.policy.PolicyType;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.keys.Certificates;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.TlsIdentity;
import dev.roundtrip.local.store.PolicyFile;
import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The things of a state directory. Every look-up reads the files, so that what another process changed is seen at
 * once.
 */
public final class Things {
    private final Path directory;

    public Things(Path directory) {
        this.directory = directory;
    }

    public Optional<Thing> find(Target name) throws StateException {
        return PrivateFiles.readDirectory(files(name).directory(), place -> read(name, new ThingFiles(place)));
    }

    /** What stands in the files of a thing; empty when it has no directory. */
    Optional<ThingText> text(Target name) throws StateException {
        return PrivateFiles.readDirectory(
                files(name).directory(), place -> ThingText.read(name, new ThingFiles(place)));
    }

    /** Deletes the directory of a thing with all files, if there is one. Call it under the lock. */
    void deleteDirectory(Target name) throws StateException {
        PrivateFiles.deleteDirectory(files(name).directory());
    }

    /** @param place where its files are now, which is not for long where they are replaced */
    private Thing read(Target name, ThingFiles place) throws StateException {
        ThingRecord entry = ThingRecord.parse(place.thing(), name, PrivateFiles.readExisting(place.thing()));
        return new Thing(entry, files(name), List.of(PolicyFile.read(place.policy(), PolicyType.IOT)));
    }

    /** Whether there is something under this name, complete or not. */
    public boolean isThere(Target name) {
        return Files.exists(files(name).directory());
    }

    /** What changes whenever a file of a thing does that is read here. */
    public String stamp(Target name) {
        ThingFiles files = files(name);
        return PrivateFiles.stamp(files.directory(), files.thing(), files.policy());
    }

    /** The names of all things, complete or not. */
    public List<Target> names() throws StateException {
        List<Target> names = new ArrayList<>();
        for (String entry : PrivateFiles.names(directory)) {
            target(entry).ifPresent(names::add);
        }
        return names;
    }

    /** The thing that a certificate is for. The name in the certificate says where to look, its fingerprint decides. */
    public Optional<Thing> findByCertificate(X509Certificate certificate, Instant now) throws StateException {
        Optional<Target> name = target(Certificates.commonName(certificate));
        if (name.isEmpty()
                || now.isBefore(certificate.getNotBefore().toInstant())
                || now.isAfter(certificate.getNotAfter().toInstant())) {
            return Optional.empty();
        }
        CertificateId id = CertificateId.of(certificate);
        return find(name.get())
                .filter(thing -> thing.certificateId().equals(id))
                .filter(thing -> thing.certificateStatus() == CertificateStatus.ACTIVE);
    }

    /** All things, by name. */
    public List<Thing> all() throws StateException {
        List<Thing> things = new ArrayList<>();
        for (Target name : names()) {
            find(name).ifPresent(things::add);
        }
        things.sort(Comparator.comparing(thing -> thing.name().value()));
        return things;
    }

    /** A thing whose files are to be made.
     *
     * @param prefix of the gateway that it may answer
     */
    public record Wanted(Target name, ThingRegistration.Properties properties, ClientPrefix prefix) {
        /** A thing without type and attributes. */
        public static Wanted plain(Target name, ClientPrefix prefix) {
            return new Wanted(name, new ThingRegistration.Properties("", Map.of()), prefix);
        }
    }

    /** Makes the files of a thing, in the place of those that were there. Call it under the lock. */
    public Thing create(Wanted wanted, TlsIdentity identity) throws StateException {
        Target name = wanted.name();
        ThingRecord entry = new ThingRecord(
                name,
                wanted.properties().typeName(),
                wanted.properties().attributes(),
                CertificateId.of(identity.certificate()),
                CertificateStatus.ACTIVE,
                Attachment.EXCLUSIVE_THING);
        PrivateFiles.createDirectories(directory);
        PrivateFiles.writeDirectory(
                files(name).directory(),
                List.of(
                        new PrivateFiles.NamedText(ThingFiles.CERTIFICATE, Pem.of(identity.certificate())),
                        new PrivateFiles.NamedText(ThingFiles.PRIVATE_KEY, Pem.of(identity.key())),
                        new PrivateFiles.NamedText(ThingFiles.POLICY, PolicyDocuments.ofThing(wanted.prefix())),
                        new PrivateFiles.NamedText(ThingFiles.THING, entry.toJson())));
        return new Thing(entry, files(name), List.of(PolicyFile.read(files(name).policy(), PolicyType.IOT)));
    }

    /** Makes the policies anew that an earlier version made. Call it under the lock.
     *
     * @return how many
     */
    public int renewPolicies(ClientPrefix prefix) throws StateException {
        String wanted = PolicyDocuments.ofThing(prefix);
        List<String> earlier = EarlierPolicies.ofThing(prefix);
        int renewed = 0;
        for (Path entry : PrivateFiles.list(directory)) {
            Path file = new ThingFiles(entry).policy();
            String found = Files.isDirectory(entry) ? readable(file) : "";
            if (!found.equals(wanted) && GatewayPolicy.isOneOf(earlier, found)) {
                PrivateFiles.write(file, wanted);
                renewed++;
            }
        }
        return renewed;
    }

    /** The text of a file; empty when there is none, or it cannot be read: the thing itself hears of that when it
     * connects.
     */
    private static String readable(Path file) {
        try {
            return PrivateFiles.read(file).orElse("");
        } catch (StateException damaged) {
            return "";
        }
    }

    ThingFiles files(Target name) {
        return new ThingFiles(directory.resolve(name.value()));
    }

    static Optional<Target> target(String name) {
        try {
            return Optional.of(new Target(name));
        } catch (MalformedNameException noThing) {
            return Optional.empty();
        }
    }
}
