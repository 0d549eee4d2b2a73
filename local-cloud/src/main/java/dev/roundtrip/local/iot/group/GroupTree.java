package dev.roundtrip.local.iot.group;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of thing groups, and which group is in which. */
final class GroupTree {
    private static final Table GROUPS = new Table("thing_groups");

    /** Parent and child. */
    private static final Table CHILDREN = new Table("thing_group_children");

    private static final int MAX_DEPTH = 7;
    private static final int MAX_CHILDREN = 100;

    private GroupTree() {}

    static boolean has(Snapshot rows, String name) {
        return !name.isEmpty() && rows.get(GROUPS, name).isPresent();
    }

    static @Nullable ThingGroup find(Snapshot rows, String name) {
        return name.isEmpty()
                ? null
                : rows.get(GROUPS, name)
                        .map(bytes -> ThingGroup.of(name, bytes))
                        .orElse(null);
    }

    static ThingGroup existing(Snapshot rows, String name) throws Refusal {
        ThingGroup found = find(rows, name);
        if (found == null) {
            throw new Refusal(ErrorType.RESOURCE_NOT_FOUND, "Thing group " + name + " cannot be found.");
        }
        return found;
    }

    /** A page of the names of groups, or of those without a parent.
     *
     * @param prefix with which names begin
     */
    static Listed<String> list(Snapshot rows, String prefix, boolean withParents, Page page) {
        return GroupLists.list(rows, GROUPS, prefix, page.after(), page, row -> {
            boolean counts = withParents
                    || ThingGroup.of(row.key(), row.value()).parent().isEmpty();
            return counts ? Optional.of(row.key()) : Optional.empty();
        });
    }

    /** Adds a group.
     *
     * @throws Refusal when its parent group does not exist, is too deep or has too many child groups
     */
    static void add(Transaction rows, ThingGroup wanted) throws Refusal {
        if (!wanted.parent().isEmpty()) {
            checkParent(rows, wanted);
            rows.put(CHILDREN, Keys.of(wanted.parent(), wanted.name()), new byte[0]);
        }
        put(rows, wanted);
    }

    static void put(Transaction rows, ThingGroup group) {
        rows.put(GROUPS, group.name(), group.toBytes());
    }

    /** @throws Refusal when the group has child groups */
    static void remove(Transaction rows, ThingGroup group) throws Refusal {
        if (!rows.page(CHILDREN, Keys.prefix(group.name()), "", 1).isEmpty()) {
            throw Refusal.invalid("Thing Group " + group.name() + " has child groups: delete them first");
        }
        if (!group.parent().isEmpty()) {
            rows.delete(CHILDREN, Keys.of(group.parent(), group.name()));
        }
        rows.delete(GROUPS, group.name());
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
    static List<ThingGroup> above(Snapshot rows, ThingGroup group) {
        List<ThingGroup> above = new ArrayList<>();
        ThingGroup parent = find(rows, group.parent());
        while (parent != null) {
            above.addFirst(parent);
            parent = find(rows, parent.parent());
        }
        return above;
    }

    static String root(Snapshot rows, ThingGroup group) {
        List<ThingGroup> above = above(rows, group);
        return above.isEmpty() ? group.name() : above.getFirst().name();
    }

    /** Adds the names of the groups in a group.
     *
     * @param recursive whether those in its child groups count
     */
    static void addChildren(Snapshot rows, String parent, boolean recursive, Set<String> names) {
        List<String> children = new ArrayList<>();
        rows.forEach(CHILDREN, Keys.prefix(parent), row -> children.add(Keys.part(row.key(), 1)));
        names.addAll(children);
        if (recursive) {
            children.forEach(child -> addChildren(rows, child, true, names));
        }
    }
}
