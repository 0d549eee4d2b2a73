package dev.roundtrip.local.commands;

import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.running.LocalApiException;
import dev.roundtrip.local.running.RunningCloud;
import dev.roundtrip.local.store.StateException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Stops the local cloud. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {"Stops the running local cloud in order, as Ctrl-C does, and waits until it has stopped.", ""},
        footerHeading = "%nExample:%n",
        footer = "  bin/local-cloud stop")
final class StopCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int FAILED = 1;

    @Mixin
    private final StateOption state = new StateOption();

    @Override
    public Integer call() throws LocalApiException, StateException, InterruptedException {
        try (RunningCloud cloud = RunningCloud.find(state.directory())) {
            stop(cloud);
        }
        StateDirectory directory = StateDirectory.open(state.directory());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (directory.isRunning()) {
            if (System.nanoTime() - deadline > 0) {
                spec.commandLine()
                        .getErr()
                        .println("local-cloud: it still runs after " + PATIENCE.toSeconds()
                                + " s: its log says what it waits for");
                return FAILED;
            }
            // No other process tells when it lets go of a lock.
            Thread.sleep(PAUSE);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("The local cloud with the state in " + directory.path() + " has stopped.");
        out.flush();
        return 0;
    }

    /** A cloud that goes before its answer is read has heard. */
    private static void stop(RunningCloud cloud) throws LocalApiException, InterruptedException {
        try {
            cloud.post("stop");
        } catch (LocalApiException failed) {
            if (failed.kind() != LocalApiException.Kind.NOT_RUNNING) {
                throw failed;
            }
        }
    }
}
