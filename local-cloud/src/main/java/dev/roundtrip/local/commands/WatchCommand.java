package dev.roundtrip.local.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.local.running.LocalApiException;
import dev.roundtrip.local.running.RunningCloud;
import dev.roundtrip.local.running.ServerEvent;
import dev.roundtrip.local.running.Subscription;
import dev.roundtrip.local.store.StateException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows calls while they end. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {
            "Prints one line for each call of the running local cloud, when the call has ended, until Ctrl-C.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  bin/local-cloud watch --device my-device --failed")
final class WatchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final CallFilter filter = new CallFilter();

    @Option(names = "--json", description = "Print each call as one line of JSON.")
    private boolean json;

    @Mixin
    private final StateOption state = new StateOption();

    @Override
    public Integer call() throws LocalApiException, StateException, InterruptedException {
        Screen screen = Screen.of(spec, System.getenv());
        PrintWriter out = spec.commandLine().getOut();
        try (RunningCloud cloud = RunningCloud.find(state.directory())) {
            if (!json) {
                out.println(CallLine.head(screen));
                out.flush();
            }
            return Following.until(
                    spec,
                    new Subscription(cloud, filter.query().with("kind", "call")),
                    event -> print(out, event, screen));
        }
    }

    private void print(PrintWriter out, ServerEvent event, Screen screen) {
        JsonNode call = event.data();
        out.println(json ? PrintedJson.line(call) : CallLine.of(call).text(screen));
    }
}
