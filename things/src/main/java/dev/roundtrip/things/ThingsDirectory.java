package dev.roundtrip.things;

import dev.roundtrip.cli.SystemReason;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The directory that remembers what was made: a record of what the things have in common, and for each thing a
 * directory with its record, certificate and private key. Whoever changes it holds the {@link DirectoryLock}.
 */
final class ThingsDirectory {
    private static final String COMMON = "directory.json";
    private static final String RECORD = "thing.json";
    private static final String KEY = "private.key";
    private static final String CERTIFICATE = "certificate.pem";
    private static final int MAX_BYTES = 64 * 1024;
    private static final Set<PosixFilePermission> OF_OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Path root;
    private final Runnable afterChange;

    /** @param root need not be there */
    ThingsDirectory(Path root) {
        this(root, () -> {});
    }

    /** @param afterChange called after each change of a file, so that a test can end the run there */
    ThingsDirectory(Path root, Runnable afterChange) {
        this.root = root;
        this.afterChange = afterChange;
    }

    Path root() {
        return root;
    }

    /** Makes the directory if it is missing, and takes the right to change it.
     *
     * @throws ThingsException when others can read it, or another process changes it
     */
    DirectoryLock lock() throws ThingsException {
        try {
            Files.createDirectories(root, PrivateText.OWNER_DIRECTORY);
        } catch (IOException failed) {
            throw unable("make", root, failed);
        } catch (UnsupportedOperationException notPosix) {
            throw notPrivate(notPosix);
        }
        checkPrivate();
        return DirectoryLock.of(root);
    }

    private void checkPrivate() throws ThingsException {
        try {
            if (!OF_OWNER.containsAll(Files.getPosixFilePermissions(root))) {
                throw new ThingsException(
                        root + " is open to others, but is for private keys: run chmod 700 on it, or use --directory");
            }
        } catch (IOException failed) {
            throw unable("read", root, failed);
        } catch (UnsupportedOperationException notPosix) {
            throw notPrivate(notPosix);
        }
    }

    private ThingsException notPrivate(UnsupportedOperationException cause) {
        return new ThingsException(
                root + " is on a file system that cannot keep private keys private: use --directory", cause);
    }

    /** What the things have in common; empty where nothing was made yet. */
    Optional<DirectoryRecord> common() throws ThingsException {
        return read(root.resolve(COMMON), RecordText::directory);
    }

    void write(DirectoryRecord record) throws ThingsException {
        write(root.resolve(COMMON), RecordText.of(record));
    }

    /** All things, {@code thing_2} before {@code thing_10}. */
    List<ThingRecord> things() throws ThingsException {
        List<ThingRecord> found = new ArrayList<>();
        for (Path entry : entries()) {
            Optional<ThingRecord> record = read(entry.resolve(RECORD), RecordText::thing);
            if (record.isPresent()) {
                String name = record.get().name().value();
                if (!entry.getFileName().toString().equals(name)) {
                    throw new ThingsException(
                            entry.resolve(RECORD) + " is of " + name + ": give the directory that name");
                }
                found.add(record.get());
            }
        }
        found.sort(Comparator.comparingInt(
                        (ThingRecord thing) -> thing.name().value().length())
                .thenComparing(thing -> thing.name().value()));
        return found;
    }

    private List<Path> entries() throws ThingsException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(root, Files::isDirectory)) {
            stream.forEach(entries::add);
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException failed) {
            throw unable("read", root, failed);
        }
        return entries;
    }

    Optional<ThingRecord> thing(Target name) throws ThingsException {
        return read(of(name).resolve(RECORD), RecordText::thing);
    }

    void write(ThingRecord record) throws ThingsException {
        try {
            Files.createDirectories(of(record.name()), PrivateText.OWNER_DIRECTORY);
        } catch (IOException failed) {
            throw unable("make", of(record.name()), failed);
        }
        write(of(record.name()).resolve(RECORD), RecordText.of(record));
    }

    void writeKey(Target name, String pem) throws ThingsException {
        write(of(name).resolve(KEY), pem);
    }

    /** The private key of a thing that has one. */
    String key(Target name) throws ThingsException {
        Path file = of(name).resolve(KEY);
        return read(file, Function.identity())
                .orElseThrow(() -> new ThingsException(
                        file + " is missing: run bin/things clean --only certificates, then bin/things create again"));
    }

    void writeCertificate(Target name, String pem) throws ThingsException {
        write(of(name).resolve(CERTIFICATE), pem);
    }

    /** What a thing connects with. */
    TlsFiles tls(Target name, Path authority) {
        return new TlsFiles(authority, of(name).resolve(CERTIFICATE), of(name).resolve(KEY));
    }

    /** Deletes key and certificate of a thing. */
    void deleteIdentity(Target name) throws ThingsException {
        delete(of(name).resolve(KEY));
        delete(of(name).resolve(CERTIFICATE));
    }

    /** Forgets a thing; its record goes last. What else is in its directory stays. */
    void delete(Target name) throws ThingsException {
        deleteIdentity(name);
        delete(of(name).resolve(PrivateText.UNFINISHED));
        delete(of(name).resolve(RECORD));
        deleteIfEmpty(of(name));
    }

    /** Whether something was made, or a run that was stopped has left its lock. */
    boolean isUsed() {
        return Files.exists(root.resolve(COMMON)) || Files.exists(root.resolve(DirectoryLock.FILE));
    }

    /** Forgets everything, once there is no thing. What else is in the directory stays. The lock goes last: whoever has
     * the next one reads nothing that is about to go.
     */
    void deleteAll() throws ThingsException {
        for (Path entry : entries()) {
            deleteIfEmpty(entry);
        }
        delete(root.resolve(PrivateText.UNFINISHED));
        delete(root.resolve(COMMON));
        delete(root.resolve(DirectoryLock.FILE));
        deleteIfEmpty(root);
    }

    private Path of(Target name) {
        return root.resolve(name.value());
    }

    private <T> Optional<T> read(Path file, Function<String, T> reading) throws ThingsException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ThingsException(file + " is too large for what things writes: put back what was there");
            }
            return Optional.of(reading.apply(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (NoSuchFileException | NotDirectoryException none) {
            return Optional.empty();
        } catch (IOException failed) {
            throw unable("read", file, failed);
        } catch (IllegalArgumentException malformed) {
            throw new ThingsException(
                    file + " is damaged, " + malformed.getMessage() + ": put back what was there", malformed);
        }
    }

    private void write(Path file, String text) throws ThingsException {
        try {
            PrivateText.write(file, text);
        } catch (IOException failed) {
            throw unable("write", file, failed);
        }
        afterChange.run();
    }

    private void delete(Path file) throws ThingsException {
        try {
            if (Files.deleteIfExists(file)) {
                afterChange.run();
            }
        } catch (IOException failed) {
            throw unable("delete", file, failed);
        }
    }

    private static void deleteIfEmpty(Path directory) throws ThingsException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException others) {
            // Somebody else's.
        } catch (IOException failed) {
            throw unable("delete", directory, failed);
        }
    }

    private static ThingsException unable(String what, Path file, IOException failed) {
        return new ThingsException("cannot " + what + " " + file + ": " + SystemReason.of(failed), failed);
    }
}
