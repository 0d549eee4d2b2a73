package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.iot.registry.RegisteredCertificate.Mode;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A change of several parts of the registry, all of it or nothing: see {@link Registry#transact}. Used by one thread,
 * until the change ends.
 */
public final class RegistryTransaction {
    private final Registry registry;
    private final Transaction rows;
    private final Set<String> affected;
    private final Set<String> moved = new LinkedHashSet<>();

    /** @param affected takes the ids of certificates for which the change may count */
    RegistryTransaction(Registry registry, Transaction rows, Set<String> affected) {
        this.registry = registry;
        this.rows = rows;
        this.affected = affected;
    }

    Registry registry() {
        return registry;
    }

    Set<String> affected() {
        return affected;
    }

    /** The rows, of which a service changes its own alone. */
    public Transaction rows() {
        return rows;
    }

    /** The thing of a name; empty when there is none. */
    public Optional<RegisteredThing> thing(String name) {
        return Optional.ofNullable(ThingRegistry.find(rows, name));
    }

    /** Makes a thing that is not there.
     *
     * @param typeName empty for none
     */
    public void createThing(String name, String typeName, Map<String, String> attributes) throws RegistryException {
        var unused = ThingRegistry.create(this, name, typeName, attributes);
    }

    /** Gives a thing that is there a type and attributes, in the place of those that it has.
     *
     * @param typeName empty for none
     */
    public void changeThing(RegisteredThing thing, String typeName, Map<String, String> attributes)
            throws RegistryException {
        if (!thing.hasContents(typeName, attributes)) {
            var unused = ThingRegistry.update(
                    this,
                    thing.name(),
                    new ThingRegistry.Update(
                            null, typeName.isEmpty() ? null : typeName, typeName.isEmpty(), attributes, false));
        }
    }

    /** The policies of a thing count anew, after it came into a group or went out of one. */
    public void groupsChanged(String thingName) {
        registry.addPrincipals(rows, thingName, affected);
        registry.moved(rows, thingName);
        moved.add(thingName);
    }

    /** The names of the things whose groups changed. */
    Set<String> moved() {
        return moved;
    }

    /** A group is deleted: its policies are detached. */
    public void detachPolicies(String groupArn) {
        String target = registry.account().resource(groupArn);
        if (target != null) {
            rows.forEach(Stored.TARGET_POLICIES, Keys.prefix(target), row -> {
                rows.delete(Stored.POLICY_TARGETS, Keys.of(Keys.part(row.key(), 1), target));
                rows.delete(Stored.TARGET_POLICIES, row.key());
            });
        }
    }

    /** The certificate of an id; empty when there is none. */
    public Optional<RegisteredCertificate> certificate(String id) {
        return Optional.ofNullable(CertificateRegistry.find(rows, id));
    }

    /** Adds a certificate that the local authority signed. */
    public RegisteredCertificate addCertificate(X509Certificate certificate, CertificateStatus status)
            throws RegistryException {
        return CertificateRegistry.add(this, certificate, status, Mode.DEFAULT);
    }

    /** Gives a certificate another status. */
    public void setStatus(String id, CertificateStatus status) throws RegistryException {
        CertificateRegistry.update(this, id, status);
    }

    /** Whether a certificate is attached to a thing, or a policy to it. */
    public boolean isAttached(String id) {
        String prefix = Keys.prefix(Account.certificate(id));
        return Stored.isAny(rows, Stored.PRINCIPAL_THINGS, prefix)
                || Stored.isAny(rows, Stored.TARGET_POLICIES, prefix);
    }

    /** Deletes a certificate that is attached to nothing. */
    public void deleteCertificate(String id) {
        rows.delete(Stored.CERTIFICATES, id);
        affected.add(id);
    }

    /** Adds the certificate of a claim. */
    public void addClaim(ClaimCertificate claim) {
        rows.put(Stored.CLAIMS, claim.id(), claim.toBytes());
        affected.add(claim.id());
    }

    /** Deletes the certificate of a claim, if there is one. */
    public void deleteClaim(String id) {
        rows.delete(Stored.CLAIMS, id);
        affected.add(id);
    }

    /** Whether there is a policy of this name. */
    public boolean hasPolicy(String name) {
        return PolicyRegistry.has(rows, name);
    }

    /** Makes a policy, unless there is one of this name. */
    public void ensurePolicy(String name, String document) throws RegistryException {
        PolicyRegistry.ensure(this, name, document);
    }

    /** Attaches a policy to a certificate. */
    public void attachPolicy(String policy, String certificateArn) throws RegistryException {
        Attachments.attachPolicy(this, policy, certificateArn);
    }

    /** Attaches a certificate to a thing. */
    public void attachThing(String thing, String certificateArn, Attachment attachment) throws RegistryException {
        Attachments.attachThing(this, thing, certificateArn, attachment);
    }
}
