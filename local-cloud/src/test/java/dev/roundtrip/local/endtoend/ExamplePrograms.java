package dev.roundtrip.local.endtoend;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of programs in examples/ have in common: one local cloud, and processes that end with each test. */
abstract class ExamplePrograms {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    /** The working directory of the programs. */
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before all tests
    static TestCloud cloud;

    @SuppressWarnings("NullAway.Init") // set before each test
    Programs programs;

    @BeforeAll
    static void startCloud() throws Exception {
        cloud = TestCloud.start(state);
    }

    @AfterAll
    static void stopCloud() {
        cloud.close();
    }

    @BeforeEach
    void start() {
        programs = new Programs(directory);
    }

    @AfterEach
    void stop() {
        programs.close();
    }

    /** A file of examples/. */
    static Path example(String path) {
        return Path.of("../examples", path).toAbsolutePath().normalize();
    }
}
