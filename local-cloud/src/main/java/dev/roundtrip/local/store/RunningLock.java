package dev.roundtrip.local.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says that a local cloud runs with a state directory, so that a second one does not take over its {@code env} file.
 */
public final class RunningLock implements AutoCloseable {
    private final FileChannel channel;

    private RunningLock(FileChannel channel) {
        this.channel = channel;
    }

    public static RunningLock take(Path file) throws StateException {
        try {
            FileChannel channel = PrivateFiles.openOrCreate(file);
            if (isFree(channel)) {
                return new RunningLock(channel);
            }
            channel.close();
        } catch (IOException failure) {
            throw StateException.of("lock", file, failure);
        }
        throw new StateException("a local cloud runs with the state in " + file.getParent()
                + " already: stop it, or give another directory with --state");
    }

    /** Whether a local cloud runs with this file, in this process or another. */
    public static boolean isTaken(Path file) throws StateException {
        if (Files.notExists(file)) {
            return false;
        }
        try (FileChannel channel = PrivateFiles.openOrCreate(file)) {
            return !isFree(channel);
        } catch (IOException failure) {
            throw StateException.of("lock", file, failure);
        }
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException gone) {
            // With the descriptor the lock is gone as well.
        }
    }
}
