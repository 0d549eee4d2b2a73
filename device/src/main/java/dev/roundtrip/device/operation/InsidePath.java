package dev.roundtrip.device.operation;

import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.store.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Files below one directory, whatever a document names. No name leads out of it, and no link is followed. All names
 * are checked before the first directory is made.
 *
 * @param base the directory; made when it is not there
 */
record InsidePath(Path base) {
    /** Our choice, below the 255 of the file systems of Linux and Windows. */
    private static final int MAX_NAME_BYTES = 200;

    private static final int MOST_LEVELS = 8;

    /** Windows gives these to devices, with any extension. */
    private static final Pattern RESERVED = Pattern.compile("(?i)(con|prn|aux|nul|conin\\$|conout\\$|clock\\$"
            + "|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]) *(\\..*)?");

    /** Separators, wildcards, and what Windows does not take. */
    private static final Pattern FORBIDDEN = Pattern.compile("[/\\\\:*?\"<>|\\p{C}]");

    /** The file. Nothing is made yet.
     *
     * @param directory levels with a slash between; empty for the base
     * @throws JobRejectedException when a name is refused, or a link or something else is in the way
     */
    Path file(String directory, String fileName) throws JobRejectedException {
        Path at = base.toAbsolutePath();
        if (!directory.isEmpty()) {
            String[] levels = directory.split("/", -1);
            if (levels.length > MOST_LEVELS) {
                throw new JobRejectedException("the directory has more than " + MOST_LEVELS + " levels");
            }
            for (String level : levels) {
                at = inside(at, "directory", level);
            }
        }
        Path file = inside(at, "fileName", fileName);
        check(file);
        return file;
    }

    /** Makes the directories of a file that are missing.
     *
     * @throws JobRejectedException when a link or something else is in the way
     * @throws IOException when one cannot be made
     */
    void make(Path file) throws JobRejectedException, IOException {
        check(file);
        DurableFiles.createDirectories(file.resolveSibling("."));
        check(file);
    }

    /** Looks again for what may have come in the way: to be called before each use of the file, which may be hours
     * after the last one. The use follows at once, and is no longer looked at: whoever writes into these directories at
     * that moment is not kept out.
     *
     * @throws JobRejectedException when a link or something else is there
     */
    void check(Path file) throws JobRejectedException {
        Path root = base.toAbsolutePath();
        for (Path at = file.getParent(); at != null && !at.equals(root); at = at.getParent()) {
            if (Files.exists(at, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
                throw new JobRejectedException("the directory is a link or a file");
            }
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new JobRejectedException("the file is a link or a directory");
        }
    }

    private static Path inside(Path directory, String member, String name) throws JobRejectedException {
        if (!isName(name)) {
            throw new JobRejectedException("the document's " + member + " is no name of a file: 1 to " + MAX_NAME_BYTES
                    + " bytes without separators, control characters, a dot at the begin or the end,"
                    + " and no name that a system reserves");
        }
        try {
            return directory.resolve(name);
        } catch (InvalidPathException otherCharacters) {
            throw new JobRejectedException(
                    "the document's " + member + " has a character that this device's file system does not take");
        }
    }

    private static boolean isName(String name) {
        return !name.isBlank()
                && name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES
                && !FORBIDDEN.matcher(name).find()
                && !RESERVED.matcher(name).matches()
                && !name.startsWith(".")
                && !name.startsWith(" ")
                && !name.endsWith(".")
                && !name.endsWith(" ");
    }
}
