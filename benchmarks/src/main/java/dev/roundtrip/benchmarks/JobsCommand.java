package dev.roundtrip.benchmarks;

import dev.roundtrip.benchmarks.run.JobPlan;
import dev.roundtrip.benchmarks.run.JobRun;
import dev.roundtrip.cli.BuildVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures AWS IoT Jobs and Commands. */
@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        description = "Measures jobs and commands from the request until the device succeeded, beside bare MQTT round"
                + " trips; how long a thing takes to start its next job with 10 and with 10,000 in its queue; and a"
                + " job for 1,000 things. It takes about five minutes.")
final class JobsCommand implements Callable<Integer> {
    @Option(names = "--quick", description = "Short turns, and one of each.")
    private boolean quick;

    @Mixin
    private final FiguresOption figures = new FiguresOption(Path.of("jobs.json"));

    @Override
    public Integer call() throws IOException, InterruptedException {
        figures.write(progress -> JobRun.measure(quick ? JobPlan.QUICK : JobPlan.FULL, progress));
        return 0;
    }
}
