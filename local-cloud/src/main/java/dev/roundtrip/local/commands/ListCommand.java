package dev.roundtrip.local.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.Printable;
import dev.roundtrip.cli.TextTable;
import dev.roundtrip.cli.TextTable.Align;
import dev.roundtrip.local.running.LocalApiException;
import dev.roundtrip.local.running.Query;
import dev.roundtrip.local.running.RunningCloud;
import dev.roundtrip.local.store.StateException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the things. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {"Prints the things of the running local cloud, and which of them are connected.", ""},
        footerHeading = "%nExample:%n",
        footer = "  bin/local-cloud list")
final class ListCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--json", description = "Print each thing as one line of JSON.")
    private boolean json;

    @Mixin
    private final StateOption state = new StateOption();

    @Override
    public Integer call() throws LocalApiException, StateException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (RunningCloud cloud = RunningCloud.find(state.directory())) {
            JsonNode things = cloud.get("things", Query.EMPTY).path("things");
            if (json) {
                things.forEach(thing -> out.println(PrintedJson.line(thing)));
            } else if (things.isEmpty()) {
                spec.commandLine()
                        .getErr()
                        .println("local-cloud: there is no thing: make one with " + Shell.program("local-cloud")
                                + " provision my-device");
            } else {
                table(things).lines(Screen.of(spec, System.getenv()).columns()).forEach(out::println);
            }
            out.flush();
        }
        return 0;
    }

    private static TextTable table(JsonNode things) {
        TextTable table = new TextTable(Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT);
        table.row("thing", "state", "since", "why");
        things.forEach(thing -> {
            String since = CallLine.member(thing, "since");
            boolean connected = thing.path("connected").asBoolean();
            table.row(
                    Printable.of(CallLine.member(thing, "name")),
                    connected ? "connected" : since.isEmpty() ? "never connected" : "away",
                    Printable.of(since),
                    Printable.of(CallLine.member(thing, "reason")));
        });
        return table;
    }
}
