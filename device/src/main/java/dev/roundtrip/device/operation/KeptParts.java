package dev.roundtrip.device.operation;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The parts of files that are not complete, in one directory whatever directories the files are for: a later attempt
 * goes on with its own. What the device cannot know is whether another attempt comes, so what is kept is bounded.
 *
 * @param base of the files
 */
record KeptParts(Path base) {
    /** No document can name it: names do not begin with a dot. */
    private static final String DIRECTORY = ".parts";

    /** Our choice: so many attempts that wait behind each other go on where they were. */
    private static final int MOST = 8;

    /** The longest time that an execution can be in progress. Source: AWS IoT Jobs, the in-progress timer. */
    private static final Duration LONGEST = Duration.ofDays(7);

    /** A part that is there.
     *
     * @param changed when something of it came
     */
    private record Part(Path file, long size, Instant changed) {}

    /** Where the part of a file is. It is named by the file's digest, so that no part of another file goes on. */
    Path of(String sha256) {
        return base.toAbsolutePath().resolve(DIRECTORY).resolve(sha256);
    }

    /** Deletes parts of other files: those that nothing came for in {@link #LONGEST}, and the oldest beyond the bounds.
     *
     * @param current the part at work, which stays
     * @param maxBytes of all others together
     */
    void makeRoom(Path current, long maxBytes) throws IOException {
        Instant tooOld = Instant.now().minus(LONGEST);
        int count = 0;
        long bytes = 0;
        for (Part part : others(current)) {
            count++;
            bytes += part.size();
            if (count >= MOST || bytes > maxBytes || part.changed().isBefore(tooOld)) {
                Files.deleteIfExists(part.file());
            }
        }
    }

    /** The newest first. */
    private static List<Part> others(Path current) throws IOException {
        List<Part> others = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(current.resolveSibling("."))) {
            for (Path file : all) {
                if (!file.getFileName().equals(current.getFileName())
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    others.add(new Part(
                            file,
                            Files.size(file),
                            Files.getLastModifiedTime(file).toInstant()));
                }
            }
        }
        others.sort(Comparator.comparing(Part::changed).reversed());
        return others;
    }
}
