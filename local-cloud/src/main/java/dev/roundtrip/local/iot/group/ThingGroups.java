package dev.roundtrip.local.iot.group;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Thing groups and who belongs to them, in tables. Thread-safe.
 *
 * <p>Source of the rules: AWS IoT Core developer guide, "Static thing groups"; API reference, CreateThingGroup and
 * DeleteThingGroup; AWS IoT Core quotas.
 */
public final class ThingGroups {
    private static final Table GROUPS = new Table("thing_groups");

    /** Parent and child. */
    private static final Table CHILDREN = new Table("thing_group_children");

    /** Group and thing; the value is the thing's id, for another thing of the same name does not belong to it. */
    private static final Table THINGS = new Table("thing_group_things");

    /** Thing and group; the value is the thing's id. */
    private static final Table MEMBERSHIPS = new Table("thing_memberships");

    private static final int MAX_DEPTH = 7;
    private static final int MAX_CHILDREN = 100;
    private static final int MAX_GROUPS_OF_A_THING = 10;
    private static final int ROWS = 250;

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
            return List.copyOf(members(rows, name(arn), true));
        }

        @Override
        public List<String> of(Snapshot rows, String thingName) {
            Set<String> arns = new LinkedHashSet<>();
            String id = ThingRegistry.id(rows, thingName).orElse("");
            for (String group : groupsOf(rows, thingName, id)) {
                ThingGroup known = find(rows, group);
                if (known != null) {
                    above(rows, known).forEach(each -> arns.add(arn(each.name())));
                    arns.add(arn(group));
                }
            }
            return List.copyOf(arns);
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
        return !name.isEmpty() && rows.get(GROUPS, name).isPresent();
    }

    /** Makes a group; the same group again is found. */
    ThingGroup create(ThingGroup wanted, Map<String, String> tags) throws Refusal {
        return store.<ThingGroup, Refusal>write(rows -> {
            ThingGroup before = find(rows, wanted.name());
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
            if (!wanted.parent().isEmpty()) {
                checkParent(rows, wanted);
                rows.put(CHILDREN, Keys.of(wanted.parent(), wanted.name()), new byte[0]);
            }
            rows.put(GROUPS, wanted.name(), wanted.toBytes());
            Tags.put(rows, arn(wanted.name()), tags);
            return wanted;
        });
    }

    private static void checkParent(Snapshot rows, ThingGroup wanted) throws Refusal {
        List<ThingGroup> above = above(rows, wanted);
        if (above.isEmpty()) {
            throw Refusal.invalid("the parent group " + wanted.parent() + " does not exist");
        }
        if (above.size() >= MAX_DEPTH) {
            throw Refusal.invalid("a hierarchy of thing groups has at most " + MAX_DEPTH + " levels");
        }
        if (rows.page(CHILDREN, Keys.prefix(wanted.parent()), "", MAX_CHILDREN).size() == MAX_CHILDREN) {
            throw Refusal.invalid("a thing group has at most " + MAX_CHILDREN + " direct child groups");
        }
    }

    /** The groups that a group is in, the outermost first. */
    private static List<ThingGroup> above(Snapshot rows, ThingGroup group) {
        List<ThingGroup> above = new ArrayList<>();
        ThingGroup parent = find(rows, group.parent());
        while (parent != null) {
            above.addFirst(parent);
            parent = find(rows, parent.parent());
        }
        return above;
    }

    /** A group, and the groups that it is in, the outermost first. */
    record Described(ThingGroup group, List<ThingGroup> above) {}

    Described describe(String name) throws Refusal {
        return store.<Described, Refusal>read(rows -> {
            ThingGroup group = existing(rows, name);
            return new Described(group, above(rows, group));
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
            ThingGroup before = existing(rows, name);
            checkVersion(before, expectedVersion);
            ThingGroup now = change.of(before);
            rows.put(GROUPS, name, now.toBytes());
            return now.version();
        });
    }

    /** Deletes a group; one that is not there is deleted already. Its policies count no more for the things in it.
     *
     * @param expectedVersion null for any
     */
    void delete(String name, @Nullable Long expectedVersion) throws Refusal {
        boolean unused = registry.<Boolean, Refusal>changeGroups((rows, consequences) -> {
            ThingGroup group = find(rows, name);
            if (group == null) {
                return false;
            }
            checkVersion(group, expectedVersion);
            if (!rows.page(CHILDREN, Keys.prefix(name), "", 1).isEmpty()) {
                throw Refusal.invalid("Thing Group " + name + " has child groups: delete them first");
            }
            members(rows, name, false).forEach(consequences::changed);
            rows.forEach(THINGS, Keys.prefix(name), row -> {
                rows.delete(MEMBERSHIPS, Keys.of(Keys.part(row.key(), 1), name));
                rows.delete(THINGS, row.key());
            });
            if (!group.parent().isEmpty()) {
                rows.delete(CHILDREN, Keys.of(group.parent(), name));
            }
            rows.delete(GROUPS, name);
            consequences.detachPolicies(arn(name));
            Tags.clear(rows, arn(name));
            return true;
        });
    }

    /** All groups, or those without a parent.
     *
     * @param prefix with which names begin
     */
    Listed<String> list(String prefix, boolean recursive, Page page) {
        return store.<Listed<String>, RuntimeException>read(rows -> {
            List<String> names = new ArrayList<>();
            rows.forEach(GROUPS, prefix, row -> {
                if (recursive || ThingGroup.of(row.key(), row.value()).parent().isEmpty()) {
                    names.add(row.key());
                }
            });
            return part(page, names);
        });
    }

    /** The groups in a group.
     *
     * @param recursive whether those in its child groups count
     */
    Listed<String> below(String parent, String prefix, boolean recursive, Page page) throws Refusal {
        return store.<Listed<String>, Refusal>read(rows -> {
            var unused = existing(rows, parent);
            Set<String> names = new TreeSet<>();
            addChildren(rows, parent, recursive, names);
            return part(
                    page, names.stream().filter(name -> name.startsWith(prefix)).toList());
        });
    }

    private static void addChildren(Snapshot rows, String parent, boolean recursive, Set<String> names) {
        List<String> children = new ArrayList<>();
        rows.forEach(CHILDREN, Keys.prefix(parent), row -> children.add(Keys.part(row.key(), 1)));
        names.addAll(children);
        if (recursive) {
            children.forEach(child -> addChildren(rows, child, true, names));
        }
    }

    /** The part of a sorted list that is asked for. */
    private static Listed<String> part(Page page, List<String> sorted) {
        List<String> rest =
                sorted.stream().filter(name -> name.compareTo(page.after()) > 0).toList();
        return rest.size() <= page.most()
                ? new Listed<>(rest, "")
                : new Listed<>(rest.subList(0, page.most()), rest.get(page.most() - 1));
    }

    /** Takes a thing out of groups and puts it into others, all of it or nothing; it may be out or in already.
     *
     * @param added names of groups
     * @param removed names of groups
     */
    void change(String thing, List<String> added, List<String> removed) throws Refusal {
        boolean unused = registry.<Boolean, Refusal>changeGroups((rows, consequences) -> {
            for (String group : removed) {
                remove(rows, group, thing);
            }
            for (String group : added) {
                add(rows, group, thing);
            }
            consequences.changed(thing);
            return true;
        });
    }

    /** Puts a thing into a group, in a transaction of the registry; it may be in already. Who asks says that the thing's
     * policies count anew.
     *
     * @throws Refusal when there is no such group or thing, or the thing cannot belong to it
     */
    public static void add(Transaction rows, String group, String thing) throws Refusal {
        ThingGroup wanted = existing(rows, group);
        String id = existingThing(rows, thing);
        List<String> groups = groupsOf(rows, thing, id);
        if (groups.contains(group)) {
            return;
        }
        if (groups.size() >= MAX_GROUPS_OF_A_THING) {
            throw Refusal.invalid("a thing belongs to at most " + MAX_GROUPS_OF_A_THING + " thing groups");
        }
        String root = root(rows, wanted);
        for (String other : groups) {
            ThingGroup known = find(rows, other);
            if (known != null && root(rows, known).equals(root)) {
                throw Refusal.invalid("the thing belongs to " + other
                        + " already, and cannot belong to two thing groups of one hierarchy");
            }
        }
        byte[] value = id.getBytes(StandardCharsets.UTF_8);
        rows.put(THINGS, Keys.of(group, thing), value);
        rows.put(MEMBERSHIPS, Keys.of(thing, group), value);
    }

    /** Takes a thing out of a group, in a transaction of the registry. Who asks says that the thing's policies count anew.
     *
     * @throws Refusal when there is no such group or thing
     */
    public static void remove(Transaction rows, String group, String thing) throws Refusal {
        var unusedGroup = existing(rows, group);
        var unusedThing = existingThing(rows, thing);
        rows.delete(THINGS, Keys.of(group, thing));
        rows.delete(MEMBERSHIPS, Keys.of(thing, group));
    }

    private static String root(Snapshot rows, ThingGroup group) {
        List<ThingGroup> above = above(rows, group);
        return above.isEmpty() ? group.name() : above.getFirst().name();
    }

    /** The things in a group.
     *
     * @param recursive whether those in its child groups count
     */
    Listed<String> things(String group, boolean recursive, Page page) throws Refusal {
        return store.<Listed<String>, Refusal>read(rows -> {
            var unused = existing(rows, group);
            return part(page, List.copyOf(members(rows, group, recursive)));
        });
    }

    /** The names of all things in a group and in its child groups; none when there is no such group. */
    public static Set<String> members(Snapshot rows, String group) {
        return members(rows, group, true);
    }

    private static Set<String> members(Snapshot rows, String group, boolean recursive) {
        Set<String> groups = new TreeSet<>(Set.of(group));
        if (recursive) {
            addChildren(rows, group, true, groups);
        }
        Set<String> names = new TreeSet<>();
        for (String each : groups) {
            rows.forEach(THINGS, Keys.prefix(each), row -> {
                String name = Keys.part(row.key(), 1);
                if (ThingRegistry.id(rows, name).equals(Optional.of(text(row)))) {
                    names.add(name);
                }
            });
        }
        return names;
    }

    /** The groups of a thing. */
    Listed<String> groupsOf(String thing, Page page) throws Refusal {
        return store.<Listed<String>, Refusal>read(
                rows -> part(page, groupsOf(rows, thing, existingThing(rows, thing))));
    }

    /** The names of the groups of a thing; none when there is no such thing. */
    public static List<String> groupsOf(Snapshot rows, String thing) {
        return ThingRegistry.id(rows, thing)
                .map(id -> groupsOf(rows, thing, id))
                .orElse(List.of());
    }

    private static List<String> groupsOf(Snapshot rows, String thing, String id) {
        return rows.page(MEMBERSHIPS, Keys.prefix(thing), "", ROWS).stream()
                .filter(row -> text(row).equals(id))
                .map(row -> Keys.part(row.key(), 1))
                .toList();
    }

    private static String existingThing(Snapshot rows, String name) throws Refusal {
        return ThingRegistry.id(rows, name)
                .orElseThrow(() -> new Refusal(ErrorType.RESOURCE_NOT_FOUND, "Thing " + name + " cannot be found."));
    }

    private static ThingGroup existing(Snapshot rows, String name) throws Refusal {
        ThingGroup found = find(rows, name);
        if (found == null) {
            throw new Refusal(ErrorType.RESOURCE_NOT_FOUND, "Thing group " + name + " cannot be found.");
        }
        return found;
    }

    private static @Nullable ThingGroup find(Snapshot rows, String name) {
        return name.isEmpty()
                ? null
                : rows.get(GROUPS, name)
                        .map(bytes -> ThingGroup.of(name, bytes))
                        .orElse(null);
    }

    private static void checkVersion(ThingGroup group, @Nullable Long expected) throws Refusal {
        if (expected != null && expected != group.version()) {
            throw new Refusal(
                    ErrorType.VERSION_CONFLICT,
                    "The version for thing group " + group.name() + " is " + group.version() + ", not " + expected);
        }
    }

    private static String text(Row row) {
        return new String(row.value(), StandardCharsets.UTF_8);
    }
}
