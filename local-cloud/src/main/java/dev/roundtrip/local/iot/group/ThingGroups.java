package dev.roundtrip.local.iot.group;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Thing groups and who belongs to them, in tables. Thread-safe.
 *
 * <p>Source of the rules: AWS IoT Core developer guide, "Static thing groups"; API reference, CreateThingGroup and
 * DeleteThingGroup; AWS IoT Core quotas.
 */
public final class ThingGroups {
    private final TableStore store;
    private final Registry registry;
    private final Account account;

    /** @param store the store of the registry */
    public ThingGroups(TableStore store, Registry registry) {
        this.store = store;
        this.registry = registry;
        this.account = registry.account();
        registry.know(new PolicyTargets());
    }

    /** Groups as the registry knows them: by ARN. */
    private final class PolicyTargets implements Registry.Groups {
        @Override
        public boolean isThere(Snapshot rows, String arn) {
            return has(rows, name(arn));
        }

        @Override
        public List<String> things(Snapshot rows, String arn) {
            return List.copyOf(Memberships.members(rows, name(arn), true));
        }

        @Override
        public List<String> of(Snapshot rows, String thingName) {
            Set<String> arns = new LinkedHashSet<>();
            String id = ThingRegistry.id(rows, thingName).orElse("");
            for (String group : Memberships.groupsOf(rows, thingName, id)) {
                ThingGroup known = GroupTree.find(rows, group);
                if (known != null) {
                    GroupTree.above(rows, known).forEach(each -> arns.add(arn(each.name())));
                    arns.add(arn(group));
                }
            }
            return List.copyOf(arns);
        }

        @Override
        public List<String> above(Snapshot rows, String arn) {
            ThingGroup group = GroupTree.find(rows, name(arn));
            return group == null
                    ? List.of()
                    : GroupTree.above(rows, group).stream()
                            .map(each -> arn(each.name()))
                            .toList();
        }

        private String name(String arn) {
            String prefix = arn("");
            return arn.startsWith(prefix) ? arn.substring(prefix.length()) : "";
        }
    }

    /** The ARN of a group. */
    String arn(String name) {
        return account.iotArn("thinggroup/" + name);
    }

    /** Whether there is a group of this name. */
    public static boolean has(Snapshot rows, String name) {
        return GroupTree.has(rows, name);
    }

    /** Makes a group; the same group again is found. */
    ThingGroup create(ThingGroup wanted, Map<String, String> tags) throws Refusal {
        return store.<ThingGroup, Refusal>write(rows -> {
            ThingGroup before = GroupTree.find(rows, wanted.name());
            if (before != null) {
                if (!before.isLike(wanted)) {
                    throw new Refusal(
                            ErrorType.RESOURCE_ALREADY_EXISTS,
                            "Thing Group " + wanted.name() + " already exists in current account with different"
                                    + " properties",
                            Map.of("resourceId", before.id(), "resourceArn", arn(wanted.name())));
                }
                return before;
            }
            GroupTree.add(rows, wanted);
            Tags.put(rows, arn(wanted.name()), tags);
            return wanted;
        });
    }

    /** A group, and the groups that it is in, the outermost first. */
    record Described(ThingGroup group, List<ThingGroup> above) {}

    Described describe(String name) throws Refusal {
        return store.<Described, Refusal>read(rows -> {
            ThingGroup group = GroupTree.existing(rows, name);
            return new Described(group, GroupTree.above(rows, group));
        });
    }

    /** Changes properties of a group. */
    @FunctionalInterface
    interface Change {
        ThingGroup of(ThingGroup before) throws Refusal;
    }

    /** @param expectedVersion null for any
     * @return the new version
     */
    long update(String name, @Nullable Long expectedVersion, Change change) throws Refusal {
        return store.<Long, Refusal>write(rows -> {
            ThingGroup before = GroupTree.existing(rows, name);
            checkVersion(before, expectedVersion);
            ThingGroup now = change.of(before);
            GroupTree.put(rows, now);
            return now.version();
        });
    }

    /** Deletes a group; one that is not there is deleted already. Its policies count no more for the things in it.
     *
     * @param expectedVersion null for any
     */
    void delete(String name, @Nullable Long expectedVersion) throws Refusal {
        boolean unused = registry.<Boolean, Refusal>transact(change -> {
            Transaction rows = change.rows();
            ThingGroup group = GroupTree.find(rows, name);
            if (group == null) {
                return false;
            }
            checkVersion(group, expectedVersion);
            GroupTree.remove(rows, group);
            Memberships.members(rows, name, false).forEach(change::groupsChanged);
            Memberships.removeAll(rows, name);
            change.detachPolicies(arn(name));
            Tags.clear(rows, arn(name));
            return true;
        });
    }

    /** All groups, or those without a parent.
     *
     * @param prefix with which names begin
     */
    Listed<String> list(String prefix, boolean recursive, Page page) {
        return store.<Listed<String>, RuntimeException>read(rows -> GroupTree.list(rows, prefix, recursive, page));
    }

    /** The groups in a group.
     *
     * @param recursive whether those in its child groups count
     */
    Listed<String> below(String parent, String prefix, boolean recursive, Page page) throws Refusal {
        return store.<Listed<String>, Refusal>read(rows -> {
            var unused = GroupTree.existing(rows, parent);
            Set<String> names = new TreeSet<>();
            GroupTree.addChildren(rows, parent, recursive, names);
            return Registry.part(
                    page, names.stream().filter(name -> name.startsWith(prefix)).toList());
        });
    }

    /** Takes a thing out of groups and puts it into others, all of it or nothing; it may be out or in already.
     *
     * @param added names of groups
     * @param removed names of groups
     */
    void change(String thing, List<String> added, List<String> removed) throws Refusal {
        boolean unused = registry.<Boolean, Refusal>transact(change -> {
            Transaction rows = change.rows();
            for (String group : removed) {
                Memberships.remove(rows, group, thing);
            }
            for (String group : added) {
                Memberships.add(rows, group, thing);
            }
            change.groupsChanged(thing);
            return true;
        });
    }

    /** The things in a group.
     *
     * @param recursive whether those in its child groups count
     */
    Listed<String> things(String group, boolean recursive, Page page) throws Refusal {
        return store.<Listed<String>, Refusal>read(rows -> {
            var unused = GroupTree.existing(rows, group);
            return recursive
                    ? Registry.part(page, List.copyOf(Memberships.members(rows, group, true)))
                    : Memberships.members(rows, group, page);
        });
    }

    /** The names of all things in a group and in its child groups; none when there is no such group. */
    public static Set<String> members(Snapshot rows, String group) {
        return Memberships.members(rows, group, true);
    }

    /** The groups of a thing. */
    Listed<String> groupsOf(String thing, Page page) throws Refusal {
        return store.<Listed<String>, Refusal>read(
                rows -> Registry.part(page, Memberships.groupsOf(rows, thing, Memberships.existingThing(rows, thing))));
    }

    private static void checkVersion(ThingGroup group, @Nullable Long expected) throws Refusal {
        if (expected != null && expected != group.version()) {
            throw new Refusal(
                    ErrorType.VERSION_CONFLICT,
                    "The version for thing group " + group.name() + " is " + group.version() + ", not " + expected);
        }
    }
}
