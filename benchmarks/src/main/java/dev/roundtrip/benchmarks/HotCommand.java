package dev.roundtrip.benchmarks;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the hot pieces under JMH. */
@Command(
        name = "hot",
        mixinStandardHelpOptions = true,
        description =
                "Measures the hot pieces of a call one by one, under JMH in processes of its own, and prints nanoseconds and bytes for each.")
final class HotCommand implements Callable<Integer> {
    private static final String PIECES = "dev\\.roundtrip\\.benchmarks\\.hot\\..*";

    @Spec
    @SuppressWarnings("NullAway.Init") // Injected by picocli.
    private CommandSpec spec;

    @Option(names = "--quick", description = "One process and two seconds for each.")
    private boolean quick;

    @Override
    public Integer call() throws RunnerException {
        spec.commandLine().getErr().println("benchmark: measuring the hot pieces");
        spec.commandLine().getErr().flush();
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(PIECES)
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .forks(quick ? 1 : 3)
                        .warmupIterations(quick ? 1 : 5)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(quick ? 2 : 5)
                        .measurementTime(quick ? TimeValue.milliseconds(500) : TimeValue.seconds(1))
                        .addProfiler("gc")
                        .jvmArgsAppend("-XX:+UseParallelGC")
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-32s %10s %10s %10s%n", "", "ns", "±", "bytes");
        for (RunResult result : results) {
            Result<?> time = result.getPrimaryResult();
            Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
            out.printf(
                    "%-32s %,10.0f %,10.0f %,10.0f%n",
                    label(result),
                    time.getScore(),
                    time.getScoreError(),
                    bytes == null ? Double.NaN : bytes.getScore());
        }
        out.flush();
        return 0;
    }

    private static String label(RunResult result) {
        String parameters = result.getParams().getParamsKeys().stream()
                .map(name -> ", " + result.getParams().getParam(name) + " " + name)
                .collect(Collectors.joining());
        return result.getPrimaryResult().getLabel() + parameters;
    }
}
