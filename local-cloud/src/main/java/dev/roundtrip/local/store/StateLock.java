package dev.roundtrip.local.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one writer at a time into a state directory, among threads and among processes. Work under it is short: it
 * makes a few files.
 */
public final class StateLock {
    /** A file lock belongs to the process, so its threads need one of their own. */
    private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

    private final Path file;

    public StateLock(Path file) {
        this.file = file;
    }

    /** What is done under the lock; must not ask for it again. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws StateException;
    }

    /** Waits for the lock, then works.
     *
     * @throws StateException when the lock cannot be had, among others because the thread was interrupted; or from the
     *     work
     */
    public <T> T whileHeld(Work<T> work) throws StateException {
        IN_THIS_PROCESS.lock();
        try (FileChannel channel = PrivateFiles.openOrCreate(file)) {
            channel.lock();
            return work.run();
        } catch (IOException failure) {
            throw StateException.of("lock", file, failure);
        } finally {
            IN_THIS_PROCESS.unlock();
        }
    }
}
