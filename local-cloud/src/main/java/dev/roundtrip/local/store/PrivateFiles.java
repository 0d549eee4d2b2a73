package dev.roundtrip.local.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** Reads and writes files that nobody but their owner may see. A file is there as a whole or not at all, private from
 * its first byte on.
 */
public final class PrivateFiles {
    /** What a file or directory is called until it is complete; whatever is left over after a crash can be deleted. */
    private static final String UNFINISHED = ".unfinished-";

    /** What a directory is called while another takes its place; it is put back where that never happened. No thing and
     * no caller can have such a name.
     */
    private static final String REPLACED = ".replaced~";

    /** How often a directory is read that is replaced meanwhile, each time by somebody else; our choice. */
    private static final int READINGS = 10;

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private PrivateFiles() {}

    /** Makes a directory, and those above it that are missing. */
    public static void createDirectories(Path directory) throws StateException {
        try {
            Files.createDirectories(directory, OWNER_DIRECTORY);
        } catch (IOException failure) {
            throw StateException.of("create", directory, failure);
        } catch (UnsupportedOperationException notPosix) {
            throw new StateException(directory + " is on a file system that cannot keep files private");
        }
    }

    /** Opens a file for writing, and makes it when it is missing. */
    static FileChannel openOrCreate(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_FILE);
    }

    /** Makes an empty file when it is missing. One that is there becomes private, and stays as it is. */
    public static void createFile(Path file) throws StateException {
        try {
            openOrCreate(file).close();
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException failure) {
            throw StateException.of("write", file, failure);
        }
    }

    /** What is done with a directory that is there for it alone. */
    @FunctionalInterface
    public interface Passing {
        void in(Path directory) throws IOException;
    }

    /** Makes a directory, and deletes it with its files when the work is done. After a crash {@link #sweep} does so. */
    public static void withDirectory(Path parent, Passing work) throws IOException {
        Path directory = Files.createDirectory(unfinished(parent.resolve("any")), OWNER_DIRECTORY);
        try {
            work.in(directory);
        } finally {
            delete(directory);
        }
    }

    /** The text of a file; empty when there is none. */
    public static Optional<String> read(Path file) throws StateException {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException failure) {
            throw StateException.of("read", file, failure);
        }
    }

    /** The text of a file that must be there. */
    public static String readExisting(Path file) throws StateException {
        return read(file).orElseThrow(() -> StateException.missing(file));
    }

    /** Puts a text in a file, in the place of what was in it. */
    public static void write(Path file, String text) throws StateException {
        Path unfinished = unfinished(file);
        try {
            writeNew(unfinished, text);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            delete(unfinished);
            throw StateException.of("write", file, failure);
        }
    }

    /** Puts a text in a file unless it is there already, so that a full disk does no harm to what is complete. */
    public static void keep(Path file, String text) throws StateException {
        if (!read(file).filter(text::equals).isPresent()) {
            write(file, text);
        }
    }

    /** Makes a directory with the given files, in the place of the one that was there. {@link #readDirectory} finds the
     * one or the other at every moment. Call it under the lock.
     */
    public static void writeDirectory(Path directory, List<NamedText> files) throws StateException {
        Path unfinished = unfinished(directory);
        Path old = replaced(directory);
        try {
            Files.createDirectory(unfinished, OWNER_DIRECTORY);
            for (NamedText file : files) {
                writeNew(unfinished.resolve(file.name()), file.text());
            }
            settle(directory);
            if (Files.exists(directory)) {
                Files.move(directory, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw StateException.of("write", directory, failure);
        } finally {
            delete(unfinished);
            settle(directory);
        }
    }

    /** Deletes a directory with its files, if there is one: in one step for those who read. Call it under the lock. */
    public static void deleteDirectory(Path directory) throws StateException {
        settle(directory);
        Path obsolete = unfinished(directory);
        try {
            Files.move(directory, obsolete, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException none) {
            return;
        } catch (IOException failure) {
            throw StateException.of("delete", directory, failure);
        }
        delete(obsolete);
    }

    /** Ends a replacement: where the new directory is there, the old one goes; where it is not, the old one comes back.
     */
    private static void settle(Path directory) {
        Path old = replaced(directory);
        if (!Files.exists(old)) {
            return;
        }
        try {
            if (Files.exists(directory)) {
                // In one step out of sight of those who read, who would see it lose its files.
                Path obsolete = unfinished(directory);
                Files.move(old, obsolete, StandardCopyOption.ATOMIC_MOVE);
                delete(obsolete);
            } else {
                Files.move(old, directory, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException failed) {
            // The next one who opens the state directory tries again; until then it is found under its other name.
        }
    }

    /** What is read from the files of a directory that is there. */
    @FunctionalInterface
    public interface Reading<T> {
        T from(Path directory) throws StateException;
    }

    /** Reads files that belong together, also while {@link #writeDirectory} replaces them: all are old, or all are new.
     *
     * @return empty when there is no such directory
     */
    public static <T> Optional<T> readDirectory(Path directory, Reading<T> reading) throws StateException {
        for (int left = READINGS; ; left--) {
            Optional<Path> place = current(directory);
            if (place.isEmpty()) {
                return Optional.empty();
            }
            Optional<Object> before = identity(place.get());
            try {
                T result = reading.from(place.get());
                if (left == 0 || isStill(before, place.get())) {
                    return Optional.of(result);
                }
            } catch (StateException damaged) {
                if (left == 0 || isStill(before, place.get())) {
                    throw damaged;
                }
            }
        }
    }

    /** Where a directory is: in the moment of its replacement under the other name, and right after it under its own
     * again.
     */
    private static Optional<Path> current(Path directory) {
        return Stream.of(directory, replaced(directory), directory)
                .filter(Files::isDirectory)
                .findFirst();
    }

    /** Whether a directory is the same as before, and was there before. */
    private static boolean isStill(Optional<Object> before, Path directory) {
        return before.isPresent() && before.equals(identity(directory));
    }

    /** What tells a directory from another that takes its place, also where the file system gives that one the same
     * number; empty when there is none.
     */
    private static Optional<Object> identity(Path directory) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(directory, BasicFileAttributes.class);
            return Optional.of(List.of(String.valueOf(attributes.fileKey()), attributes.lastModifiedTime()));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** A file to be. */
    public record NamedText(String name, String text) {}

    /** Deletes what an earlier run did not finish. */
    public static void sweep(Path directory) throws StateException {
        for (Path entry : list(directory)) {
            String name = entry.getFileName().toString();
            if (name.startsWith(UNFINISHED)) {
                delete(entry);
            } else if (name.startsWith(REPLACED)) {
                settle(entry.resolveSibling(name.substring(REPLACED.length())));
            }
        }
    }

    /** What changes whenever one of these files is written, replaced, made or removed. Reads no file.
     *
     * @param files in one order for all comparisons
     */
    public static String stamp(Path... files) {
        StringBuilder stamp = new StringBuilder();
        for (Path file : files) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                stamp.append(attributes.lastModifiedTime())
                        .append(' ')
                        .append(attributes.size())
                        .append(' ')
                        .append(attributes.fileKey())
                        .append('\n');
            } catch (IOException missing) {
                stamp.append("none\n");
            }
        }
        return stamp.toString();
    }

    /** The names of what is in a directory, in the moment of its replacement as well; nothing when there is none. */
    public static Set<String> names(Path directory) throws StateException {
        Set<String> names = new TreeSet<>();
        for (Path entry : list(directory)) {
            String name = entry.getFileName().toString();
            if (!name.startsWith(UNFINISHED)) {
                names.add(name.startsWith(REPLACED) ? name.substring(REPLACED.length()) : name);
            }
        }
        return names;
    }

    /** What is in a directory; nothing when there is none. */
    public static List<Path> list(Path directory) throws StateException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (IOException failure) {
            throw StateException.of("read", directory, failure);
        }
        return entries;
    }

    /** Makes an empty file that no other has the name of; its maker deletes it. */
    static Path createEmpty(Path directory) throws IOException {
        return Files.createFile(unfinished(directory.resolve("any")), OWNER_FILE);
    }

    private static Path unfinished(Path file) {
        return file.resolveSibling(UNFINISHED + UUID.randomUUID());
    }

    private static Path replaced(Path directory) {
        return directory.resolveSibling(REPLACED + directory.getFileName());
    }

    private static void writeNew(Path file, String text) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, OWNER_FILE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** What cannot be deleted now is swept at the next start. */
    private static void delete(Path entry) {
        try {
            if (Files.isDirectory(entry)) {
                for (Path child : list(entry)) {
                    Files.deleteIfExists(child);
                }
            }
            Files.deleteIfExists(entry);
        } catch (IOException | StateException ignored) {
            // Nobody reads it.
        }
    }
}
