package dev.roundtrip.things;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says where is remembered what was made. */
final class DirectoryOption {
    @Option(
            names = "--directory",
            paramLabel = "DIR",
            defaultValue = ".things",
            description = "Where certificates, private keys and the record of what was made are kept. Default:"
                    + " ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path directory;

    ThingsDirectory directory() {
        return new ThingsDirectory(directory);
    }

    /** What its things have in common.
     *
     * @throws ThingsException when nothing was made there
     */
    DirectoryRecord common() throws ThingsException {
        return directory()
                .common()
                .orElseThrow(() -> new ThingsException("there are no things in " + directory
                        + ": make some with bin/things create, or say with --directory where they are"));
    }
}
