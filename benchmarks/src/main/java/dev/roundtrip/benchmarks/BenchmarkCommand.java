package dev.roundtrip.benchmarks;

import dev.roundtrip.benchmarks.scaling.CostCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures Roundtrip. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        version = "benchmark 0.1.0",
        subcommands = CostCommand.class,
        description = "Measures Roundtrip on this machine.")
final class BenchmarkCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // Injected by picocli.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to measure");
    }
}
