package dev.roundtrip.device.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** Files that a power cut leaves as they were or as they are to be. An interrupt of the thread ends none of it. When a
 * method returns, a power cut takes nothing of it back, where the file system can say so. Thread-safe.
 */
public final class DurableFiles {
    private static final Disk DISK = new SystemDisk();

    private DurableFiles() {}

    /** Writes a file whole, which its owner alone can read; one that is there is replaced at once.
     *
     * @throws IOException when it cannot be written; one that is there stays as it is
     */
    public static void write(Path file, byte[] content) throws IOException {
        Path temporary = temporary(file);
        Files.deleteIfExists(temporary);
        createForOwner(temporary);
        try (RandomAccessFile open = new RandomAccessFile(temporary.toFile(), "rw")) {
            open.write(content);
            open.getFD().sync();
        }
        rename(temporary, file);
    }

    /** Deletes what a power cut in the middle of {@link #write} has left beside a file.
     *
     * @throws IOException when it cannot be deleted
     */
    public static void discardUnfinished(Path file) throws IOException {
        delete(temporary(file));
    }

    private static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    /** Makes an empty file, which its owner alone can read.
     *
     * @throws IOException when it is there, or cannot be made
     */
    static void createForOwner(Path file) throws IOException {
        Files.createFile(file, ownerOnly());
    }

    /** Has what is in a file, and its name, outlive a power cut, whoever wrote it.
     *
     * @throws IOException when it cannot be read
     */
    public static void sync(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.getFD().sync();
        }
        DISK.syncNames(file);
    }

    /** Gives a file the name of another one, which it replaces at once.
     *
     * @throws IOException when that is not possible; both names stay as they are
     */
    public static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DISK.syncNames(to);
        if (!Objects.equals(
                from.toAbsolutePath().getParent(), to.toAbsolutePath().getParent())) {
            DISK.syncNames(from);
        }
    }

    /** Deletes a file, if it is there.
     *
     * @throws IOException when it cannot be deleted
     */
    public static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            DISK.syncNames(file);
        }
    }

    /** Makes a directory, and those above it that are missing.
     *
     * @throws IOException when one cannot be made, or is no directory
     */
    public static void createDirectories(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        Path above = absolute.getParent();
        if (above != null && !Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
            createDirectories(above);
            try {
                Files.createDirectory(absolute);
            } catch (FileAlreadyExistsException madeMeanwhile) {
                createDirectories(absolute);
            }
            DISK.syncNames(absolute);
        } else if (!Files.isDirectory(absolute)) {
            throw new IOException(directory + " is no directory");
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
