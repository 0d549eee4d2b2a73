package dev.roundtrip.benchmarks;

import picocli.CommandLine;

/** Starts the command {@code benchmark}. */
public final class Main {
    private Main() {}

    /** Runs the command, and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new BenchmarkCommand()).execute(args));
    }
}
