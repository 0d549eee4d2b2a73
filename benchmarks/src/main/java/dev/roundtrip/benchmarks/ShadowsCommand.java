package dev.roundtrip.benchmarks;

import dev.roundtrip.benchmarks.run.ShadowPlan;
import dev.roundtrip.benchmarks.run.ShadowRun;
import dev.roundtrip.cli.BuildVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures Device Shadow, and many devices. */
@Command(
        name = "shadows",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        description = "Measures updates of shadows over MQTT and HTTP, in a file and in memory, beside bare MQTT round"
                + " trips; the store of tables alone; then connects 10,000 devices from a process of their own, and"
                + " measures what an update costs with 100 and with 10,000 of them. It takes about five minutes. 10,000"
                + " devices need 10,000 open files in each process.")
final class ShadowsCommand implements Callable<Integer> {
    private static final int MAX_DEVICES = 20_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // Injected by picocli.
    private CommandSpec spec;

    @Option(names = "--quick", description = "Short turns, and 1,000 devices in place of 10,000.")
    private boolean quick;

    @Option(
            names = "--devices",
            paramLabel = "N",
            description = "How many devices connect in the end, 101 to 20,000. Default: 10,000, with --quick 1,000.")
    private @Nullable Integer devices;

    @Mixin
    private final FiguresOption figures = new FiguresOption(Path.of("shadows.json"));

    @Override
    public Integer call() throws IOException, InterruptedException {
        ShadowPlan plan = plan();
        figures.write(progress -> ShadowRun.measure(plan, progress));
        return 0;
    }

    private ShadowPlan plan() {
        ShadowPlan plan = quick ? ShadowPlan.QUICK : ShadowPlan.FULL;
        if (devices == null) {
            return plan;
        }
        if (devices <= plan.few() || devices > MAX_DEVICES) {
            throw new ParameterException(spec.commandLine(), "--devices must be from 101 to 20000: " + devices);
        }
        return plan.withMany(devices);
    }
}
