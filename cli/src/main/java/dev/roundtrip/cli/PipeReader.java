package dev.roundtrip.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells when nobody reads standard output any more, for programs that may have nothing to write for long. Thread-safe.
 *
 * <p>A program learns from a write alone that the reader of a pipe has left, as {@code head} does. On Linux a write of
 * nothing is enough, when the nothing is the end of a file: sendfile(2) looks for a reader before it looks for bytes.
 * Where there is no Linux, or no pipe, nothing is told, and the next write fails.
 */
public final class PipeReader implements AutoCloseable {
    /** How often it is looked for. Our choice: one system call. */
    private static final long INTERVAL_MILLIS = 500;

    /** Any file that is there, can be read and is not empty. */
    private static final Path SOURCE = Path.of("/proc/self/exe");

    /** What Linux says of EPIPE. */
    private static final String BROKEN = "Broken pipe";

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Runnable whenLeft;

    private PipeReader(Runnable whenLeft) {
        this.whenLeft = whenLeft;
    }

    /** Begins to look, when standard output is a pipe.
     *
     * @param whenLeft runs at most once, on a thread of its own, and never after {@link #close} has returned
     */
    public static PipeReader watch(Runnable whenLeft) {
        PipeReader reader = new PipeReader(whenLeft);
        if (StandardStream.OUT.isPipe()) {
            Thread looking = new Thread(reader::look, "pipe-reader");
            looking.setDaemon(true); // It waits in the system while the pipe is full.
            looking.start();
        }
        return reader;
    }

    @SuppressWarnings("resource") // Standard output is the process's, and stays open.
    private void look() {
        FileChannel output = new FileOutputStream(FileDescriptor.out).getChannel();
        try (FileChannel source = FileChannel.open(SOURCE)) {
            long end = source.size();
            while (!closed.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (hasLeft(source, end, output)) {
                    tell();
                    return;
                }
            }
        } catch (IOException untold) {
            // Then the next write tells.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** @throws IOException when the system does not tell */
    private static boolean hasLeft(FileChannel source, long end, FileChannel output) throws IOException {
        try {
            var unused = source.transferTo(end, 1, output);
            return false;
        } catch (IOException failed) {
            if (BROKEN.equals(failed.getMessage())) {
                return true;
            }
            throw failed;
        }
    }

    private synchronized void tell() {
        if (closed.getCount() != 0) {
            whenLeft.run();
        }
    }

    /** Ends the looking. */
    @Override
    public synchronized void close() {
        closed.countDown();
    }
}
