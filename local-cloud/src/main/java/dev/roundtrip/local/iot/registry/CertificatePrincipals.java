package dev.roundtrip.local.iot.registry;

import dev.roundtrip.auth.policy.MalformedPolicyException;
import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.auth.policy.PolicyType;
import dev.roundtrip.auth.principal.DeviceCertificate;
import dev.roundtrip.auth.principal.Principals;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Keeps the principals of certificates as the registry has them: each change of a certificate, of what is attached to
 * it, or of a policy that counts for it makes another principal. Thread-safe.
 */
public final class CertificatePrincipals implements Registry.Listener {
    /** How many different documents are kept read; our choice. */
    private static final int MAX_DOCUMENTS = 1_000;

    private final Registry registry;
    private final Principals principals;

    /** Held while principals are made, so that the last one is by the last state of the registry. */
    private final ReentrantLock making = new ReentrantLock();

    /** Policies by their documents: many certificates have the same; guarded by the lock. */
    private final Map<String, Policy> policies = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Policy> eldest) {
            return size() > MAX_DOCUMENTS;
        }
    };

    /** The ids of the certificates that have a principal; guarded by the lock. */
    private final Set<String> made = new HashSet<>();

    private CertificatePrincipals(Registry registry, Principals principals) {
        this.registry = registry;
        this.principals = principals;
    }

    /** Makes the principals of all certificates, and goes on with each change.
     *
     * @throws StoreException when the registry cannot be read
     */
    public static void keep(Registry registry, Principals principals) {
        CertificatePrincipals kept = new CertificatePrincipals(registry, principals);
        registry.listen(kept);
        kept.missedTooMuch();
    }

    @Override
    public void missedTooMuch() {
        making.lock();
        try {
            Set<String> all = new LinkedHashSet<>(ask(ChangeLog::all));
            all.addAll(made);
            changed(all);
        } finally {
            making.unlock();
        }
    }

    @Override
    public void changed(Set<String> certificateIds) {
        making.lock();
        try {
            Map<String, Optional<DeviceCertificate>> now = ask(rows -> {
                Map<String, Optional<DeviceCertificate>> found = new LinkedHashMap<>();
                for (String id : certificateIds) {
                    found.put(id, Optional.ofNullable(principal(rows, id)));
                }
                return found;
            });
            now.forEach(this::replace);
        } finally {
            making.unlock();
        }
    }

    private void replace(String id, Optional<DeviceCertificate> now) {
        if (now.isPresent()) {
            principals.put(now.get());
            made.add(id);
        } else {
            principals.certificate(id).ifPresent(principals::remove);
            made.remove(id);
        }
    }

    private <T> T ask(Registry.Question<T> question) {
        try {
            return registry.ask(question);
        } catch (RegistryException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private @Nullable DeviceCertificate principal(Snapshot rows, String id) {
        RegisteredCertificate certificate = CertificateRegistry.find(rows, id);
        if (certificate == null) {
            return claim(rows, id);
        }
        if (certificate.status() != CertificateStatus.ACTIVE) {
            return null;
        }
        Map<String, RegisteredThing> things = new HashMap<>();
        List<String> exclusive = new ArrayList<>();
        rows.forEach(Stored.PRINCIPAL_THINGS, Keys.prefix(Account.certificate(id)), row -> {
            Attachments.Attached attached = Attachments.attached(row);
            RegisteredThing thing = ThingRegistry.find(rows, attached.name());
            if (thing != null) {
                things.put(thing.name(), thing);
                if (attached.attachment() == Attachment.EXCLUSIVE_THING) {
                    exclusive.add(thing.name());
                }
            }
        });
        ConnectionContexts contexts = new ConnectionContexts(things, exclusive.isEmpty() ? null : exclusive.getFirst());
        return new DeviceCertificate(id, contexts.exclusive(), policies(rows, id, things.keySet()), contexts);
    }

    private @Nullable DeviceCertificate claim(Snapshot rows, String id) {
        ClaimCertificate claim = ClaimCertificate.find(rows, id).orElse(null);
        if (claim == null || !registry.now().isBefore(claim.expires())) {
            return null;
        }
        Policy policy = policies.computeIfAbsent(claim.policy(), CertificatePrincipals::read);
        return new DeviceCertificate(id, null, List.of(policy), new ConnectionContexts(Map.of(), null));
    }

    private List<Policy> policies(Snapshot rows, String id, Set<String> thingNames) {
        List<Policy> attached = new ArrayList<>();
        for (String target : registry.targetsOf(rows, id, thingNames)) {
            rows.forEach(Stored.TARGET_POLICIES, Keys.prefix(target), row -> {
                RegisteredPolicy policy = PolicyRegistry.find(rows, Keys.part(row.key(), 1));
                if (policy != null) {
                    attached.add(policies.computeIfAbsent(policy.current().document(), CertificatePrincipals::read));
                }
            });
        }
        return attached;
    }

    private static Policy read(String document) {
        try {
            return Policy.parse(PolicyType.IOT, document);
        } catch (MalformedPolicyException damaged) {
            throw new StoreException("a policy of the registry cannot be read: " + damaged.getMessage(), damaged);
        }
    }
}
