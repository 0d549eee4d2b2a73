package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.iot.registry.RegisteredCertificate.Mode;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/** Takes what people write into the files of things over into the rows of the registry. Thread-safe. */
final class ThingFileImport {
    private final Registry registry;

    ThingFileImport(Registry registry) {
        this.registry = registry;
    }

    /** Takes the files of a thing over, unless they are as they were.
     *
     * @return whether anything changed
     */
    boolean takeOver(Transaction rows, ThingText text, Set<String> affected) {
        String name = text.entry().name().value();
        KnownFiles before = KnownFiles.find(rows, name);
        if (before != null && before.isOf(text)) {
            return false;
        }
        String id = text.entry().certificateId().value();
        if (before != null && !before.certificateId().equals(id)) {
            removeCertificate(rows, before.certificateId(), affected);
        }
        putThing(rows, text.entry());
        putCertificate(rows, text);
        putPolicy(rows, ThingFileExchange.policyName(name), text.policy(), affected);
        String resource = Account.certificate(id);
        byte[] attachment = text.entry().attachment().name().getBytes(StandardCharsets.UTF_8);
        rows.put(Stored.THING_PRINCIPALS, Keys.of(name, resource), attachment);
        rows.put(Stored.PRINCIPAL_THINGS, Keys.of(resource, name), attachment);
        rows.put(Stored.TARGET_POLICIES, Keys.of(resource, ThingFileExchange.policyName(name)), new byte[0]);
        rows.put(Stored.POLICY_TARGETS, Keys.of(ThingFileExchange.policyName(name), resource), new byte[0]);
        rows.put(Stored.THING_FILES, name, new KnownFiles(text.hash(), id).toBytes());
        registry.addPrincipals(rows, name, affected);
        affected.add(id);
        return true;
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

    /** Has a thing that had files, and has none any more, be gone with its certificate. */
    void remove(Transaction rows, String name, Set<String> affected) {
        KnownFiles known = KnownFiles.find(rows, name);
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
        if (!Stored.isAny(rows, Stored.POLICY_TARGETS, Keys.prefix(ThingFileExchange.policyName(name)))) {
            rows.delete(Stored.POLICIES, ThingFileExchange.policyName(name));
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
}
