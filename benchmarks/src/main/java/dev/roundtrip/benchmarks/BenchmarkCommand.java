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
        subcommands = {HotCommand.class, ColdStartCommand.class, CostCommand.class},
        description = {
            "Starts the local cloud and devices, measures calls beside their references in one run, and prints a table; report.json and"
                    + " report.html have it all.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured, whatever came out",
            "1:could not be measured, and one line says why",
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
            description =
                    "Less of everything, in under two minutes: shows how, not how fast, for the compilers are at work all the while.")
    private boolean quick;

    @Option(
            names = "--runtime",
            paramLabel = "KIND",
            defaultValue = "in-process",
            description =
                    "What is measured: in-process, the whole with the function in the cloud's process; or process, the packaged function"
                            + " in processes of its own, as AWS Lambda runs it: calls beside the same in this process, direct delivery,"
                            + " presence=check, and memory; needs Linux. Default: ${DEFAULT-VALUE}")
    private RuntimeKind runtime = RuntimeKind.IN_PROCESS;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            defaultValue = "benchmark-report",
            description = "Where report.json and report.html go. Default: ${DEFAULT-VALUE}")
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
            tell("the compilers were still at work: a run without --quick is faster, and its targets are what counts");
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
