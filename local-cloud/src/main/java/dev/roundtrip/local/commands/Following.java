package dev.roundtrip.local.commands;

import dev.roundtrip.cli.PipeReader;
import dev.roundtrip.cli.StopSignal;
import dev.roundtrip.local.running.LocalApiException;
import dev.roundtrip.local.running.ServerEvent;
import dev.roundtrip.local.running.Subscription;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;

/** Prints events until Ctrl-C, until nobody reads any more, or until the local cloud has stopped. */
final class Following {
    private Following() {}

    /** @param printer prints one event
     * @return the exit code
     * @throws LocalApiException when the local cloud refuses
     */
    static int until(CommandSpec spec, Subscription events, Consumer<ServerEvent> printer)
            throws LocalApiException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Thread reading = Thread.currentThread();
        try (StopSignal stop = StopSignal.install("local-cloud")) {
            try (PipeReader reader = PipeReader.watch(() -> {
                stop.raise();
                reading.interrupt();
            })) {
                events.read(event -> {
                    if (event.kind().equals("gap")) {
                        err.println("local-cloud: " + event.data().path("lost").asLong()
                                + " events were lost: they came faster than they were read");
                        err.flush();
                    } else {
                        printer.accept(event);
                    }
                    return !out.checkError();
                });
            } catch (LocalApiException failed) {
                if (stop.isRaised()) {
                    return 0;
                }
                if (failed.kind() != LocalApiException.Kind.NOT_RUNNING) {
                    throw failed;
                }
                err.println("local-cloud: the local cloud has stopped");
                err.flush();
            } catch (InterruptedException interrupted) {
                if (!stop.isRaised()) {
                    throw interrupted;
                }
            }
        }
        return 0;
    }
}
