package dev.roundtrip.device.store;

import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** A journal that ends the process at one of its points, as a power cut does. */
public final class HaltingJournal implements Disk {
    private final Disk real = new SystemDisk();
    private final Point point;
    private int left;

    /** Where the process may end. */
    public enum Point {
        BEFORE_WRITE,
        HALF_WRITTEN,
        BEFORE_SYNC,
        SYNCED,
        BEFORE_RENAME,
        RENAMED,
        NEVER
    }

    private HaltingJournal(Point point, int time) {
        this.point = point;
        this.left = time;
    }

    /** @param point where the process ends, at the {@code time}th time that it comes there */
    public static Journal open(Path file, Target device, Point point, int time) throws IOException {
        return FileJournal.open(
                file,
                device,
                trouble -> {
                    throw new IllegalStateException(trouble);
                },
                new HaltingJournal(point, time));
    }

    private void reached(Point here) {
        if (here == point && --left == 0) {
            Runtime.getRuntime().halt(9);
        }
    }

    @Override
    public Content open(Path file) throws IOException {
        return new Halting(real.open(file));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        reached(Point.BEFORE_RENAME);
        real.rename(from, to);
        reached(Point.RENAMED);
    }

    @Override
    public void syncNames(Path file) {
        real.syncNames(file);
    }

    private final class Halting implements Content {
        private final Content content;

        Halting(Content content) {
            this.content = content;
        }

        @Override
        public long length() throws IOException {
            return content.length();
        }

        @Override
        public byte[] read() throws IOException {
            return content.read();
        }

        @Override
        public void write(long at, byte[] bytes) throws IOException {
            reached(Point.BEFORE_WRITE);
            int half = bytes.length / 2;
            content.write(at, Arrays.copyOf(bytes, half));
            reached(Point.HALF_WRITTEN);
            content.write(at + half, Arrays.copyOfRange(bytes, half, bytes.length));
        }

        @Override
        public void setLength(long length) throws IOException {
            content.setLength(length);
        }

        @Override
        public void sync() throws IOException {
            reached(Point.BEFORE_SYNC);
            content.sync();
            reached(Point.SYNCED);
        }

        @Override
        public void close() throws IOException {
            content.close();
        }
    }
}
