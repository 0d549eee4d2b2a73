package dev.roundtrip.local.app;

import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.TlsIdentity;
import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Certificates with their keys, from when they are made until the files of their things are written. A provisioning
 * that ended in between is gone on with: nobody would have the key of its certificate else.
 */
final class PendingIdentities {
    private static final String FILE = "identity.pem";

    private final Path directory;

    PendingIdentities(Path directory) {
        this.directory = directory;
    }

    /** That of a thing; empty when no provisioning of it has begun. */
    Optional<TlsIdentity> find(Target name) throws StateException {
        return PrivateFiles.readDirectory(place(name), place -> {
            Path file = place.resolve(FILE);
            return Pem.identity(file, PrivateFiles.readExisting(file));
        });
    }

    void keep(Target name, TlsIdentity identity) throws StateException {
        PrivateFiles.createDirectories(directory);
        PrivateFiles.writeDirectory(place(name), List.of(new PrivateFiles.NamedText(FILE, Pem.of(identity))));
    }

    /** Its files are written, or its certificate is of no use. */
    void forget(Target name) throws StateException {
        PrivateFiles.deleteDirectory(place(name));
    }

    private Path place(Target name) {
        return directory.resolve(name.value());
    }
}
