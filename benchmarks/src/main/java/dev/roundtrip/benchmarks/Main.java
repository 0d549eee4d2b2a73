package dev.roundtrip.benchmarks;

import dev.roundtrip.cli.StandardOutput;
import dev.roundtrip.cli.StopSignal;

/** Starts the command {@code benchmark}. */
public final class Main {
    private Main() {}

    /** Runs the command, and ends the process with its exit code; SIGTERM and Ctrl-C end what it has started first. */
    public static void main(String[] args) {
        System.exit(execute(args));
    }

    private static int execute(String[] args) {
        try (StopSignal stop = StopSignal.install("benchmark")) {
            return StandardOutput.execute("benchmark", BenchmarkCommand.commandLine(), args);
        }
    }
}
