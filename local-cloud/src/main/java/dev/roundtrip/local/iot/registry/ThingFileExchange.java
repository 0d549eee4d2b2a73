package dev.roundtrip.local.iot.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.registry.RegisteredCertificate.Mode;
import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.store.StateLock;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes what people write into the files of things over into the registry, and writes what the registry changes into
 * the files of the things that have some. The registry is the truth, and the last writer wins. Thread-safe.
 *
 * <p>A thing's files have one certificate and one policy. What they cannot say stays in the registry alone: further
 * certificates and policies, and that something is detached.
 */
public final class ThingFileExchange implements Registry.Listener {
    private final Things things;
    private final Registry registry;
    private final Direction direction;
    private final StateLock lock;
    private final Consumer<String> complaints;

    /** Whose changes the other side hears of. */
    public enum Direction {
        /** What the registry changes goes into the files too. */
        BOTH,

        /** Files are read alone: the registry is one that keeps nothing. */
        FROM_FILES
    }

    /** What was last taken over or written.
     *
     * @param hash of the files
     * @param certificateId of the certificate in them
     * @param writing what else their hash may be, when the process died while it wrote them; empty otherwise
     */
    private record Known(String hash, String certificateId, List<String> writing) {
        Known(String hash, String certificateId) {
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

        static @Nullable Known find(Snapshot rows, String name) {
            Optional<byte[]> bytes = rows.get(Stored.THING_FILES, name);
            if (bytes.isEmpty()) {
                return null;
            }
            JsonNode node = Stored.node(bytes.get());
            List<String> writing = new ArrayList<>();
            node.path("writing").forEach(hash -> writing.add(hash.asText()));
            return new Known(
                    node.path("hash").asText(), node.path("certificate").asText(), writing);
        }
    }

    /** @param direction whether files are written and deleted at all
     * @param lock of the state directory
     * @param complaints told, in one line, of files that cannot be written
     */
    public ThingFileExchange(
            Things things, Registry registry, Direction direction, StateLock lock, Consumer<String> complaints) {
        this.things = things;
        this.registry = registry;
        this.direction = direction;
        this.lock = lock;
        this.complaints = complaints;
    }

    /** The name of the policy that the file of a thing holds. */
    public static String policyName(String thingName) {
        String name = thingName.replace(':', '=') + ".file";
        return name.length() <= 128 ? name : name.substring(0, 59) + "=" + ThingText.hash(thingName);
    }

    /** Takes the files of a thing over, unless they are as they were, or gone. Ends what an earlier process did not: it
     * may have died after a change of the registry, before the files had it.
     *
     * @throws StateException when they cannot be read or understood; then nothing is changed
     */
    public void read(Target name) throws StateException {
        Optional<ThingText> text = things.text(name);
        if (text.isEmpty()) {
            return;
        }
        takeOver(text.get());
        if (direction == Direction.FROM_FILES) {
            return;
        }
        String thingName = name.value();
        if (ask(rows -> isDeleted(rows, thingName))) {
            deleted(thingName);
        } else if (ask(rows -> isStale(rows, text.get()))) {
            write(thingName);
        }
    }

    /** Whether a thing is gone, and its files are not. */
    private static boolean isDeleted(Snapshot rows, String name) {
        return Known.find(rows, name) != null && ThingRegistry.find(rows, name) == null;
    }

    private boolean isStale(Snapshot rows, ThingText text) {
        Wanted wanted = wanted(rows, text.entry().name());
        return wanted != null && wanted.known().isOf(text) && !wanted.isWritten(text);
    }

    /** Has things that had files, and have none any more, be gone with their certificates.
     *
     * @param present the names of those that have files
     */
    public void removeOthers(Set<String> present) {
        Set<String> gone = new HashSet<>();
        boolean any = ask(rows -> {
            rows.forEach(Stored.THING_FILES, "", row -> {
                if (!present.contains(row.key())) {
                    gone.add(row.key());
                }
            });
            return !gone.isEmpty();
        });
        if (any) {
            change((rows, affected) -> {
                gone.forEach(name -> remove(rows, name, affected));
                return true;
            });
        }
    }

    private void takeOver(ThingText text) {
        String name = text.entry().name().value();
        change((rows, affected) -> {
            Known before = Known.find(rows, name);
            if (before != null && before.isOf(text)) {
                return false;
            }
            String id = text.entry().certificateId().value();
            if (before != null && !before.certificateId().equals(id)) {
                removeCertificate(rows, before.certificateId(), affected);
            }
            putThing(rows, text.entry());
            putCertificate(rows, text);
            putPolicy(rows, policyName(name), text.policy(), affected);
            String resource = Account.certificate(id);
            byte[] attachment = text.entry().attachment().name().getBytes(StandardCharsets.UTF_8);
            rows.put(Stored.THING_PRINCIPALS, Keys.of(name, resource), attachment);
            rows.put(Stored.PRINCIPAL_THINGS, Keys.of(resource, name), attachment);
            rows.put(Stored.TARGET_POLICIES, Keys.of(resource, policyName(name)), new byte[0]);
            rows.put(Stored.POLICY_TARGETS, Keys.of(policyName(name), resource), new byte[0]);
            rows.put(Stored.THING_FILES, name, new Known(text.hash(), id).toBytes());
            registry.addPrincipals(rows, name, affected);
            affected.add(id);
            return true;
        });
    }

    private void putThing(Transaction rows, ThingRecord entry) {
        String name = entry.name().value();
        RegisteredThing before = ThingRegistry.find(rows, name);
        ThingTypeRegistry.ensure(rows, entry.typeName(), registry.now());
        if (before == null) {
            rows.put(
                    Stored.THINGS,
                    name,
                    RegisteredThing.of(name, entry.typeName(), entry.attributes())
                            .toBytes());
        } else if (!before.hasContents(entry.typeName(), entry.attributes())) {
            rows.put(
                    Stored.THINGS,
                    name,
                    before.changed(entry.typeName(), entry.attributes()).toBytes());
        }
    }

    private void putCertificate(Transaction rows, ThingText text) {
        String id = text.entry().certificateId().value();
        RegisteredCertificate before = CertificateRegistry.find(rows, id);
        if (before == null) {
            RegisteredCertificate added = RegisteredCertificate.of(
                    id, text.certificate(), text.entry().status(), Mode.DEFAULT, registry.now());
            rows.put(Stored.CERTIFICATES, id, added.toBytes());
        } else if (before.status() != text.entry().status()) {
            rows.put(
                    Stored.CERTIFICATES,
                    id,
                    before.changed(text.entry().status(), registry.now()).toBytes());
        }
    }

    private void putPolicy(Transaction rows, String policy, String document, Set<String> affected) {
        RegisteredPolicy before = PolicyRegistry.find(rows, policy);
        if (before == null) {
            rows.put(
                    Stored.POLICIES,
                    policy,
                    RegisteredPolicy.of(policy, document, registry.now()).toBytes());
        } else if (!before.current().document().equals(document)) {
            RegisteredPolicy room = before.versions().size() < PolicyRegistry.MAX_VERSIONS
                    ? before
                    : before.without(
                            before.versions().stream()
                                    .mapToInt(RegisteredPolicy.Version::number)
                                    .filter(number -> number != before.defaultVersion())
                                    .min()
                                    .orElseThrow(),
                            registry.now());
            rows.put(
                    Stored.POLICIES,
                    policy,
                    room.with(document, true, registry.now()).toBytes());
            registry.addTargets(rows, policy, affected);
        }
    }

    private void remove(Transaction rows, String name, Set<String> affected) {
        Known known = Known.find(rows, name);
        if (known == null) {
            return;
        }
        if (ThingRegistry.find(rows, name) == null) {
            // The thing was deleted, then its directory. Its certificate is no concern of the files any more.
            rows.delete(Stored.THING_FILES, name);
            return;
        }
        removeCertificate(rows, known.certificateId(), affected);
        rows.delete(Stored.THING_FILES, name);
        if (!Stored.isAny(rows, Stored.THING_PRINCIPALS, Keys.prefix(name))) {
            rows.delete(Stored.THINGS, name);
        }
        if (!Stored.isAny(rows, Stored.POLICY_TARGETS, Keys.prefix(policyName(name)))) {
            rows.delete(Stored.POLICIES, policyName(name));
        }
    }

    private void removeCertificate(Transaction rows, String id, Set<String> affected) {
        String resource = Account.certificate(id);
        Set<String> policies = new LinkedHashSet<>();
        rows.forEach(Stored.TARGET_POLICIES, Keys.prefix(resource), row -> policies.add(Keys.part(row.key(), 1)));
        for (String policy : policies) {
            rows.delete(Stored.TARGET_POLICIES, Keys.of(resource, policy));
            rows.delete(Stored.POLICY_TARGETS, Keys.of(policy, resource));
        }
        Set<String> attached = new LinkedHashSet<>();
        rows.forEach(Stored.PRINCIPAL_THINGS, Keys.prefix(resource), row -> attached.add(Keys.part(row.key(), 1)));
        for (String thing : attached) {
            rows.delete(Stored.PRINCIPAL_THINGS, Keys.of(resource, thing));
            rows.delete(Stored.THING_PRINCIPALS, Keys.of(thing, resource));
        }
        rows.delete(Stored.CERTIFICATES, id);
        affected.add(id);
    }

    private void change(Registry.Change<Boolean> change) {
        try {
            var unused = registry.change(change);
        } catch (RegistryException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Writes what changed into files. */
    @Override
    public void changed(Set<String> certificateIds) {
        if (direction == Direction.FROM_FILES) {
            return;
        }
        Set<String> names = new LinkedHashSet<>();
        ask(rows -> {
            for (String id : certificateIds) {
                String resource = Account.certificate(id);
                rows.forEach(Stored.PRINCIPAL_THINGS, Keys.prefix(resource), row -> names.add(Keys.part(row.key(), 1)));
            }
            return true;
        });
        names.forEach(this::write);
    }

    /** Writes what changed into the files of all things. */
    @Override
    public void missedTooMuch() {
        changed(ask(ChangeLog::all));
    }

    /** Deletes the directory of a thing that is deleted. */
    @Override
    public void deleted(String thingName) {
        if (direction == Direction.FROM_FILES) {
            return;
        }
        boolean hadFiles = ask(rows -> Known.find(rows, thingName) != null);
        Optional<Target> name = Things.target(thingName);
        if (!hadFiles || name.isEmpty()) {
            return;
        }
        try {
            lock.whileHeld(() -> {
                things.deleteDirectory(name.get());
                // Afterwards: files of which nothing is known would be taken over as those of a new thing.
                change((rows, affected) -> {
                    rows.delete(Stored.THING_FILES, thingName);
                    return true;
                });
                return true;
            });
        } catch (StateException failed) {
            complaints.accept(String.valueOf(failed.getMessage()));
        }
    }

    private <T> T ask(Registry.Question<T> question) {
        try {
            return registry.ask(question);
        } catch (RegistryException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What the files of a thing should hold.
     *
     * @param policy null when the policy stays as it is in the file
     */
    private record Wanted(
            Known known, ThingRecord entry, @Nullable String policy) {
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
    }

    private @Nullable Wanted wanted(Snapshot rows, Target name) {
        Known known = Known.find(rows, name.value());
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
        RegisteredPolicy policy = PolicyRegistry.find(rows, policyName(name.value()));
        return new Wanted(
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

    private void write(String thingName) {
        Optional<Target> name = Things.target(thingName);
        if (name.isEmpty() || ask(rows -> Known.find(rows, thingName) == null)) {
            return;
        }
        try {
            lock.whileHeld(() -> {
                write(name.get());
                return true;
            });
        } catch (StateException failed) {
            complaints.accept(String.valueOf(failed.getMessage()));
        }
    }

    private void write(Target name) throws StateException {
        Wanted wanted = ask(rows -> Optional.ofNullable(wanted(rows, name))).orElse(null);
        ThingText found = things.text(name).orElse(null);
        // Files that were edited meanwhile are taken over instead.
        if (wanted == null || found == null || !wanted.known().isOf(found) || wanted.isWritten(found)) {
            return;
        }
        ThingText halfWay = found.withThing(wanted.thingIn(found), wanted.entry());
        ThingText complete = halfWay.withPolicy(wanted.policyIn(found));
        String id = wanted.known().certificateId();
        remember(name, new Known(found.hash(), id, List.of(halfWay.hash(), complete.hash())));
        if (!found.thing().equals(complete.thing())) {
            PrivateFiles.write(things.files(name).thing(), complete.thing());
        }
        if (!found.policy().equals(complete.policy())) {
            PrivateFiles.write(things.files(name).policy(), complete.policy());
        }
        remember(name, new Known(complete.hash(), id));
    }

    private void remember(Target name, Known known) {
        change((rows, affected) -> {
            rows.put(Stored.THING_FILES, name.value(), known.toBytes());
            return true;
        });
    }
}
