package dev.roundtrip.local.iot.group;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The rows that say which thing belongs to which group. */
public final class Memberships {
    /** Group and thing; the value is the thing's id, for another thing of the same name does not belong to it. */
    private static final Table THINGS = new Table("thing_group_things");

    /** Thing and group; the value is the thing's id. */
    private static final Table MEMBERSHIPS = new Table("thing_memberships");

    private static final int MAX_GROUPS_OF_A_THING = 10;

    private Memberships() {}

    /** Puts a thing into a group; it may be in already. Who asks says that the thing's policies count anew.
     *
     * @throws Refusal when there is no such group or thing, or the thing cannot belong to it
     */
    public static void add(Transaction rows, String group, String thing) throws Refusal {
        ThingGroup wanted = GroupTree.existing(rows, group);
        String id = existingThing(rows, thing);
        List<String> groups = groupsOf(rows, thing, id);
        if (groups.contains(group)) {
            return;
        }
        if (groups.size() >= MAX_GROUPS_OF_A_THING) {
            throw Refusal.invalid("a thing belongs to at most " + MAX_GROUPS_OF_A_THING + " thing groups");
        }
        String root = GroupTree.root(rows, wanted);
        for (String other : groups) {
            ThingGroup known = GroupTree.find(rows, other);
            if (known != null && GroupTree.root(rows, known).equals(root)) {
                throw Refusal.invalid("the thing belongs to " + other
                        + " already, and cannot belong to two thing groups of one hierarchy");
            }
        }
        byte[] value = id.getBytes(StandardCharsets.UTF_8);
        rows.put(THINGS, Keys.of(group, thing), value);
        rows.put(MEMBERSHIPS, Keys.of(thing, group), value);
    }

    /** Takes a thing out of a group; it may be out already. Who asks says that the thing's policies count anew.
     *
     * @throws Refusal when there is no such group or thing
     */
    public static void remove(Transaction rows, String group, String thing) throws Refusal {
        var unusedGroup = GroupTree.existing(rows, group);
        var unusedThing = existingThing(rows, thing);
        rows.delete(THINGS, Keys.of(group, thing));
        rows.delete(MEMBERSHIPS, Keys.of(thing, group));
    }

    /** Takes all things out of a group. */
    static void removeAll(Transaction rows, String group) {
        rows.forEach(THINGS, Keys.prefix(group), row -> {
            rows.delete(MEMBERSHIPS, Keys.of(Keys.part(row.key(), 1), group));
            rows.delete(THINGS, row.key());
        });
    }

    /** The names of the things in a group.
     *
     * @param recursive whether those in its child groups count
     */
    static Set<String> members(Snapshot rows, String group, boolean recursive) {
        Set<String> groups = new TreeSet<>(Set.of(group));
        if (recursive) {
            GroupTree.addChildren(rows, group, true, groups);
        }
        Set<String> names = new TreeSet<>();
        for (String each : groups) {
            rows.forEach(THINGS, Keys.prefix(each), row -> member(rows, row).ifPresent(names::add));
        }
        return names;
    }

    /** A page of the names of the things in a group, without those in its child groups. */
    static Listed<String> members(Snapshot rows, String group, Page page) {
        String prefix = Keys.prefix(group);
        String after = page.after().isEmpty() ? "" : prefix + page.after();
        return GroupLists.list(rows, THINGS, prefix, after, page, row -> member(rows, row));
    }

    /** The thing of a row; empty when the row is that of a thing of this name that was deleted. */
    private static Optional<String> member(Snapshot rows, Row row) {
        String name = Keys.part(row.key(), 1);
        return ThingRegistry.id(rows, name).equals(Optional.of(text(row))) ? Optional.of(name) : Optional.empty();
    }

    /** The names of the groups of a thing; none when there is no such thing. */
    public static List<String> groupsOf(Snapshot rows, String thing) {
        return ThingRegistry.id(rows, thing)
                .map(id -> groupsOf(rows, thing, id))
                .orElse(List.of());
    }

    /** The names of the groups of a thing.
     *
     * @param id of the thing: another one of its name does not belong to them
     */
    static List<String> groupsOf(Snapshot rows, String thing, String id) {
        List<String> groups = new ArrayList<>();
        // All of them: rows of things that were deleted stay, and must not hide those of this one.
        rows.forEach(MEMBERSHIPS, Keys.prefix(thing), row -> {
            if (text(row).equals(id)) {
                groups.add(Keys.part(row.key(), 1));
            }
        });
        return groups;
    }

    /** The id of a thing.
     *
     * @throws Refusal when there is none of this name
     */
    static String existingThing(Snapshot rows, String name) throws Refusal {
        return ThingRegistry.id(rows, name)
                .orElseThrow(() -> new Refusal(ErrorType.RESOURCE_NOT_FOUND, "Thing " + name + " cannot be found."));
    }

    private static String text(Row row) {
        return new String(row.value(), StandardCharsets.UTF_8);
    }
}
