package dev.roundtrip.device.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.roundtrip.protocol.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/** A journal in a file: one entry a line, each with a checksum, each synced before the next step.
 *
 * <p>A power cut may leave half a line at the end, which is cut off. A whole line that cannot be read, and zeros at the
 * end, are damage: it is told, and the other lines still count. When the file has become long, a new one with all that
 * still counts takes its place.
 */
public final class FileJournal implements Journal {
    /** The longest file: what a device keeps is bounded, so that a longer one is none of ours. */
    static final long MAX_BYTES = 256L << 20;

    /** A shorter file is not worth replacing. */
    private static final long WORTH_REPLACING = 256 << 10;

    private static final int CHECKSUM_DIGITS = 8;
    private static final String HEADER = "roundtrip-device-journal 1 ";

    /** The lock files that this process holds. Of the process, as the system's locks are: a process that opens such a
     * file again, and closes it, loses its lock.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final Path lockFile;
    private final String header;
    private final Consumer<String> trouble;
    private final Disk disk;
    private final FileChannel locked;
    private final List<Entry> earlier = new ArrayList<>();
    private boolean damaged;
    private Disk.Content open;

    private long length;
    private long replaceAt = WORTH_REPLACING;

    private FileJournal(
            Path file, Target device, Consumer<String> trouble, Disk disk, Path lockFile, FileChannel locked)
            throws IOException {
        this.file = file;
        this.lockFile = lockFile;
        this.header = HEADER + device;
        this.trouble = trouble;
        this.disk = disk;
        this.locked = locked;
        this.open = disk.open(file);
        try {
            read();
        } catch (IOException | RuntimeException unreadable) {
            open.close();
            throw unreadable;
        }
    }

    /** Opens the file, and makes it when it is not there. Beside it lies a file for the lock, with {@code .lock} at the
     * end of its name.
     *
     * @param device whose journal it is
     * @param trouble is told, in one sentence, of damage, and of a file that cannot be replaced
     * @throws IOException when it cannot be read or written, is another device's, or is in use
     */
    public static FileJournal open(Path file, Target device, Consumer<String> trouble) throws IOException {
        return open(file, device, trouble, new SystemDisk());
    }

    static FileJournal open(Path file, Target device, Consumer<String> trouble, Disk disk) throws IOException {
        Path lockFile = lockFile(file);
        if (!HELD.add(lockFile)) {
            throw inUse(file);
        }
        try {
            FileChannel locked = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                lock(locked, file);
                return new FileJournal(file, device, trouble, disk, lockFile, locked);
            } catch (IOException | RuntimeException unusable) {
                locked.close();
                throw unusable;
            }
        } catch (IOException | RuntimeException unusable) {
            HELD.remove(lockFile);
            throw unusable;
        }
    }

    /** One path for each file, however it is named. */
    private static Path lockFile(Path file) throws IOException {
        Path named = file.toAbsolutePath().resolveSibling(file.getFileName() + ".lock");
        Path directory = named.getParent();
        return directory == null ? named : directory.toRealPath().resolve(file.getFileName() + ".lock");
    }

    /** Locks the file until the channel is closed. */
    private static void lock(FileChannel channel, Path file) throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException sameProcess) {
            // Under another name of the file, a hard link.
        }
        throw inUse(file);
    }

    private static IOException inUse(Path file) {
        return new IOException("another device uses " + file + ": give each device a file of its own");
    }

    private void read() throws IOException {
        long size = open.length();
        if (size > MAX_BYTES) {
            throw new IOException(file + " has " + size + " bytes, more than a device's journal: it is something else");
        }
        byte[] content = open.read();
        int from = 0;
        int line = 0;
        int unreadable = 0;
        while (from < content.length) {
            int end = from;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            if (line == 0) {
                if (end < content.length || end > header.length()) {
                    checkHeader(new String(content, from, end - from, US_ASCII));
                } else {
                    // The power was cut while the file was made.
                    unreadable += isCutOff(content, from) ? 0 : 1;
                    break;
                }
            } else if (end == content.length) {
                // Never synced, so that nothing has begun because of it.
                unreadable += isCutOff(content, from) ? 0 : 1;
                break;
            } else if (!readLine(content, from, end)) {
                unreadable++;
            }
            line++;
            from = end + 1;
        }
        length = Math.min(from, content.length);
        open.setLength(length);
        if (unreadable > 0) {
            damaged = true;
            trouble.accept(unreadable + " lines of " + file
                    + " cannot be read: the counters start a new epoch, and a key may be forgotten");
        }
    }

    /** Whether the end of a file, in which no line ends, is the beginning of a line. Zeros take the place of what was
     * there, and of how much nobody knows.
     */
    private static boolean isCutOff(byte[] content, int from) {
        for (int at = from; at < content.length; at++) {
            if (content[at] == 0) {
                return false;
            }
        }
        return true;
    }

    private void checkHeader(String first) throws IOException {
        if (!first.startsWith(HEADER)) {
            throw new IOException(file + " is no journal of a device");
        }
        if (!first.equals(header)) {
            throw new IOException(file + " is the journal of " + first.substring(HEADER.length()) + ", not of "
                    + header.substring(HEADER.length()));
        }
    }

    /** Whether the line is an entry. */
    private boolean readLine(byte[] content, int from, int end) {
        if (end - from < CHECKSUM_DIGITS + 2) {
            return false;
        }
        byte[] text = new byte[end - from - CHECKSUM_DIGITS - 1];
        System.arraycopy(content, from + CHECKSUM_DIGITS + 1, text, 0, text.length);
        if (!new String(content, from, CHECKSUM_DIGITS, US_ASCII).equals(checksum(text))) {
            return false;
        }
        try {
            earlier.add(EntryText.read(text));
            return true;
        } catch (IllegalArgumentException notOurs) {
            return false;
        }
    }

    private static String checksum(byte[] text) {
        CRC32C checksum = new CRC32C();
        checksum.update(text);
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    private static byte[] line(Entry entry) {
        byte[] text = EntryText.write(entry);
        ByteArrayOutputStream line = new ByteArrayOutputStream(text.length + CHECKSUM_DIGITS + 2);
        line.writeBytes(checksum(text).getBytes(US_ASCII));
        line.write(' ');
        line.writeBytes(text);
        line.write('\n');
        return line.toByteArray();
    }

    @Override
    public List<Entry> earlier() {
        return List.copyOf(earlier);
    }

    @Override
    public boolean isDamaged() {
        return damaged;
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public void append(List<Entry> entries) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            lines.writeBytes(line(entry));
        }
        if (length + lines.size() > MAX_BYTES) {
            throw new IOException(file + " cannot become longer than " + MAX_BYTES + " bytes");
        }
        if (open.length() > length) {
            // What an earlier attempt has left would be damage, or would count, behind a shorter line.
            open.setLength(length);
        }
        try {
            open.write(length, lines.toByteArray());
            open.sync();
        } catch (IOException notKept) {
            open.setLength(length);
            throw notKept;
        }
        length += lines.size();
    }

    @Override
    public void shorten(Supplier<List<Entry>> everything) {
        if (length <= replaceAt) {
            return;
        }
        try {
            replace(everything.get());
        } catch (IOException notReplaced) {
            replaceAt = 2 * length;
            trouble.accept(file + " cannot be replaced by a shorter one: " + notReplaced.getMessage());
        }
    }

    @Override
    public void replace(List<Entry> everything) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Disk.Content written = disk.open(next);
        try {
            written.setLength(0);
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            lines.writeBytes((header + "\n").getBytes(US_ASCII));
            for (Entry entry : everything) {
                lines.writeBytes(line(entry));
            }
            written.write(0, lines.toByteArray());
            written.sync();
            disk.rename(next, file);
            open.close();
            open = written;
            length = lines.size();
            replaceAt = Math.max(WORTH_REPLACING, 2 * length);
        } catch (IOException | RuntimeException notReplaced) {
            written.close();
            throw notReplaced;
        }
        disk.syncNames(file);
    }

    @Override
    public void close() throws IOException {
        if (!locked.isOpen()) {
            return;
        }
        try {
            open.close();
        } finally {
            locked.close();
            HELD.remove(lockFile);
        }
    }
}
