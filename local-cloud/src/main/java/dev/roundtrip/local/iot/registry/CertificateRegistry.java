package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.iot.registry.RegisteredCertificate.Mode;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.iot.registry.RegistryException.Reason;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The certificates of the registry. Thread-safe. */
public final class CertificateRegistry {
    private final Registry registry;

    public CertificateRegistry(Registry registry) {
        this.registry = registry;
    }

    /** Adds a certificate. */
    public RegisteredCertificate add(X509Certificate certificate, CertificateStatus status, Mode mode)
            throws RegistryException {
        return registry.change((rows, affected) -> add(registry.in(rows, affected), certificate, status, mode));
    }

    static RegisteredCertificate add(
            RegistryTransaction change, X509Certificate certificate, CertificateStatus status, Mode mode)
            throws RegistryException {
        String id = CertificateId.of(certificate).value();
        if (change.rows().get(Stored.CERTIFICATES, id).isPresent()) {
            throw RegistryException.exists(
                    "The certificate is already registered",
                    id,
                    change.registry().account().certificateArn(id));
        }
        RegisteredCertificate added = RegisteredCertificate.of(
                id, Pem.of(certificate), status, mode, change.registry().now());
        change.rows().put(Stored.CERTIFICATES, id, added.toBytes());
        change.affected().add(id);
        return added;
    }

    /** The certificate of an id. */
    public RegisteredCertificate get(String id) throws RegistryException {
        return registry.ask(rows -> existing(rows, id));
    }

    /** Certificates by id. */
    public Listed<RegisteredCertificate> list(Page page) throws RegistryException {
        return registry.ask(rows -> Registry.list(
                rows, Stored.CERTIFICATES, "", page, row -> RegisteredCertificate.of(row.key(), row.value())));
    }

    /** Gives a certificate another status. */
    public void update(String id, CertificateStatus status) throws RegistryException {
        registry.change((rows, affected) -> {
            update(registry.in(rows, affected), id, status);
            return true;
        });
    }

    static void update(RegistryTransaction change, String id, CertificateStatus status) throws RegistryException {
        RegisteredCertificate before = existing(change.rows(), id);
        if (OpenFacts.REVOKED_IS_FINAL
                && before.status() == CertificateStatus.REVOKED
                && status != CertificateStatus.REVOKED) {
            throw new RegistryException(
                    Reason.CERTIFICATE_STATE, "The certificate is revoked, and stays so (id=" + id + ")");
        }
        if (before.status() != status) {
            change.rows()
                    .put(
                            Stored.CERTIFICATES,
                            id,
                            before.changed(status, change.registry().now()).toBytes());
            change.affected().add(id);
        }
    }

    /** Why a status is not set by a request. */
    public static RegistryException notSet(String status) {
        return new RegistryException(
                OpenFacts.STATE_THAT_IS_NOT_SET, "A certificate cannot be given the status " + status);
    }

    /** Deletes a certificate that is not active and not attached.
     *
     * @param force takes its policies from it first
     */
    public void delete(String id, boolean force) throws RegistryException {
        String arn = registry.account().certificateArn(id);
        String resource = Account.certificate(id);
        registry.change((rows, affected) -> {
            RegisteredCertificate before = existing(rows, id);
            if (before.status() == CertificateStatus.ACTIVE) {
                throw new RegistryException(
                        Reason.CERTIFICATE_STATE, "Certificate must be deactivated (not ACTIVE) before deletion.");
            }
            if (Stored.isAny(rows, Stored.PRINCIPAL_THINGS, Keys.prefix(resource))) {
                throw new RegistryException(
                        Reason.DELETE_CONFLICT, "Things must be detached before deletion (arn: " + arn + ")");
            }
            List<String> policies = new ArrayList<>();
            rows.forEach(Stored.TARGET_POLICIES, Keys.prefix(resource), row -> policies.add(Keys.part(row.key(), 1)));
            if (!policies.isEmpty() && !force) {
                throw new RegistryException(
                        Reason.DELETE_CONFLICT,
                        "Certificate policies must be detached before deletion (arn: " + arn + ")");
            }
            for (String policy : policies) {
                rows.delete(Stored.TARGET_POLICIES, Keys.of(resource, policy));
                rows.delete(Stored.POLICY_TARGETS, Keys.of(policy, resource));
            }
            rows.delete(Stored.CERTIFICATES, id);
            affected.add(id);
            return true;
        });
    }

    static @Nullable RegisteredCertificate find(Snapshot rows, String id) {
        return rows.get(Stored.CERTIFICATES, id)
                .map(bytes -> RegisteredCertificate.of(id, bytes))
                .orElse(null);
    }

    static RegisteredCertificate existing(Snapshot rows, String id) throws RegistryException {
        RegisteredCertificate found = find(rows, id);
        if (found == null) {
            throw RegistryException.notFound("The certificate given in the request does not exist (id=" + id + ")");
        }
        return found;
    }
}
