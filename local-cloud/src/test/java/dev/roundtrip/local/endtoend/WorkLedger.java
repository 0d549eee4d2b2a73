package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.roundtrip.local.endtoend.WorkLine.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** What the devices of one process do, in a file that is on the disk when a line's writing returns. Each line is
 * printed too, so that who started the process hears of it. Thread-safe.
 */
final class WorkLedger {
    private final FileChannel file;
    private final int boot;
    private final ReentrantLock lock = new ReentrantLock();

    private WorkLedger(FileChannel file, int boot) {
        this.file = file;
        this.boot = boot;
    }

    static WorkLedger open(Path path, int boot) throws IOException {
        return new WorkLedger(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND), boot);
    }

    /** What all processes have written so far, without a line that is being written. */
    static List<WorkLine> read(Path path) throws IOException {
        String all = Files.exists(path) ? Files.readString(path) : "";
        return all.substring(0, all.lastIndexOf('\n') + 1)
                .lines()
                .map(WorkLine::read)
                .toList();
    }

    void write(WorkLine.Key key, Event event, String detail) {
        String line = new WorkLine(boot, key.thing(), key.kind(), key.id(), key.number(), event, detail).toString();
        // An interrupt would close the file; it is kept for the handler.
        boolean isInterrupted = Thread.interrupted();
        lock.lock();
        try {
            file.write(ByteBuffer.wrap((line + "\n").getBytes(UTF_8)));
            file.force(false);
            System.out.println(line);
            System.out.flush();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            lock.unlock();
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
