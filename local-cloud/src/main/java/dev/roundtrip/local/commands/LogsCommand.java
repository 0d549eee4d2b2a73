package dev.roundtrip.local.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.Printable;
import dev.roundtrip.local.running.LocalApiException;
import dev.roundtrip.local.running.Query;
import dev.roundtrip.local.running.RunningCloud;
import dev.roundtrip.local.running.Subscription;
import dev.roundtrip.local.store.StateException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the log. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {
            "Prints the last lines of the log of the running local cloud, one JSON object a line."
                    + " docs/log.md has the members.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  bin/local-cloud logs --follow")
final class LogsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--follow", description = "Go on with each new line, until Ctrl-C.")
    private boolean follow;

    @Mixin
    private final StateOption state = new StateOption();

    @Override
    public Integer call() throws LocalApiException, StateException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (RunningCloud cloud = RunningCloud.find(state.directory())) {
            JsonNode answer = cloud.get("logs", Query.EMPTY);
            answer.path("lines").forEach(line -> out.println(Printable.of(line.asText())));
            out.flush();
            return follow
                    ? Following.until(
                            spec,
                            new Subscription(cloud, Query.EMPTY.with("kind", "log"), CallLine.member(answer, "id")),
                            event -> out.println(
                                    event.data().isTextual()
                                            ? Printable.of(event.data().asText())
                                            : PrintedJson.line(event.data())))
                    : 0;
        }
    }
}
