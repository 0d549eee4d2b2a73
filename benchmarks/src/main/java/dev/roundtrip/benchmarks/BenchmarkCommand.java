package dev.roundtrip.benchmarks;

import dev.roundtrip.benchmarks.coldstart.ColdStartCommand;
import dev.roundtrip.benchmarks.report.HtmlReport;
import dev.roundtrip.benchmarks.report.JsonReport;
import dev.roundtrip.benchmarks.report.Report;
import dev.roundtrip.benchmarks.report.TextReport;
import dev.roundtrip.benchmarks.run.DeployedRun;
import dev.roundtrip.benchmarks.run.Plan;
import dev.roundtrip.benchmarks.run.Run;
import dev.roundtrip.benchmarks.scaling.CostCommand;
import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.WrongUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures Roundtrip. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = BuildVersion.class,
        subcommands = {
            HotCommand.class,
            ColdStartCommand.class,
            CostCommand.class,
            ShadowsCommand.class,
            JobsCommand.class
        },
        description = {
            "Starts the local cloud and devices, measures calls and their references in the same run,"
                    + " and prints a table. report.json and report.html have all figures.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured; missed targets do not change the exit code",
            "1:could not measure; one line on standard error says why",
            "2:wrong usage",
            "130:ended in order by Ctrl-C",
            "143:ended in order by SIGTERM"
        })
final class BenchmarkCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Spec
    @SuppressWarnings("NullAway.Init") // Injected by picocli.
    private CommandSpec spec;

    @Option(
            names = "--quick",
            description = "A short run of less than two minutes. Its figures are worse than those of a whole run,"
                    + " because the JIT compilers are still busy.")
    private boolean quick;

    @Option(
            names = "--runtime",
            paramLabel = "KIND",
            defaultValue = "in-process",
            description = "in-process: the function runs in the process of the local cloud. process: the packaged"
                    + " function runs in its own processes, as on AWS Lambda; measures calls, the same calls"
                    + " in-process, direct delivery, presence=check and memory, and needs Linux. Default:"
                    + " ${DEFAULT-VALUE}")
    private RuntimeKind runtime = RuntimeKind.IN_PROCESS;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            defaultValue = "benchmark-report",
            description = "Directory for report.json and report.html. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // Injected by picocli.
    private Path directory;

    /** The command, ready to be executed. */
    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new BenchmarkCommand());
        command.setParameterExceptionHandler(new WrongUsage("benchmark"));
        command.setExecutionExceptionHandler((failure, line, result) -> {
            if (failure instanceof RuntimeException && !(failure instanceof IllegalStateException)) {
                failure.printStackTrace(line.getErr());
            }
            line.getErr()
                    .println("benchmark: "
                            + (failure instanceof InterruptedException
                                    ? "stopped before everything was measured"
                                    : "cannot go on: " + failure.getMessage()));
            line.getErr().flush();
            return FAILED;
        });
        return command;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        makeDirectory();
        report(measure());
        if (quick) {
            tell("the JIT compilers were still busy: only a run without --quick shows the speed, and counts"
                    + " for the targets");
        }
        return 0;
    }

    private Report measure() throws IOException, InterruptedException {
        return switch (runtime) {
            case IN_PROCESS -> Run.measure(quick ? Plan.QUICK : Plan.FULL, this::tell);
            case PROCESS -> DeployedRun.measure(quick ? Plan.QUICK : Plan.DEPLOYED, this::tell);
        };
    }

    /** What cannot be written is told before anything is measured. */
    private void makeDirectory() throws IOException {
        try {
            Files.createDirectories(directory);
        } catch (IOException refused) {
            throw new IOException(directory + " cannot be made; choose another with --report", refused);
        }
        if (!Files.isWritable(directory)) {
            throw new IOException(directory + " cannot be written to; choose another with --report");
        }
    }

    private void report(Report report) throws IOException {
        spec.commandLine().getOut().print(TextReport.render(report));
        spec.commandLine().getOut().flush();
        Files.writeString(directory.resolve("report.json"), JsonReport.render(report));
        Files.writeString(directory.resolve("report.html"), HtmlReport.render(report));
        tell("see " + directory.resolve("report.html").toAbsolutePath().normalize());
    }

    private void tell(String what) {
        spec.commandLine().getErr().println("benchmark: " + what);
        spec.commandLine().getErr().flush();
    }
}
