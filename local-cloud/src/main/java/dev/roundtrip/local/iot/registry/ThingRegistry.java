package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.iot.registry.RegistryException.Reason;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The things of the registry. Thread-safe. */
public final class ThingRegistry {
    /** Source: AWS IoT Core quotas, "Maximum number of thing attributes for a thing with a thing type", 50. */
    private static final int MAX_ATTRIBUTES = 50;

    /** Source: the same, "for a thing without a thing type", 3. */
    private static final int MAX_ATTRIBUTES_WITHOUT_TYPE = 3;

    /** How many rows are looked at for one page of a filtered list; our choice. */
    private static final int MAX_LOOKED_AT = 10_000;

    private static final int ROWS = 250;

    private final Registry registry;

    public ThingRegistry(Registry registry) {
        this.registry = registry;
    }

    /** What an update of a thing asks for.
     *
     * @param expectedVersion null for any
     * @param typeName null when it stays
     * @param attributes null when they stay
     * @param merge whether attributes that are not named stay; an empty value removes one
     */
    public record Update(
            @Nullable Long expectedVersion,
            @Nullable String typeName,
            boolean removeType,
            @Nullable Map<String, String> attributes,
            boolean merge) {}

    /** Makes a thing; the same thing again is found.
     *
     * @param typeName empty for none
     */
    public RegisteredThing create(String name, String typeName, Map<String, String> attributes)
            throws RegistryException {
        return registry.change((rows, affected) -> create(registry.in(rows, affected), name, typeName, attributes));
    }

    static RegisteredThing create(
            RegistryTransaction change, String name, String typeName, Map<String, String> attributes)
            throws RegistryException {
        checkNumber(typeName, attributes);
        RegisteredThing before = find(change.rows(), name);
        if (before == null) {
            if (!typeName.isEmpty()) {
                ThingTypeRegistry.requireUsable(change.rows(), typeName);
            }
            return put(change.rows(), RegisteredThing.of(name, typeName, attributes));
        }
        if (!before.hasContents(typeName, attributes)) {
            throw RegistryException.exists(
                    "Thing " + name + " already exists in account with different attributes",
                    before.id(),
                    change.registry().account().thingArn(name));
        }
        return before;
    }

    /** The thing of a name. */
    public RegisteredThing get(String name) throws RegistryException {
        return registry.ask(rows -> existing(rows, name));
    }

    /** Whether there is a thing of this name. */
    public boolean has(String name) {
        try {
            return registry.ask(rows -> find(rows, name) != null);
        } catch (RegistryException refused) {
            return false;
        }
    }

    public void update(String name, Update update) throws RegistryException {
        registry.change((rows, affected) -> update(registry.in(rows, affected), name, update));
    }

    static RegisteredThing update(RegistryTransaction change, String name, Update update) throws RegistryException {
        RegisteredThing before = existing(change.rows(), name);
        checkVersion(before, update.expectedVersion());
        if (update.removeType() && update.typeName() != null) {
            throw new RegistryException(
                    Reason.INVALID_REQUEST, "a thing type cannot be given and removed in one request");
        }
        String type = update.removeType() ? "" : update.typeName() == null ? before.typeName() : update.typeName();
        Map<String, String> attributes = attributes(before.attributes(), update);
        checkNumber(type, attributes);
        if (!type.isEmpty() && !type.equals(before.typeName())) {
            ThingTypeRegistry.requireUsable(change.rows(), type);
        }
        change.registry().addPrincipals(change.rows(), name, change.affected());
        return put(change.rows(), before.changed(type, attributes));
    }

    /** Deletes a thing; one that is not there is deleted already.
     *
     * @param expectedVersion null for any
     */
    public void delete(String name, @Nullable Long expectedVersion) throws RegistryException {
        boolean deleted = registry.change((rows, affected) -> {
            RegisteredThing before = find(rows, name);
            if (before == null) {
                return false;
            }
            checkVersion(before, expectedVersion);
            if (Stored.isAny(rows, Stored.THING_PRINCIPALS, Keys.prefix(name))) {
                throw new RegistryException(
                        OpenFacts.DELETE_OF_A_THING_WITH_PRINCIPALS,
                        "Cannot delete. Thing " + name + " is still attached to one or more principals");
            }
            rows.delete(Stored.THINGS, name);
            registry.deleted(rows, name);
            return true;
        });
        if (deleted) {
            registry.deleted(name);
        }
    }

    /** Things by name.
     *
     * @param filter which ones; a page may be shorter than asked for, and empty, before the list ends
     */
    public Listed<RegisteredThing> list(Page page, Predicate<RegisteredThing> filter) throws RegistryException {
        return registry.ask(rows -> {
            List<RegisteredThing> found = new ArrayList<>();
            String after = page.after();
            for (int lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += ROWS) {
                List<Row> some = rows.page(Stored.THINGS, "", after, ROWS);
                for (Row row : some) {
                    RegisteredThing thing = RegisteredThing.of(row.key(), row.value());
                    if (filter.test(thing)) {
                        if (found.size() == page.most()) {
                            return new Listed<>(found, after);
                        }
                        found.add(thing);
                    }
                    after = row.key();
                }
                if (some.size() < ROWS) {
                    return new Listed<>(found, "");
                }
            }
            return new Listed<>(found, after);
        });
    }

    private static Map<String, String> attributes(Map<String, String> before, Update update) {
        Map<String, String> given = update.attributes();
        if (given == null) {
            return before;
        }
        Map<String, String> now = update.merge() ? new LinkedHashMap<>(before) : new LinkedHashMap<>();
        given.forEach((name, value) -> {
            if (value.isEmpty()) {
                now.remove(name);
            } else {
                now.put(name, value);
            }
        });
        return now;
    }

    private static void checkVersion(RegisteredThing thing, @Nullable Long expected) throws RegistryException {
        if (expected != null && expected != thing.version()) {
            throw new RegistryException(
                    Reason.VERSION_CONFLICT,
                    "The version for thing " + thing.name() + " is " + thing.version() + ", not " + expected);
        }
    }

    private static void checkNumber(String typeName, Map<String, String> attributes) throws RegistryException {
        int most = typeName.isEmpty() ? MAX_ATTRIBUTES_WITHOUT_TYPE : MAX_ATTRIBUTES;
        if (attributes.size() > most) {
            throw new RegistryException(
                    Reason.INVALID_REQUEST,
                    "a thing with" + (typeName.isEmpty() ? "out" : "") + " a thing type has at most " + most
                            + " attributes");
        }
    }

    private static RegisteredThing put(Transaction rows, RegisteredThing thing) {
        rows.put(Stored.THINGS, thing.name(), thing.toBytes());
        return thing;
    }

    static @Nullable RegisteredThing find(Snapshot rows, String name) {
        return rows.get(Stored.THINGS, name)
                .map(bytes -> RegisteredThing.of(name, bytes))
                .orElse(null);
    }

    /** The id of a thing, for services that keep rows of their own about things. */
    public static Optional<String> id(Snapshot rows, String name) {
        return Optional.ofNullable(find(rows, name)).map(RegisteredThing::id);
    }

    static RegisteredThing existing(Snapshot rows, String name) throws RegistryException {
        RegisteredThing found = find(rows, name);
        if (found == null) {
            throw RegistryException.notFound("Thing " + name + " not found");
        }
        return found;
    }
}
