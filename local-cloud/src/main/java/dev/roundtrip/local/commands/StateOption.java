package dev.roundtrip.local.commands;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where certificates, keys and credentials are. */
final class StateOption {
    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = ".local-cloud",
            description = "The state directory: certificates, keys, things and policies. It is created when it is"
                    + " missing. Only its owner can read it. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path directory;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** @throws ParameterException when it is empty, which would be the working directory, or blank */
    Path directory() {
        if (directory.toString().isBlank()) {
            throw new ParameterException(spec.commandLine(), "--state must name a directory, but is empty or blank");
        }
        return directory.toAbsolutePath().normalize();
    }
}
