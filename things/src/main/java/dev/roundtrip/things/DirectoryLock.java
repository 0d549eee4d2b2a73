package dev.roundtrip.things;

import dev.roundtrip.cli.SystemReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The right to change a directory, which one process has at a time. It ends with the process. */
final class DirectoryLock implements AutoCloseable {
    static final String FILE = "lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws ThingsException when another process has it, or the file cannot be made */
    static DirectoryLock of(Path directory) throws ThingsException {
        Path file = directory.resolve(FILE);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), PrivateText.OWNER_FILE);
            @Nullable FileLock lock = channel.tryLock();
            if (lock != null && isOf(channel, file)) {
                return new DirectoryLock(channel);
            }
            channel.close();
        } catch (IOException failed) {
            close(channel);
            throw new ThingsException("cannot write " + file + ": " + SystemReason.of(failed), failed);
        } catch (OverlappingFileLockException mine) {
            close(channel);
        }
        throw new ThingsException("another things create or clean works in " + directory
                + ": wait until it has ended, or use --directory");
    }

    /** The one who had the lock may have deleted the file, and another one may have made and locked a new one since:
     * whether this is the file of that name still.
     */
    static boolean isOf(FileChannel locked, Path file) throws IOException {
        String mark = UUID.randomUUID().toString();
        locked.truncate(0);
        ByteBuffer bytes = ByteBuffer.wrap(mark.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            locked.write(bytes);
        }
        try {
            return Files.readString(file, StandardCharsets.US_ASCII).equals(mark);
        } catch (NoSuchFileException deleted) {
            return false;
        }
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException failed) {
            // Nothing was written to it.
        }
    }

    @Override
    public void close() {
        close(channel);
    }
}
