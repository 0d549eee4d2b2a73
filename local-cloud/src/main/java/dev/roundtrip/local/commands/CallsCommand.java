package dev.roundtrip.local.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.local.running.LocalApiException;
import dev.roundtrip.local.running.RunningCloud;
import dev.roundtrip.local.store.StateException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the last calls. */
@Command(
        name = "calls",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {"Prints the last calls of the running local cloud, one line each, the newest last.", ""},
        footerHeading = "%nExample:%n",
        footer = "  bin/local-cloud calls --failed")
final class CallsCommand implements Callable<Integer> {
    private static final int MAX_LIMIT = 1_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final CallFilter filter = new CallFilter();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many calls at most, 1 to 1000. Default: ${DEFAULT-VALUE}")
    private int limit;

    @Option(names = "--json", description = "Print each call as one line of JSON.")
    private boolean json;

    @Mixin
    private final StateOption state = new StateOption();

    @Override
    public Integer call() throws LocalApiException, StateException, InterruptedException {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ParameterException(spec.commandLine(), "--limit must be 1 to " + MAX_LIMIT + ", but is " + limit);
        }
        try (RunningCloud cloud = RunningCloud.find(state.directory())) {
            JsonNode calls = cloud.get("calls", filter.query().with("limit", String.valueOf(limit)))
                    .path("calls");
            List<JsonNode> oldestFirst = new ArrayList<>();
            calls.forEach(oldestFirst::add);
            Collections.reverse(oldestFirst);
            print(oldestFirst);
        }
        return 0;
    }

    private void print(List<JsonNode> calls) {
        PrintWriter out = spec.commandLine().getOut();
        Screen screen = Screen.of(spec, System.getenv());
        if (json) {
            calls.forEach(call -> out.println(PrintedJson.line(call)));
        } else if (calls.isEmpty()) {
            spec.commandLine().getErr().println("local-cloud: there is no such call in the journal");
        } else {
            out.println(CallLine.head(screen));
            calls.forEach(call -> out.println(CallLine.of(call).text(screen)));
        }
        out.flush();
    }
}
