package dev.roundtrip.device.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The file system of the computer. */
final class SystemDisk implements Disk {

    @Override
    public Content open(Path file) throws IOException {
        try {
            DurableFiles.createForOwner(file);
        } catch (FileAlreadyExistsException there) {
            // Its permissions are its owner's choice.
        }
        return new OpenFile(new RandomAccessFile(file.toFile(), "rw"));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException notAtomic) {
            throw new IOException("its file system cannot replace a file at once", notAtomic);
        }
    }

    @Override
    public void syncNames(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            return;
        }
        // An interrupt would end the sync, and is for the method whose call is written.
        boolean isInterrupted = Thread.interrupted();
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException unknown) {
            // Not every system can sync a directory; there the system decides when the new name is safe.
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** @param file not a channel: an interrupt of a thread that writes would close it, and a method's thread may be
     *     interrupted
     */
    private record OpenFile(RandomAccessFile file) implements Content {

        @Override
        public long length() throws IOException {
            return file.length();
        }

        @Override
        public byte[] read() throws IOException {
            byte[] content = new byte[Math.toIntExact(file.length())];
            file.seek(0);
            file.readFully(content);
            return content;
        }

        @Override
        public void write(long at, byte[] bytes) throws IOException {
            file.seek(at);
            file.write(bytes);
        }

        @Override
        public void setLength(long length) throws IOException {
            file.setLength(length);
        }

        @Override
        public void sync() throws IOException {
            file.getFD().sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
