package dev.roundtrip.benchmarks;

import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.cli.BuildVersion;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
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
        versionProvider = BuildVersion.class,
        description = "Measures the hot parts of a call one by one with JMH, each in its own process, and prints"
                + " nanoseconds and allocated bytes for each.")
final class HotCommand implements Callable<Integer> {
    private static final String PACKAGE = "dev.roundtrip.benchmarks.hot.";
    private static final List<Table.Column> COLUMNS =
            List.of(new Table.Column("ns", 0), new Table.Column("±", 0), new Table.Column("bytes", 0));

    @Spec
    @SuppressWarnings("NullAway.Init") // Injected by picocli.
    private CommandSpec spec;

    @Option(names = "--quick", description = "One process and two seconds for each part.")
    private boolean quick;

    @Option(names = "--only", paramLabel = "NAME", description = "Measure only the parts whose names contain NAME.")
    private String only = "";

    @Override
    public Integer call() throws InterruptedException {
        List<String> pieces = pieces();
        List<Table.Row> rows = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            String piece = pieces.get(i);
            tell("measuring " + name(piece) + ", " + (i + 1) + " of " + pieces.size());
            measure(piece).forEach(result -> rows.add(row(result)));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(new Table(COLUMNS, rows).printed().text());
        out.flush();
        return 0;
    }

    private static String name(String piece) {
        return piece.substring(piece.lastIndexOf('.') + 1);
    }

    private Collection<RunResult> measure(String piece) throws InterruptedException {
        try {
            return new Runner(options(piece)).run();
        } catch (RunnerException failed) {
            Throwable reason = reason(failed);
            if (reason instanceof InterruptedException) {
                throw new InterruptedException();
            }
            throw new IllegalStateException(name(piece) + ": " + reason.getMessage(), failed);
        } finally {
            // When it is interrupted, JMH leaves the process that it waits for.
            ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** JMH attaches what happened to the cause. */
    private static Throwable reason(RunnerException failed) {
        Throwable cause = failed.getCause();
        return cause == null || cause.getSuppressed().length == 0 ? failed : cause.getSuppressed()[0];
    }

    private List<String> pieces() {
        OutputFormat silence = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
        return BenchmarkList.defaultList().find(silence, List.of("^" + Pattern.quote(PACKAGE)), List.of()).stream()
                .map(BenchmarkListEntry::getUsername)
                .filter(piece -> name(piece).contains(only))
                .toList();
    }

    private Options options(String piece) {
        return new OptionsBuilder()
                .include("^" + Pattern.quote(piece) + "$")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(quick ? 1 : 3)
                .warmupIterations(quick ? 1 : 5)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(quick ? 2 : 5)
                .measurementTime(quick ? TimeValue.milliseconds(500) : TimeValue.seconds(1))
                .addProfiler("gc")
                .jvmArgsAppend(flags())
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
    }

    private static String[] flags() {
        // From there on each process would warn of what JMH does; source: JEP 498.
        return Runtime.version().feature() < 24
                ? new String[0]
                : new String[] {"--sun-misc-unsafe-memory-access=allow"};
    }

    private static Table.Row row(RunResult result) {
        Result<?> time = result.getPrimaryResult();
        Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return Table.Row.of(
                label(result), time.getScore(), time.getScoreError(), bytes == null ? Double.NaN : bytes.getScore());
    }

    private void tell(String what) {
        spec.commandLine().getErr().println("benchmark: " + what);
        spec.commandLine().getErr().flush();
    }

    private static String label(RunResult result) {
        String parameters = result.getParams().getParamsKeys().stream()
                .map(name -> ", " + result.getParams().getParam(name) + " " + name)
                .collect(Collectors.joining());
        return result.getPrimaryResult().getLabel() + parameters;
    }
}
