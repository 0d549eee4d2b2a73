package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.iot.registry.RegistryException.Reason;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The thing types of the registry. Thread-safe.
 *
 * <p>Source of the rules: AWS IoT Core developer guide, "Thing types".
 */
public final class ThingTypeRegistry {
    private final Registry registry;

    public ThingTypeRegistry(Registry registry) {
        this.registry = registry;
    }

    /** Makes a thing type; the same again is found.
     *
     * @param also what is written with a new one
     */
    public RegisteredThingType create(RegisteredThingType wanted, Consumer<Transaction> also) throws RegistryException {
        return registry.change((rows, affected) -> {
            RegisteredThingType before = find(rows, wanted.name());
            if (before == null) {
                rows.put(Stored.THING_TYPES, wanted.name(), wanted.toBytes());
                also.accept(rows);
                return wanted;
            }
            if (!before.isLike(wanted)) {
                throw RegistryException.exists(
                        "Thing Type " + wanted.name() + " already exists in current account with different properties",
                        before.id(),
                        registry.account().thingTypeArn(wanted.name()));
            }
            return before;
        });
    }

    /** The thing type of a name. */
    public RegisteredThingType get(String name) throws RegistryException {
        return registry.ask(rows -> existing(rows, name));
    }

    /** Thing types by name.
     *
     * @param name the one name that is asked for; null for all
     */
    public Listed<RegisteredThingType> list(@Nullable String name, Page page) throws RegistryException {
        return registry.ask(rows -> {
            if (name != null) {
                RegisteredThingType found = find(rows, name);
                return new Listed<>(found == null ? List.of() : List.of(found), "");
            }
            return Registry.list(
                    rows, Stored.THING_TYPES, "", page, row -> RegisteredThingType.of(row.key(), row.value()));
        });
    }

    /** Has no further thing have a type. */
    public void deprecate(String name) throws RegistryException {
        Instant now = registry.now();
        change(name, before -> before.deprecated() == null ? before.deprecatedAt(now) : before);
    }

    /** Has things have a type again. */
    public void undoDeprecation(String name) throws RegistryException {
        change(name, before -> before.deprecatedAt(null));
    }

    private interface Change {
        RegisteredThingType of(RegisteredThingType before);
    }

    private void change(String name, Change change) throws RegistryException {
        registry.change((rows, affected) -> {
            rows.put(Stored.THING_TYPES, name, change.of(existing(rows, name)).toBytes());
            return true;
        });
    }

    /** Deletes a thing type that is deprecated for a while and that no thing has. */
    public void delete(String name) throws RegistryException {
        registry.change((rows, affected) -> {
            Instant deprecated = existing(rows, name).deprecated();
            if (deprecated == null) {
                throw new RegistryException(
                        Reason.INVALID_REQUEST,
                        "Cannot delete thing type : " + name + ". It must be deprecated before it is deleted");
            }
            if (registry.now().isBefore(deprecated.plus(OpenFacts.WAIT_AFTER_DEPRECATION))) {
                throw new RegistryException(
                        Reason.INVALID_REQUEST,
                        "Cannot delete thing type : " + name + ". Please wait for 5 minutes after deprecation and then"
                                + " retry");
            }
            AtomicBoolean used = new AtomicBoolean();
            rows.forEach(
                    Stored.THINGS,
                    "",
                    row -> used.compareAndSet(
                            false,
                            RegisteredThing.of(row.key(), row.value())
                                    .typeName()
                                    .equals(name)));
            if (used.get()) {
                throw new RegistryException(
                        Reason.INVALID_REQUEST, "Cannot delete thing type : " + name + ". Things still have it");
            }
            rows.delete(Stored.THING_TYPES, name);
            registry.cleared(rows, registry.account().thingTypeArn(name));
            return true;
        });
    }

    /** Demands that a thing may be given a type. */
    static void requireUsable(Snapshot rows, String name) throws RegistryException {
        if (existing(rows, name).deprecated() != null) {
            throw new RegistryException(
                    Reason.INVALID_REQUEST, "Thing type " + name + " is deprecated: no further thing may have it");
        }
    }

    /** Makes a type that a file of a thing names, unless there is one. */
    static void ensure(Transaction rows, String name, Instant now) {
        if (!name.isEmpty() && find(rows, name) == null) {
            rows.put(
                    Stored.THING_TYPES,
                    name,
                    RegisteredThingType.of(name, "", List.of(), now).toBytes());
        }
    }

    /** Whether there is a thing type of this name. */
    public static boolean has(Snapshot rows, String name) {
        return find(rows, name) != null;
    }

    private static @Nullable RegisteredThingType find(Snapshot rows, String name) {
        return rows.get(Stored.THING_TYPES, name)
                .map(bytes -> RegisteredThingType.of(name, bytes))
                .orElse(null);
    }

    private static RegisteredThingType existing(Snapshot rows, String name) throws RegistryException {
        RegisteredThingType found = find(rows, name);
        if (found == null) {
            throw RegistryException.notFound("Thing type " + name + " not found");
        }
        return found;
    }
}
