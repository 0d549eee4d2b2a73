package dev.roundtrip.local.iot.registry;

import dev.roundtrip.auth.policy.MalformedPolicyException;
import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.auth.policy.PolicyType;
import dev.roundtrip.local.iot.registry.RegisteredPolicy.Version;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.iot.registry.RegistryException.Reason;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The policies of the registry, with their versions. Thread-safe. */
public final class PolicyRegistry {
    /** Source: AWS IoT Core quotas, "Maximum number of named policy versions". */
    static final int MAX_VERSIONS = 5;

    private final Registry registry;

    public PolicyRegistry(Registry registry) {
        this.registry = registry;
    }

    /** Makes a policy with its first version. */
    public RegisteredPolicy create(String name, String document) throws RegistryException {
        return create(name, document, rows -> {});
    }

    /** The same.
     *
     * @param also what is written with it
     */
    public RegisteredPolicy create(String name, String document, Consumer<Transaction> also) throws RegistryException {
        check(document);
        return registry.change((rows, affected) -> {
            if (rows.get(Stored.POLICIES, name).isPresent()) {
                throw RegistryException.exists(
                        "Policy cannot be created - name already exists (name=" + name + ")",
                        name,
                        registry.account().policyArn(name));
            }
            RegisteredPolicy made = put(registry.in(rows, affected), name, document);
            also.accept(rows);
            return made;
        });
    }

    /** Makes a policy, unless there is one of this name. */
    static void ensure(RegistryTransaction change, String name, String document) throws RegistryException {
        check(document);
        if (!has(change.rows(), name)) {
            put(change, name, document);
        }
    }

    private static RegisteredPolicy put(RegistryTransaction change, String name, String document) {
        RegisteredPolicy made =
                RegisteredPolicy.of(name, document, change.registry().now());
        change.rows().put(Stored.POLICIES, name, made.toBytes());
        return made;
    }

    /** The policy of a name. */
    public RegisteredPolicy get(String name) throws RegistryException {
        return registry.ask(rows -> existing(rows, name));
    }

    /** Policies by name. */
    public Listed<RegisteredPolicy> list(Page page) throws RegistryException {
        return registry.ask(rows ->
                Registry.list(rows, Stored.POLICIES, "", page, row -> RegisteredPolicy.of(row.key(), row.value())));
    }

    /** Adds a version, which counts at once or later.
     *
     * @return the policy, whose last version is the new one
     */
    public RegisteredPolicy addVersion(String name, String document, boolean asDefault) throws RegistryException {
        check(document);
        return registry.change((rows, affected) -> {
            RegisteredPolicy before = existing(rows, name);
            if (before.versions().size() >= MAX_VERSIONS) {
                throw new RegistryException(
                        Reason.VERSIONS_LIMIT_EXCEEDED,
                        "The policy " + name + " already has the maximum number of versions (" + MAX_VERSIONS + ")");
            }
            RegisteredPolicy now = before.with(document, asDefault, registry.now());
            rows.put(Stored.POLICIES, name, now.toBytes());
            if (asDefault) {
                registry.addTargets(rows, name, affected);
            }
            return now;
        });
    }

    /** Deletes a version that does not count. */
    public void deleteVersion(String name, String number) throws RegistryException {
        registry.change((rows, affected) -> {
            RegisteredPolicy before = existing(rows, name);
            int version = version(before, number).number();
            if (version == before.defaultVersion()) {
                throw new RegistryException(
                        Reason.DELETE_CONFLICT,
                        "Cannot delete the default version of a policy (name=" + name + ", version=" + number + ")");
            }
            rows.put(
                    Stored.POLICIES,
                    name,
                    before.without(version, registry.now()).toBytes());
            return true;
        });
    }

    /** Has another version count. */
    public void setDefault(String name, String number) throws RegistryException {
        registry.change((rows, affected) -> {
            RegisteredPolicy before = existing(rows, name);
            int version = version(before, number).number();
            rows.put(
                    Stored.POLICIES,
                    name,
                    before.withDefault(version, registry.now()).toBytes());
            registry.addTargets(rows, name, affected);
            return true;
        });
    }

    /** Deletes a policy that is attached to nothing and has one version. */
    public void delete(String name) throws RegistryException {
        registry.change((rows, affected) -> {
            RegisteredPolicy before = existing(rows, name);
            if (before.versions().size() > 1) {
                throw new RegistryException(
                        Reason.DELETE_CONFLICT,
                        "Cannot delete the policy because it has one or more policy versions attached to it (name="
                                + name + ")");
            }
            if (Stored.isAny(rows, Stored.POLICY_TARGETS, Keys.prefix(name))) {
                throw new RegistryException(
                        Reason.DELETE_CONFLICT,
                        "The policy cannot be deleted as the policy is attached to one or more principals (name=" + name
                                + ")");
            }
            rows.delete(Stored.POLICIES, name);
            registry.cleared(rows, registry.account().policyArn(name));
            return true;
        });
    }

    private static void check(String document) throws RegistryException {
        try {
            Policy.parse(PolicyType.IOT, document);
        } catch (MalformedPolicyException malformed) {
            throw new RegistryException(Reason.MALFORMED_POLICY, String.valueOf(malformed.getMessage()));
        }
    }

    /** One version of a policy.
     *
     * @param number digits
     */
    public static Version version(RegisteredPolicy policy, String number) throws RegistryException {
        return policy.versions().stream()
                .filter(version -> Integer.toString(version.number()).equals(number))
                .findFirst()
                .orElseThrow(() -> RegistryException.notFound(
                        "Policy version not found (name=" + policy.name() + ", version=" + number + ")"));
    }

    /** Whether there is a policy of this name. */
    public static boolean has(Snapshot rows, String name) {
        return find(rows, name) != null;
    }

    static @Nullable RegisteredPolicy find(Snapshot rows, String name) {
        return rows.get(Stored.POLICIES, name)
                .map(bytes -> RegisteredPolicy.of(name, bytes))
                .orElse(null);
    }

    static RegisteredPolicy existing(Snapshot rows, String name) throws RegistryException {
        RegisteredPolicy found = find(rows, name);
        if (found == null) {
            throw RegistryException.notFound("Policy not found (name=" + name + ")");
        }
        return found;
    }
}
