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

/** Shows how the local cloud is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {"Prints ports, clients, waiting calls, faults and memory of the running local cloud.", ""},
        footerHeading = "%nExample:%n",
        footer = "  bin/local-cloud status")
final class StatusCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--json", description = "Print the answer of the local API as JSON.")
    private boolean json;

    @Mixin
    private final StateOption state = new StateOption();

    @Override
    public Integer call() throws LocalApiException, StateException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (RunningCloud cloud = RunningCloud.find(state.directory())) {
            JsonNode status = cloud.get("status", Query.EMPTY);
            if (json) {
                out.println(PrintedJson.lines(status));
            } else {
                TextTable table = new TextTable(Align.LEFT, Align.LEFT);
                table.row("what", "value");
                add(table, "", status);
                table.lines(Screen.of(spec, System.getenv()).columns()).forEach(out::println);
            }
            out.flush();
        }
        return 0;
    }

    /** A member in a line; the members of a member with its name in front. */
    private static void add(TextTable table, String prefix, JsonNode object) {
        object.propertyStream().forEach(member -> {
            if (member.getValue().isObject()) {
                add(table, prefix + member.getKey() + ".", member.getValue());
            } else if (!member.getValue().isNull()) {
                table.row(
                        Printable.of(prefix + member.getKey()),
                        Printable.of(
                                member.getValue().isValueNode()
                                        ? member.getValue().asText()
                                        : member.getValue().toString()));
            }
        });
    }
}
