package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.store.StateLock;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.protocol.Target;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Takes what people write into the files of things over into the registry, and writes what the registry changes into
 * the files of the things that have some. The registry is the truth, and the last writer wins. Thread-safe.
 *
 * <p>A thing's files have one certificate and one policy. What they cannot say stays in the registry alone: further
 * certificates and policies, and that something is detached.
 */
public final class ThingFileExchange implements Registry.Listener {
    private final Things things;
    private final Registry registry;
    private final ThingFileImport imported;
    private final StateLock lock;
    private final Consumer<String> complaints;

    /** @param lock of the state directory
     * @param complaints told, in one line, of files that cannot be written
     */
    public ThingFileExchange(Things things, Registry registry, StateLock lock, Consumer<String> complaints) {
        this.things = things;
        this.registry = registry;
        this.imported = new ThingFileImport(registry);
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
        Optional<ThingText> text = things.text(name);
        if (text.isEmpty()) {
            return;
        }
        change((rows, affected) -> imported.takeOver(rows, text.get(), affected));
        String thingName = name.value();
        if (ask(rows -> isDeleted(rows, thingName))) {
            deleted(thingName);
        } else if (ask(rows -> isStale(rows, text.get()))) {
            write(thingName);
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
        Set<String> names = new LinkedHashSet<>();
        ask(rows -> {
            for (String id : certificateIds) {
                String resource = Account.certificate(id);
                rows.forEach(Stored.PRINCIPAL_THINGS, Keys.prefix(resource), row -> names.add(Keys.part(row.key(), 1)));
            }
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
                    rows.delete(Stored.THING_FILES, thingName);
                    return true;
                });
                return true;
            });
        } catch (StateException failed) {
            complaints.accept(String.valueOf(failed.getMessage()));
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
        if (name.isEmpty() || ask(rows -> KnownFiles.find(rows, thingName) == null)) {
            return;
        }
        try {
            lock.whileHeld(() -> {
                write(name.get());
                return true;
            });
        } catch (StateException failed) {
            complaints.accept(String.valueOf(failed.getMessage()));
        }
    }

    private void write(Target name) throws StateException {
        WantedFiles wanted =
                ask(rows -> Optional.ofNullable(WantedFiles.find(rows, name))).orElse(null);
        ThingText found = things.text(name).orElse(null);
        // Files that were edited meanwhile are taken over instead.
        if (wanted == null || found == null || !wanted.known().isOf(found) || wanted.isWritten(found)) {
            return;
        }
        ThingText halfWay = found.withThing(wanted.thingIn(found), wanted.entry());
        ThingText complete = halfWay.withPolicy(wanted.policyIn(found));
        String id = wanted.known().certificateId();
        remember(name, new KnownFiles(found.hash(), id, List.of(halfWay.hash(), complete.hash())));
        if (!found.thing().equals(complete.thing())) {
            PrivateFiles.write(things.files(name).thing(), complete.thing());
        }
        if (!found.policy().equals(complete.policy())) {
            PrivateFiles.write(things.files(name).policy(), complete.policy());
        }
        remember(name, new KnownFiles(complete.hash(), id));
    }

    private void remember(Target name, KnownFiles known) {
        change((rows, affected) -> {
            rows.put(Stored.THING_FILES, name.value(), known.toBytes());
            return true;
        });
    }
}
