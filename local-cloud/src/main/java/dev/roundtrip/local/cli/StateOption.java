package dev.roundtrip.local.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where certificates, keys and credentials are. */
final class StateOption {
    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = ".local-cloud",
            description =
                    "The state directory: certificates, keys, things and policies. Made when it is missing, and readable by its owner"
                            + " alone. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path directory;

    Path directory() {
        return directory.toAbsolutePath().normalize();
    }
}
