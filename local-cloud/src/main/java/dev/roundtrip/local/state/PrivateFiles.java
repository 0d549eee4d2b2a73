package dev.roundtrip.local.state;

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
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads and writes files that nobody but their owner may see. A file is there as a whole or not at all, private from its first byte on. */
final class PrivateFiles {
    /** What a file or directory is called until it is complete; whatever is left over after a crash can be deleted. */
    private static final String UNFINISHED = ".unfinished-";

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private PrivateFiles() {}

    /** Makes a directory, and those above it that are missing. */
    static void createDirectories(Path directory) throws StateException {
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

    /** The text of a file; empty when there is none. */
    static Optional<String> read(Path file) throws StateException {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException failure) {
            throw StateException.of("read", file, failure);
        }
    }

    /** The text of a file that must be there. */
    static String readExisting(Path file) throws StateException {
        return read(file).orElseThrow(() -> StateException.of("read", file, new NoSuchFileException(file.toString())));
    }

    /** Puts a text in a file, in the place of what was in it. */
    static void write(Path file, String text) throws StateException {
        Path unfinished = unfinished(file);
        try {
            writeNew(unfinished, text);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            delete(unfinished);
            throw StateException.of("write", file, failure);
        }
    }

    /** Makes a directory with the given files in one step, in the place of the one that was there. */
    static void writeDirectory(Path directory, List<NamedText> files) throws StateException {
        Path unfinished = unfinished(directory);
        Path old = unfinished(directory);
        try {
            Files.createDirectory(unfinished, OWNER_DIRECTORY);
            for (NamedText file : files) {
                writeNew(unfinished.resolve(file.name()), file.text());
            }
            if (Files.exists(directory)) {
                Files.move(directory, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw StateException.of("write", directory, failure);
        } finally {
            delete(unfinished);
            delete(old);
        }
    }

    /** A file to be. */
    record NamedText(String name, String text) {}

    /** Deletes what an earlier run did not finish. */
    static void sweep(Path directory) throws StateException {
        for (Path entry : list(directory)) {
            if (entry.getFileName().toString().startsWith(UNFINISHED)) {
                delete(entry);
            }
        }
    }

    /** What is in a directory; nothing when there is none. */
    static List<Path> list(Path directory) throws StateException {
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
