package dev.roundtrip.local.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The process of devices, for tests that kill it. When it ends by itself, as a device does that reboots, the next one
 * starts. Thread-safe.
 */
final class DeviceProcess implements AutoCloseable {
    private final IntFunction<List<String>> command;
    private final Runnable heard;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Process process;
    private int boot;

    /** @param command its line, by the number of the process
     * @param heard called for each line that it prints
     */
    DeviceProcess(IntFunction<List<String>> command, Runnable heard) {
        this.command = command;
        this.heard = heard;
    }

    void start() throws IOException {
        lock.lock();
        try {
            boot++;
            Process started = new ProcessBuilder(command.apply(boot))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process = started;
            Thread.ofVirtual().start(() -> listen(started.inputReader()));
            var unused = started.onExit().thenRun(() -> ended(started));
        } finally {
            lock.unlock();
        }
    }

    private void listen(BufferedReader lines) {
        try (lines) {
            while (lines.readLine() != null) {
                heard.run();
            }
        } catch (IOException ended) {
            // It was killed.
        }
    }

    private void ended(Process which) {
        lock.lock();
        try {
            if (which.equals(process)) {
                start();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            lock.unlock();
        }
    }

    /** The number of the process that runs. */
    int boot() {
        lock.lock();
        try {
            return boot;
        } finally {
            lock.unlock();
        }
    }

    /** Kills it, as {@code kill -9} does. */
    void kill() throws InterruptedException {
        Process killed;
        lock.lock();
        try {
            killed = process;
            process = null;
        } finally {
            lock.unlock();
        }
        if (killed != null) {
            killed.destroyForcibly();
            var unused = killed.waitFor();
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
