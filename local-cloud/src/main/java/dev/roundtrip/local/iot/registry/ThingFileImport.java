package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.iot.certificate.CertificateStatus;
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

    /** Takes the files of a thing over, unless they are as they were. Of files that are known, only what differs from
     * what they said counts: what operations changed meanwhile stays, and what they took away does not come back.
     *
     * @throws RegistryException when the certificate belongs to another thing
     */
    void takeOver(Transaction rows, ThingText text, Set<String> affected) throws RegistryException {
        String name = text.entry().name().value();
        KnownFiles before = KnownFiles.find(rows, name);
        if (before != null && before.isOf(text)) {
            return;
        }
        String id = text.entry().certificateId().value();
        if (before == null) {
            takeAll(rows, text, affected);
        } else if (!before.certificateId().equals(id)) {
            removeCertificate(rows, before.certificateId(), affected);
            takeAll(rows, text, affected);
        } else {
            takeChanges(rows, before, text, affected);
        }
        KnownFiles.of(text).put(rows, name);
        registry.addPrincipals(rows, name, affected);
        affected.add(id);
    }

    private void takeAll(Transaction rows, ThingText text, Set<String> affected) throws RegistryException {
        String name = text.entry().name().value();
        String policy = ThingFileExchange.policyName(name);
        String resource = Account.certificate(text.entry().certificateId().value());
        putThing(rows, text.entry());
        putCertificate(rows, text);
        putPolicy(rows, policy, text.policy(), affected);
        attach(rows, text.entry());
        rows.put(Stored.TARGET_POLICIES, Keys.of(resource, policy), new byte[0]);
        rows.put(Stored.POLICY_TARGETS, Keys.of(policy, resource), new byte[0]);
    }

    private void takeChanges(Transaction rows, KnownFiles before, ThingText text, Set<String> affected)
            throws RegistryException {
        ThingRecord entry = text.entry();
        String name = entry.name().value();
        if (ThingRegistry.find(rows, name) == null) {
            return;
        }
        ThingRecord last = before.entry(entry.name());
        if (last == null || !last.hasContentsOf(entry)) {
            putThing(rows, entry);
        }
        boolean isAttached = rows.get(
                        Stored.THING_PRINCIPALS,
                        Keys.of(name, Account.certificate(entry.certificateId().value())))
                .isPresent();
        if (last == null ? isAttached : last.status() != entry.status()) {
            changeStatus(rows, entry);
        }
        if (isAttached && (last == null || last.attachment() != entry.attachment())) {
            attach(rows, entry);
        }
        String policy = ThingFileExchange.policyName(name);
        if (!before.policy().equals(ThingText.hash(text.policy())) && PolicyRegistry.find(rows, policy) != null) {
            putPolicy(rows, policy, text.policy(), affected);
        }
    }

    /** A certificate that is gone stays so, and one that is revoked, too. */
    private void changeStatus(Transaction rows, ThingRecord entry) {
        String id = entry.certificateId().value();
        RegisteredCertificate certificate = CertificateRegistry.find(rows, id);
        if (certificate != null
                && certificate.status() != entry.status()
                && !(OpenFacts.REVOKED_IS_FINAL && certificate.status() == CertificateStatus.REVOKED)) {
            rows.put(
                    Stored.CERTIFICATES,
                    id,
                    certificate.changed(entry.status(), registry.now()).toBytes());
        }
    }

    private static void attach(Transaction rows, ThingRecord entry) throws RegistryException {
        String name = entry.name().value();
        String resource = Account.certificate(entry.certificateId().value());
        Attachments.requireRoom(rows, name, resource, entry.attachment());
        byte[] attachment = entry.attachment().name().getBytes(StandardCharsets.UTF_8);
        rows.put(Stored.THING_PRINCIPALS, Keys.of(name, resource), attachment);
        rows.put(Stored.PRINCIPAL_THINGS, Keys.of(resource, name), attachment);
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
        if (CertificateRegistry.find(rows, id) == null) {
            RegisteredCertificate added = RegisteredCertificate.of(
                    id, text.certificate(), text.entry().status(), Mode.DEFAULT, registry.now());
            rows.put(Stored.CERTIFICATES, id, added.toBytes());
        } else {
            changeStatus(rows, text.entry());
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
            KnownFiles.delete(rows, name);
            return;
        }
        removeCertificate(rows, known.certificateId(), affected);
        KnownFiles.delete(rows, name);
        if (!Stored.isAny(rows, Stored.THING_PRINCIPALS, Keys.prefix(name))) {
            rows.delete(Stored.THINGS, name);
            registry.deleted(rows, name);
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
