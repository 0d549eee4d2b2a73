package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.iot.registry.RegistryException.Reason;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which policies are attached to which targets, and which certificates to which things. Thread-safe.
 *
 * <p>What is attached already is attached again without a change, and what is not attached is detached already.
 */
public final class Attachments {
    /** Source: AWS IoT Core quotas, "Maximum number of policies that can be attached to a certificate or Amazon Cognito
     * identity".
     */
    private static final int MAX_POLICIES = 10;

    private final Registry registry;

    public Attachments(Registry registry) {
        this.registry = registry;
    }

    /** A thing and a principal.
     *
     * @param name of the thing, or ARN of the principal
     */
    public record Attached(String name, Attachment attachment) {}

    /** Attaches a policy.
     *
     * @param targetArn the ARN of a certificate, or of another target that the registry knows
     */
    public void attachPolicy(String policy, String targetArn) throws RegistryException {
        registry.change((rows, affected) -> {
            attachPolicy(registry.in(rows, affected), policy, targetArn);
            return true;
        });
    }

    static void attachPolicy(RegistryTransaction change, String policy, String targetArn) throws RegistryException {
        Transaction rows = change.rows();
        PolicyRegistry.existing(rows, policy);
        String target = change.registry().requireTarget(rows, targetArn);
        if (rows.get(Stored.TARGET_POLICIES, Keys.of(target, policy)).isPresent()) {
            return;
        }
        if (rows.page(Stored.TARGET_POLICIES, Keys.prefix(target), "", MAX_POLICIES)
                        .size()
                >= MAX_POLICIES) {
            throw new RegistryException(
                    Reason.LIMIT_EXCEEDED, "A target has at most " + MAX_POLICIES + " policies (" + targetArn + ")");
        }
        rows.put(Stored.TARGET_POLICIES, Keys.of(target, policy), NOTHING);
        rows.put(Stored.POLICY_TARGETS, Keys.of(policy, target), NOTHING);
        change.registry().addTarget(rows, target, change.affected());
    }

    private static final byte[] NOTHING = {};

    public void detachPolicy(String policy, String targetArn) throws RegistryException {
        registry.change((rows, affected) -> {
            String target = registry.account().resource(targetArn);
            if (target == null
                    || rows.get(Stored.TARGET_POLICIES, Keys.of(target, policy)).isEmpty()) {
                return false;
            }
            rows.delete(Stored.TARGET_POLICIES, Keys.of(target, policy));
            rows.delete(Stored.POLICY_TARGETS, Keys.of(policy, target));
            registry.addTarget(rows, target, affected);
            return true;
        });
    }

    /** The names of the policies that are attached to a target. */
    public Listed<String> policies(String target, Page page) throws RegistryException {
        return registry.ask(rows -> {
            return names(rows, Stored.TARGET_POLICIES, registry.requireTarget(rows, target), page);
        });
    }

    /** The names of the policies that are attached to a target, or to a group that the target is in. */
    public Listed<String> policiesFromAbove(String target, Page page) throws RegistryException {
        return registry.ask(rows -> {
            Set<String> names = new TreeSet<>();
            List<String> resources = new ArrayList<>(registry.above(rows, target));
            resources.add(registry.requireTarget(rows, target));
            for (String resource : resources) {
                rows.forEach(Stored.TARGET_POLICIES, Keys.prefix(resource), row -> names.add(Keys.part(row.key(), 1)));
            }
            return Registry.part(page, List.copyOf(names));
        });
    }

    /** The ARNs of what a policy is attached to. */
    public Listed<String> targets(String policy, Page page) throws RegistryException {
        return registry.ask(rows -> {
            PolicyRegistry.existing(rows, policy);
            Listed<String> found = names(rows, Stored.POLICY_TARGETS, policy, page);
            return new Listed<>(
                    found.entries().stream().map(registry.account()::iotArn).toList(), found.next());
        });
    }

    /** Attaches a certificate to a thing. */
    public void attachThing(String thing, String principalArn, Attachment attachment) throws RegistryException {
        registry.change((rows, affected) -> {
            attachThing(registry.in(rows, affected), thing, principalArn, attachment);
            return true;
        });
    }

    static void attachThing(RegistryTransaction change, String thing, String principalArn, Attachment attachment)
            throws RegistryException {
        Transaction rows = change.rows();
        ThingRegistry.existing(rows, thing);
        String principal = change.registry().requireTarget(rows, principalArn);
        if (Account.certificateOf(principal) == null) {
            throw new RegistryException(
                    Reason.INVALID_REQUEST, "a certificate is attached to a thing, not " + principalArn);
        }
        requireRoom(rows, thing, principal, attachment);
        byte[] value = attachment.name().getBytes(StandardCharsets.UTF_8);
        rows.put(Stored.THING_PRINCIPALS, Keys.of(thing, principal), value);
        rows.put(Stored.PRINCIPAL_THINGS, Keys.of(principal, thing), value);
        change.registry().addTarget(rows, principal, change.affected());
    }

    /** Source: AWS IoT developer guide, "Associating a AWS IoT thing to an MQTT client connection". */
    static void requireRoom(Snapshot rows, String thing, String principal, Attachment attachment)
            throws RegistryException {
        if (!hasRoom(rows, thing, principal, attachment)) {
            throw new RegistryException(
                    OpenFacts.EXCLUSIVE_CONFLICT,
                    "A principal that is attached to a thing exclusively is attached to no other (" + principal + ")");
        }
    }

    private static boolean hasRoom(Snapshot rows, String thing, String principal, Attachment attachment) {
        List<Attached> others = rows.page(Stored.PRINCIPAL_THINGS, Keys.prefix(principal), "", 2).stream()
                .map(Attachments::attached)
                .filter(other -> !other.name().equals(thing))
                .toList();
        return others.isEmpty()
                || (attachment == Attachment.NON_EXCLUSIVE_THING
                        && others.getFirst().attachment() == Attachment.NON_EXCLUSIVE_THING);
    }

    public void detachThing(String thing, String principalArn) throws RegistryException {
        registry.change((rows, affected) -> {
            ThingRegistry.existing(rows, thing);
            String principal = registry.account().resource(principalArn);
            if (principal == null
                    || rows.get(Stored.THING_PRINCIPALS, Keys.of(thing, principal))
                            .isEmpty()) {
                return false;
            }
            rows.delete(Stored.THING_PRINCIPALS, Keys.of(thing, principal));
            rows.delete(Stored.PRINCIPAL_THINGS, Keys.of(principal, thing));
            registry.addTarget(rows, principal, affected);
            return true;
        });
    }

    /** The principals that are attached to a thing. */
    public Listed<Attached> principals(String thing, Page page) throws RegistryException {
        return registry.ask(rows -> {
            ThingRegistry.existing(rows, thing);
            return Registry.list(rows, Stored.THING_PRINCIPALS, Keys.prefix(thing), page, row -> {
                Attached found = attached(row);
                return new Attached(registry.account().iotArn(found.name()), found.attachment());
            });
        });
    }

    /** The things that a principal is attached to. */
    public Listed<Attached> things(String principal, Page page) throws RegistryException {
        return registry.ask(rows -> {
            return Registry.list(
                    rows,
                    Stored.PRINCIPAL_THINGS,
                    Keys.prefix(registry.requireTarget(rows, principal)),
                    page,
                    Attachments::attached);
        });
    }

    static Attached attached(Row row) {
        return new Attached(
                Keys.part(row.key(), 1), Attachment.valueOf(new String(row.value(), StandardCharsets.UTF_8)));
    }

    private static Listed<String> names(Snapshot rows, Table table, String of, Page page) {
        return Registry.list(rows, table, Keys.prefix(of), page, row -> Keys.part(row.key(), 1));
    }
}
