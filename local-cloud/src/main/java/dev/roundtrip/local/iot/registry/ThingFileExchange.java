package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.store.StateLock;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.protocol.Target;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Takes what people write into the files of things over into the registry, and writes what the registry changes into
 * the files of the things that have some. The registry is the truth, and the last writer wins. Thread-safe.
 *
 * <p>A thing's files have one certificate and one policy. What they cannot say stays in the registry alone: further
 * certificates and policies, and that something is detached.
 */
public final class ThingFileExchange implements Registry.Listener {
    /** How often files are read that are written at the same time; whoever comes next reads them again. Our choice. */
    private static final int ATTEMPTS = 10;

    private final Things things;
    private final Registry registry;
    private final ThingFileImport imported;
    private final Direction direction;
    private final StateLock lock;
    private final Consumer<String> complaints;

    /** The things whose files could not be written or deleted. */
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    /** Whose changes the other side hears of. */
    public enum Direction {
        /** What the registry changes goes into the files too. */
        BOTH,

        /** Files are read alone: the registry is one that keeps nothing. */
        FROM_FILES
    }

    /** @param direction whether files are written and deleted at all
     * @param lock of the state directory
     * @param complaints told, in one line, of files that cannot be written
     */
    public ThingFileExchange(
            Things things, Registry registry, Direction direction, StateLock lock, Consumer<String> complaints) {
        this.things = things;
        this.registry = registry;
        this.imported = new ThingFileImport(registry);
        this.direction = direction;
        this.lock = lock;
        this.complaints = complaints;
    }

    /** The name of the policy that the file of a thing holds. */
    public static String policyName(String thingName) {
        String name = thingName.replace(':', '=') + ".file";
        return name.length() <= 128 ? name : name.substring(0, 59) + "=" + ThingText.hash(thingName);
    }

    /** Takes the files of a thing over, unless they are as they were, or gone. Ends what an earlier process did not: it
     * may have died after a change of the registry, before the files had it.
     *
     * @throws StateException when they cannot be read or understood; then nothing is changed
     */
    public void read(Target name) throws StateException {
        String thingName = name.value();
        // The files may be written while they are read: then what was read says nothing.
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<KnownFiles> known = ask(rows -> Optional.ofNullable(KnownFiles.find(rows, thingName)));
            Optional<ThingText> text = things.text(name);
            if (text.isEmpty()) {
                return;
            }
            if (takeOver(known, text.get())) {
                if (direction == Direction.FROM_FILES) {
                    return;
                }
                if (ask(rows -> isDeleted(rows, thingName))) {
                    deleted(thingName);
                } else if (ask(rows -> isStale(rows, text.get()))) {
                    write(thingName);
                }
                return;
            }
        }
    }

    /** @param known what was known before the files were read
     * @return false when that is not what is known now
     */
    private boolean takeOver(Optional<KnownFiles> known, ThingText text) throws StateException {
        try {
            return registry.change((rows, affected) -> {
                String name = text.entry().name().value();
                if (!Optional.ofNullable(KnownFiles.find(rows, name)).equals(known)) {
                    return false;
                }
                imported.takeOver(rows, text, affected);
                return true;
            });
        } catch (RegistryException refused) {
            throw new StateException(things.files(text.entry().name()).thing() + ": " + refused.getMessage());
        }
    }

    /** Writes again what could not be written. */
    public void writeAgain() {
        for (String name : List.copyOf(failed)) {
            if (ask(rows -> isDeleted(rows, name))) {
                deleted(name);
            } else {
                write(name);
            }
        }
    }

    /** Whether a thing is gone, and its files are not. */
    private static boolean isDeleted(Snapshot rows, String name) {
        return KnownFiles.find(rows, name) != null && ThingRegistry.find(rows, name) == null;
    }

    private static boolean isStale(Snapshot rows, ThingText text) {
        WantedFiles wanted = WantedFiles.find(rows, text.entry().name());
        return wanted != null && wanted.known().isOf(text) && !wanted.isWritten(text);
    }

    /** Has things that had files, and have none any more, be gone with their certificates.
     *
     * @param present the names of those that have files
     */
    public void removeOthers(Set<String> present) {
        Set<String> gone = new HashSet<>();
        boolean any = ask(rows -> {
            rows.forEach(Stored.THING_FILES, "", row -> {
                if (!present.contains(row.key())) {
                    gone.add(row.key());
                }
            });
            return !gone.isEmpty();
        });
        if (any) {
            change((rows, affected) -> {
                gone.forEach(name -> imported.remove(rows, name, affected));
                return true;
            });
            gone.forEach(registry::moved);
        }
    }

    private void change(Registry.Change<Boolean> change) {
        try {
            var unused = registry.change(change);
        } catch (RegistryException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Writes what changed into files. */
    @Override
    public void changed(Set<String> certificateIds) {
        if (direction == Direction.FROM_FILES) {
            return;
        }
        Set<String> names = new LinkedHashSet<>();
        ask(rows -> {
            certificateIds.forEach(id -> names.addAll(KnownFiles.namesOf(rows, id)));
            return true;
        });
        names.forEach(this::write);
    }

    /** Writes what changed into the files of all things. */
    @Override
    public void missedTooMuch() {
        changed(ask(ChangeLog::all));
    }

    /** Deletes the directory of a thing that is deleted. */
    @Override
    public void deleted(String thingName) {
        if (direction == Direction.FROM_FILES) {
            return;
        }
        boolean hadFiles = ask(rows -> KnownFiles.find(rows, thingName) != null);
        Optional<Target> name = Things.target(thingName);
        if (!hadFiles || name.isEmpty()) {
            return;
        }
        try {
            lock.whileHeld(() -> {
                things.deleteDirectory(name.get());
                // Afterwards: files of which nothing is known would be taken over as those of a new thing.
                change((rows, affected) -> {
                    KnownFiles.delete(rows, thingName);
                    return true;
                });
                return true;
            });
            failed.remove(thingName);
        } catch (StateException unwritten) {
            complain(thingName, unwritten);
        }
    }

    /** Once for each thing: it is tried again and again. */
    private void complain(String thingName, StateException unwritten) {
        if (failed.add(thingName)) {
            complaints.accept(String.valueOf(unwritten.getMessage()));
        }
    }

    private <T> T ask(Registry.Question<T> question) {
        try {
            return registry.ask(question);
        } catch (RegistryException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void write(String thingName) {
        Optional<Target> name = Things.target(thingName);
        if (name.isEmpty() || ask(rows -> isWritten(rows, name.get()))) {
            failed.remove(thingName);
            return;
        }
        try {
            lock.whileHeld(() -> {
                write(name.get());
                return true;
            });
            failed.remove(thingName);
        } catch (StateException unwritten) {
            complain(thingName, unwritten);
        }
    }

    /** Whether nothing is to be written, as far as is known without the files. */
    private static boolean isWritten(Snapshot rows, Target name) {
        WantedFiles wanted = WantedFiles.find(rows, name);
        return wanted == null || wanted.isKnownToBeWritten(name);
    }

    private void write(Target name) throws StateException {
        WantedFiles wanted =
                ask(rows -> Optional.ofNullable(WantedFiles.find(rows, name))).orElse(null);
        ThingText found = things.text(name).orElse(null);
        // Files that were edited meanwhile are taken over instead.
        if (wanted == null || found == null || !wanted.known().isOf(found) || wanted.isWritten(found)) {
            return;
        }
        ThingText halfWay = found.withThing(wanted.thingIn(found), wanted.entryIn(found));
        ThingText complete = halfWay.withPolicy(wanted.policyIn(found));
        remember(name, KnownFiles.of(found).writing(halfWay, complete));
        if (!found.thing().equals(complete.thing())) {
            PrivateFiles.write(things.files(name).thing(), complete.thing());
        }
        if (!found.policy().equals(complete.policy())) {
            PrivateFiles.write(things.files(name).policy(), complete.policy());
        }
        remember(name, KnownFiles.of(complete));
    }

    private void remember(Target name, KnownFiles known) {
        change((rows, affected) -> {
            known.put(rows, name.value());
            return true;
        });
    }
}
