package dev.roundtrip.local.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** Copies state directories. Version control keeps no permissions, and private files are private. */
final class StateCopy {
    private StateCopy() {}

    /** @param to does not exist, and nobody but its owner may read it then */
    static void of(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(from)) {
            files = walk.toList();
        }
        for (Path file : files) {
            Path copy = to.resolve(from.relativize(file).toString());
            boolean isDirectory = Files.isDirectory(file);
            if (isDirectory) {
                Files.createDirectory(copy);
            } else {
                Files.copy(file, copy);
            }
            Files.setPosixFilePermissions(
                    copy, PosixFilePermissions.fromString(isDirectory ? "rwx------" : "rw-------"));
        }
    }
}
