package dev.roundtrip.device.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** An empty directory for one try of a property, for which JUnit's temporary directories are no help. */
public record OwnDirectory(Path path) implements AutoCloseable {

    /** A new one. */
    public static OwnDirectory create() throws IOException {
        return new OwnDirectory(Files.createTempDirectory("roundtrip-device"));
    }

    /** Deletes it, with its files. */
    @Override
    public void close() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(path)) {
            files = all.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(path);
    }
}
