package dev.roundtrip.things;

import dev.roundtrip.cli.SystemReason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
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
            // The one who had it may have deleted the directory.
            if (lock != null && Files.exists(file)) {
                return new DirectoryLock(channel);
            }
            channel.close();
        } catch (IOException failed) {
            throw new ThingsException("cannot write " + file + ": " + SystemReason.of(failed), failed);
        } catch (OverlappingFileLockException mine) {
            close(channel);
        }
        throw new ThingsException("another things create or clean works in " + directory
                + ": wait until it has ended, or use --directory");
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
