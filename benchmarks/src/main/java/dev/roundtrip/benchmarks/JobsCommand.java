package dev.roundtrip.benchmarks;

import dev.roundtrip.benchmarks.report.JsonReport;
import dev.roundtrip.benchmarks.report.Report;
import dev.roundtrip.benchmarks.report.TextReport;
import dev.roundtrip.benchmarks.run.JobPlan;
import dev.roundtrip.benchmarks.run.JobRun;
import dev.roundtrip.cli.BuildVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures AWS IoT Jobs and Commands. */
@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        description = "Measures jobs and commands from the request until the device succeeded, beside bare MQTT round"
                + " trips; how long a thing takes to start its next job with 10 and with 10,000 in its queue; and a"
                + " job for 1,000 things. It takes about five minutes.")
final class JobsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // Injected by picocli.
    private CommandSpec spec;

    @Option(names = "--quick", description = "Short turns, and one of each.")
    private boolean quick;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            defaultValue = "jobs.json",
            description = "File for all figures. Default: ${DEFAULT-VALUE}")
    private Path json = Path.of("jobs.json");

    @Override
    public Integer call() throws IOException, InterruptedException {
        // What cannot be written is told before anything is measured.
        Files.writeString(json, "");
        Report report = JobRun.measure(quick ? JobPlan.QUICK : JobPlan.FULL, this::tell);
        spec.commandLine().getOut().print(TextReport.render(report));
        spec.commandLine().getOut().flush();
        Files.writeString(json, JsonReport.render(report));
        return 0;
    }

    private void tell(String what) {
        spec.commandLine().getErr().println("benchmark: " + what);
        spec.commandLine().getErr().flush();
    }
}
