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
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows one call step by step. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {
            "Prints what happened to one call of the running local cloud, step by step, why it ended as it did, and"
                    + " what to do.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  bin/local-cloud explain last")
final class ExplainCommand implements Callable<Integer> {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "ID",
            description = "The id of the call, or its request id; both are in the headers of the answer and in the log."
                    + " last: the call that began last.")
    private String id = "";

    @Option(names = "--json", description = "Print the call as JSON.")
    private boolean json;

    @Mixin
    private final StateOption state = new StateOption();

    @Override
    public Integer call() throws LocalApiException, StateException, InterruptedException {
        if (!ID.matcher(id).matches()) {
            throw new ParameterException(spec.commandLine(), "'" + Printable.of(id) + "' is no id of a call");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (RunningCloud cloud = RunningCloud.find(state.directory())) {
            JsonNode call = cloud.get("calls/" + id, Query.EMPTY);
            if (json) {
                out.println(PrintedJson.lines(call));
            } else {
                print(call, out, Screen.of(spec, System.getenv()));
            }
            out.flush();
        }
        return 0;
    }

    private static void print(JsonNode call, PrintWriter out, Screen screen) {
        out.println(Printable.of("Call %s of %s by %s: %s, HTTP %s, %s ms"
                .formatted(
                        text(call, "id"),
                        CallLine.method(call),
                        CallLine.shortName(CallLine.member(call, "caller")),
                        text(call, "result"),
                        text(call, "status"),
                        CallLine.millis(call.path("elapsedMillis")))));
        out.println();
        TextTable steps = new TextTable(Align.RIGHT, Align.LEFT, Align.LEFT, Align.LEFT);
        steps.row("at ms", "step", "who", "what");
        call.path("steps")
                .forEach(step -> steps.row(
                        CallLine.millis(step.path("atMillis")),
                        StepLine.name(step),
                        StepLine.who(step),
                        StepLine.what(step)));
        steps.lines(screen.columns()).forEach(out::println);
        out.println();
        if (call.path("mayLack").asBoolean()) {
            out.println("Older steps of this call may have left the journal.");
        }
        JsonNode diagnosis = call.path("diagnosis");
        out.println(Printable.of(CallLine.member(diagnosis, "sentence")));
        String advice = CallLine.member(diagnosis, "advice");
        if (!advice.isEmpty()) {
            out.println(Printable.of(advice));
        }
    }

    private static String text(JsonNode call, String name) {
        String text = CallLine.member(call, name);
        return text.isEmpty() ? "-" : text;
    }
}
