package dev.roundtrip.local.commands;

import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.local.running.LocalApiException;
import dev.roundtrip.local.running.Query;
import dev.roundtrip.local.running.RunningCloud;
import dev.roundtrip.local.running.Subscription;
import dev.roundtrip.local.store.StateException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows messages and clients while they come. */
@Command(
        name = "traffic",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {
            "Prints each step of each message whose topic matches one of the filters, and each client that"
                    + " connects, subscribes or leaves, until Ctrl-C.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  bin/local-cloud traffic 'my-device/#' 'roundtrip/+/my-device/+/ack'")
final class TrafficCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILTER",
            description = "MQTT topic filters; + stands for one level, # for all that follow. '#' shows everything.")
    private List<String> filters = List.of();

    @Option(names = "--json", description = "Print each step as one line of JSON.")
    private boolean json;

    @Mixin
    private final StateOption state = new StateOption();

    @Override
    public Integer call() throws LocalApiException, StateException, InterruptedException {
        Query query = Query.EMPTY.with("kind", "message").with("kind", "client");
        for (String filter : filters) {
            query = query.with("topic", filter);
        }
        PrintWriter out = spec.commandLine().getOut();
        Screen screen = Screen.of(spec, System.getenv());
        try (RunningCloud cloud = RunningCloud.find(state.directory())) {
            return Following.until(
                    spec,
                    new Subscription(cloud, query),
                    event -> out.println(json ? PrintedJson.line(event.data()) : StepLine.text(event.data(), screen)));
        }
    }
}
