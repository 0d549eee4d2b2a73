package dev.roundtrip.device.operation;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What parts of files are called. */
final class PartNames {
    private static final int SHORT_DIGEST = 16;
    private static final Pattern NAME = Pattern.compile("\\..+\\.[0-9a-f]{" + SHORT_DIGEST + "}\\.part");

    private PartNames() {}

    /** Where the part of a file is: beside it. The digest is in the name, so that no part of another file goes on. */
    static Path of(Path file, String sha256) {
        return file.resolveSibling("." + file.getFileName() + "." + sha256.substring(0, SHORT_DIGEST) + ".part");
    }

    /** Deletes the parts of other files in the same directory: one download is at work, and others were given up. */
    static void deleteOthers(Path part) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(part.resolveSibling("."), PartNames::isPart)) {
            for (Path other : all) {
                if (!other.getFileName().equals(part.getFileName())) {
                    Files.deleteIfExists(other);
                }
            }
        }
    }

    private static boolean isPart(Path file) {
        return NAME.matcher(file.getFileName().toString()).matches()
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }
}
