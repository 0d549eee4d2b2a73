package dev.roundtrip.device.store;

import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** A disk in memory whose power can be cut. What was not synced is lost, in whole or from some byte on; a new name that
 * was not synced may be lost, too. It fails and tears writes when a test says so. Thread-safe.
 */
public final class CutDisk implements Disk {
    private final Random random;
    private final Map<Path, Inode> names = new HashMap<>();
    private final Map<Path, Inode> syncedNames = new HashMap<>();
    private long operations;
    private long cutAt = Long.MAX_VALUE;
    private long failAt = Long.MAX_VALUE;
    private boolean hasPower = true;

    private static final class Inode {
        byte[] content = new byte[0];
        byte[] synced = new byte[0];
        /** What was done since the last sync. */
        final List<byte[]> unsynced = new ArrayList<>();

        void become(byte[] other) {
            content = other;
            unsynced.add(other);
        }
    }

    /** @param seed of what is lost */
    public CutDisk(long seed) {
        random = new Random(seed);
    }

    /** The journal of a device on this disk.
     *
     * @param directory for the lock file, which is a real one
     */
    public Journal journal(Path directory, Target device, Consumer<String> trouble) throws IOException {
        return FileJournal.open(directory.resolve("lamp.journal"), device, trouble, this);
    }

    /** The power is cut before or amid the operation after so many. */
    public synchronized void cutAfter(int more) {
        cutAt = operations + more;
    }

    /** The operation after so many fails, and leaves half of what it was to do. */
    public synchronized void failAfter(int more) {
        failAt = operations + more;
    }

    /** Does something in the world, if there is power for it. */
    public synchronized boolean doIfPowered(Runnable effect) {
        if (hasPower) {
            effect.run();
        }
        return hasPower;
    }

    /** Cuts the power if there still is some, loses what was not synced, and gives power again. */
    public synchronized void restart() {
        Map<Path, Inode> left = new HashMap<>();
        (random.nextBoolean() ? names : syncedNames).forEach(left::put);
        for (Inode inode : left.values()) {
            inode.content = remains(inode);
            inode.synced = inode.content;
            inode.unsynced.clear();
        }
        names.clear();
        names.putAll(left);
        syncedNames.clear();
        syncedNames.putAll(left);
        hasPower = true;
        cutAt = Long.MAX_VALUE;
        failAt = Long.MAX_VALUE;
    }

    /** Nothing that was not synced, all of it, or some states of it, the last one up to some byte. */
    private byte[] remains(Inode inode) {
        int states = random.nextInt(inode.unsynced.size() + 1);
        if (states == 0) {
            return inode.synced;
        }
        byte[] before = states == 1 ? inode.synced : inode.unsynced.get(states - 2);
        byte[] after = inode.unsynced.get(states - 1);
        if (after.length <= before.length) {
            return after;
        }
        return Arrays.copyOf(after, before.length + random.nextInt(after.length - before.length + 1));
    }

    /** Whether the operation succeeds. False when it fails, and is to be done by half.
     *
     * @throws IOException when there is no power
     */
    private boolean operate() throws IOException {
        if (!hasPower) {
            throw new IOException("no power");
        }
        long number = operations++;
        if (number >= cutAt) {
            hasPower = false;
        }
        return number < cutAt && number != failAt;
    }

    @Override
    public synchronized Content open(Path file) throws IOException {
        if (!operate()) {
            throw new IOException("cut");
        }
        return new Open(names.computeIfAbsent(file, absent -> new Inode()));
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        if (!operate()) {
            throw new IOException("cut");
        }
        Inode inode = names.remove(from);
        if (inode == null) {
            throw new IOException("there is no " + from);
        }
        names.put(to, inode);
    }

    @Override
    public synchronized void syncNames(Path file) {
        try {
            if (operate()) {
                syncedNames.clear();
                syncedNames.putAll(names);
            }
        } catch (IOException noPower) {
            // Then nothing is synced.
        }
    }

    private final class Open implements Content {
        private final Inode inode;

        Open(Inode inode) {
            this.inode = inode;
        }

        @Override
        public long length() {
            synchronized (CutDisk.this) {
                return inode.content.length;
            }
        }

        @Override
        public byte[] read() throws IOException {
            synchronized (CutDisk.this) {
                return inode.content.clone();
            }
        }

        @Override
        public void write(long at, byte[] bytes) throws IOException {
            synchronized (CutDisk.this) {
                boolean succeeds = operate();
                int length = succeeds ? bytes.length : bytes.length / 2;
                byte[] written = Arrays.copyOf(inode.content, Math.max(inode.content.length, (int) at + length));
                System.arraycopy(bytes, 0, written, (int) at, length);
                inode.become(written);
                if (!succeeds) {
                    throw new IOException("torn");
                }
            }
        }

        @Override
        public void setLength(long length) throws IOException {
            synchronized (CutDisk.this) {
                if (!operate()) {
                    throw new IOException("cut");
                }
                inode.become(Arrays.copyOf(inode.content, (int) length));
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (CutDisk.this) {
                if (!operate()) {
                    throw new IOException("not synced");
                }
                inode.synced = inode.content;
                inode.unsynced.clear();
            }
        }

        @Override
        public void close() {}
    }
}
