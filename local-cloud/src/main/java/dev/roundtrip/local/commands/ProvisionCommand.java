package dev.roundtrip.local.commands;

import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.Progress;
import dev.roundtrip.cli.StandardStream;
import dev.roundtrip.cli.TextTable;
import dev.roundtrip.cli.TextTable.Align;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.running.Provisioner;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.Target;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes what devices need to connect. */
@Command(
        name = "provision",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        description = {
            "Makes things in the state directory, each with its certificate, private key and policy. A thing that is"
                    + " there already stays as it is. When one cannot be made, the others are, and the same command"
                    + " makes what is missing. Works while the local cloud runs, and before.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  bin/local-cloud provision meter --count 100")
final class ProvisionCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    /** Our choice: it takes many minutes. */
    private static final int MAX_THINGS = 10_000;

    /** Of things that could not be made; our choice. */
    private static final int MAX_TOLD = 10;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final StateOption state = new StateOption();

    @Parameters(
            arity = "1..*",
            paramLabel = "NAME",
            description = "The devices: each name is 1 to 128 letters, digits and any of : _ -")
    private List<Target> names = List.of();

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Make N things for each name, NAME-1 to NAME-N, the names of device-simulator --count N.")
    private @Nullable Integer count;

    @Option(
            names = "--replace",
            description = "Make them anew. The certificate and key that a thing had are refused, and a device that is"
                    + " connected with them is disconnected.")
    private boolean replace;

    /** What became of one thing. */
    private sealed interface Outcome {
        record Made(Thing thing, String how) implements Outcome {}

        record Failed(Target name, StateException reason) implements Outcome {}
    }

    @Override
    public Integer call() throws StateException {
        Set<Target> all = all();
        StateDirectory directory = StateDirectory.open(state.directory());
        Progress progress = Progress.begin("local-cloud", spec.commandLine().getErr(), StandardStream.terminals());
        List<Outcome> outcomes = new ArrayList<>();
        try (Provisioner provisioner = Provisioner.open(directory, LocalCloudSettings.PREFIX)) {
            for (Target name : all) {
                outcomes.add(provision(directory.has(name), provisioner, name));
                progress.at(outcomes.size(), all.size(), "things");
            }
        }
        if (outcomes.size() == 1) {
            return tellOne(outcomes.getFirst());
        }
        tellAll(outcomes);
        return outcomes.stream().anyMatch(Outcome.Failed.class::isInstance) ? FAILED : 0;
    }

    private Set<Target> all() {
        if (count != null && (count < 1 || (long) count * names.size() > MAX_THINGS)) {
            throw wrongUsage("--count must be 1 or more, and all things together at most " + MAX_THINGS + ", but it is "
                    + count);
        }
        Set<Target> all = new LinkedHashSet<>();
        for (Target name : names) {
            for (Target one : count == null ? List.of(name) : numbered(name, count)) {
                if (!all.add(one)) {
                    throw wrongUsage(one + " is given twice");
                }
            }
        }
        return all;
    }

    private List<Target> numbered(Target prefix, int howMany) {
        try {
            return NumberedNames.of(prefix, howMany);
        } catch (MalformedNameException malformed) {
            throw wrongUsage(prefix + " is too long for numbers behind it: a device's name has at most "
                    + Target.MAX_LENGTH + " characters");
        }
    }

    private Outcome provision(boolean isKnown, Provisioner provisioner, Target name) {
        try {
            Thing thing = replace ? provisioner.replace(name) : provisioner.provision(name);
            return new Outcome.Made(thing, isKnown ? replace ? "replaced" : "was there already" : "new");
        } catch (StateException failed) {
            return new Outcome.Failed(name, failed);
        }
    }

    private int tellOne(Outcome outcome) throws StateException {
        Outcome.Made made = switch (outcome) {
            case Outcome.Made thing -> thing;
            case Outcome.Failed failed -> throw failed.reason();
        };
        Thing thing = made.thing();
        PrintWriter out = spec.commandLine().getOut();
        out.println("Thing        " + thing.name() + "   " + made.how());
        out.println("Certificate  " + thing.files().certificate());
        out.println("Key          " + thing.files().privateKey());
        out.println("Policy       " + thing.files().policy());
        out.println();
        out.println("While the local cloud runs, this makes it a simulated device:");
        out.println("  " + Shell.source(state.directory()));
        out.println("  " + Shell.device(thing));
        out.flush();
        return 0;
    }

    private void tellAll(List<Outcome> outcomes) {
        TextTable table = new TextTable(Align.LEFT, Align.LEFT, Align.LEFT);
        table.row("Thing", "", "Files");
        List<Thing> made = new ArrayList<>();
        List<Outcome.Failed> failures = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Made one -> {
                    made.add(one.thing());
                    table.row(
                            one.thing().name().value(),
                            one.how(),
                            one.thing().files().directory().toString());
                }
                case Outcome.Failed failed -> failures.add(failed);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (!made.isEmpty()) {
            table.lines().forEach(out::println);
            out.println();
            out.println("Each directory has certificate.pem, private.key and policy.json. While the local cloud runs,"
                    + " this makes simulated devices:");
            out.println("  " + Shell.source(state.directory()));
            commands(made.getFirst()).forEach(command -> out.println("  " + command));
            out.flush();
        }
        tell(failures, outcomes.size());
    }

    /** One for all devices of a number, or one for the first device. */
    private List<String> commands(Thing first) {
        return count == null
                ? List.of(Shell.device(first))
                : names.stream().map(name -> Shell.fleet(first, name, count)).toList();
    }

    private void tell(List<Outcome.Failed> failures, int all) {
        PrintWriter err = spec.commandLine().getErr();
        failures.stream()
                .limit(MAX_TOLD)
                .forEach(failed -> err.println("local-cloud: " + failed.name() + " was not made: "
                        + failed.reason().getMessage()));
        if (!failures.isEmpty()) {
            err.println("local-cloud: " + failures.size() + " of " + all
                    + " things were not made; the same command makes what is missing");
        }
        err.flush();
    }

    private ParameterException wrongUsage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
