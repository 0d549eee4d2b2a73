package dev.roundtrip.local.commands;

import dev.roundtrip.local.lambda.Idleness;
import dev.roundtrip.local.lambda.Initialization;
import dev.roundtrip.local.lambda.RuntimeSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How the function's processes live. */
final class ProcessOptions {
    private static final int ENVIRONMENTS = 4;

    @Option(
            names = "--environments",
            paramLabel = "N",
            description = "The highest number of processes. Calls that find none free are throttled. Default: "
                    + ENVIRONMENTS)
    private @Nullable Integer environments;

    @Option(
            names = "--max-concurrency",
            paramLabel = "N",
            description =
                    "Calls that one process runs at the same time, as on AWS Lambda Managed Instances. Default: 1")
    private @Nullable Integer concurrency;

    @Option(names = "--freeze", description = "Stop each process between calls, as AWS Lambda does.")
    private boolean freeze;

    @Option(
            names = "--snap-start",
            description = "Start each process from a snapshot taken before its first call, as AWS Lambda SnapStart"
                    + " does.")
    private boolean snapStart;

    boolean areGiven() {
        return environments != null || concurrency != null || freeze || snapStart;
    }

    /** @throws ParameterException when they do not go together */
    RuntimeSettings.Scale scale(CommandLine command) {
        try {
            return new RuntimeSettings.Scale(
                    environments == null ? ENVIRONMENTS : environments,
                    concurrency == null ? 1 : concurrency,
                    freeze ? Idleness.FROZEN : Idleness.AWAKE,
                    snapStart ? Initialization.SNAP_START : Initialization.ON_DEMAND);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(command, optionsWords(String.valueOf(wrong.getMessage())));
        }
    }

    /** The message with the option's name where the setting has another one. */
    private static String optionsWords(String message) {
        return message.replaceFirst("^environments ", "--environments ")
                .replaceFirst("^concurrency ", "--max-concurrency ");
    }
}
