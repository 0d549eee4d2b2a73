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
import dev.roundtrip.protocol.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows and replaces the injected faults. */
@Command(
        name = "faults",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {
            "Prints the faults that the running local cloud injects, with counters. With SPEC"
                    + " replaces the faults; with off ends them.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  bin/local-cloud faults drop=0.1,seed=7")
final class FaultsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "SPEC|off",
            description = "What --faults of start takes; docs/faults.md has the words. off: no faults.")
    private @Nullable String faults;

    @Option(names = "--json", description = "Print the answer of the local API as JSON.")
    private boolean json;

    @Mixin
    private final StateOption state = new StateOption();

    @Override
    public Integer call() throws LocalApiException, StateException, InterruptedException {
        try (RunningCloud cloud = RunningCloud.find(state.directory())) {
            print(ask(cloud, faults));
        }
        return 0;
    }

    private static JsonNode ask(RunningCloud cloud, @Nullable String wanted)
            throws LocalApiException, InterruptedException {
        if (wanted == null) {
            return cloud.get("faults", Query.EMPTY);
        }
        return wanted.equals("off")
                ? cloud.delete("faults")
                : cloud.put("faults", Json.object().put("spec", wanted));
    }

    private void print(JsonNode answer) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(PrintedJson.lines(answer));
        } else {
            String now = CallLine.member(answer, "spec");
            out.println("Faults: " + (now.isEmpty() ? "off" : Printable.of(now)));
            counters(answer).forEach(out::println);
        }
        out.flush();
    }

    private static List<String> counters(JsonNode answer) {
        JsonNode counts = answer.path("counts");
        if (counts.isEmpty()) {
            return List.of();
        }
        TextTable table = new TextTable(Align.LEFT, Align.RIGHT, Align.RIGHT);
        table.row("fault", "now", "since the start");
        counts.propertyStream()
                .forEach(fault -> table.row(
                        Printable.of(fault.getKey()),
                        CallLine.member(fault.getValue(), "sinceReplaced"),
                        CallLine.member(fault.getValue(), "sinceStart")));
        return table.lines();
    }
}
