package dev.roundtrip.things;

import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.Progress;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.Target;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes things that can connect. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {
            "Makes things, PREFIX_0 to PREFIX_N-1, each with a certificate of its own, and one policy for all of them:"
                    + " each may connect as itself alone, and publish and listen at and below one topic. Private keys"
                    + " are made here and stay in the directory. What is there already stays as it is; the same command"
                    + " completes a run that was stopped.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  bin/things create --things 3 --prefix meter")
final class CreateCommand implements Callable<Integer> {
    /** Our choice: it takes an hour or more. */
    private static final int MAX_THINGS = 10_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private ThingsCommand parent;

    @Option(
            names = "--things",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many things there shall be with this prefix. Default: ${DEFAULT-VALUE}")
    private int count;

    @Option(
            names = "--prefix",
            paramLabel = "P",
            defaultValue = "thing",
            description = "How their names begin. Default: ${DEFAULT-VALUE}")
    private String prefix = "";

    @Option(
            names = "--topic",
            paramLabel = "T",
            description = "The topic at and below which they may publish and listen, fixed for the directory. Default: "
                    + TopicRoot.DEFAULT)
    private @Nullable TopicRoot topic;

    @Mixin
    private final DirectoryOption directoryOption = new DirectoryOption();

    @Override
    public Integer call() throws ThingsException, InterruptedException {
        List<Target> names = names();
        ThingsDirectory directory = directoryOption.directory();
        try (DirectoryLock lock = directory.lock();
                Cloud cloud = parent.environment().clouds().get()) {
            Creation creation = new Creation(
                    cloud,
                    directory,
                    InstantSource.system(),
                    parent.environment().pause());
            DirectoryRecord common = creation.open(topic);
            PrintWriter err = spec.commandLine().getErr();
            Progress progress = Progress.begin(
                    "things", err, parent.environment().terminals().get());
            int made = creation.make(planned(directory, names), done -> progress.at(done, names.size(), "things"));
            tell(directory, common, names, made);
        }
        return 0;
    }

    private List<Target> names() {
        if (count < 1 || count > MAX_THINGS) {
            throw new ParameterException(
                    spec.commandLine(), "--things must be 1 to " + MAX_THINGS + ", but is " + count);
        }
        try {
            // The thing of subscribe has this ending.
            var unused = ThingLogin.clientId(prefix + SubscribeCommand.LISTENER, ThingLogin.newRun());
            List<Target> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add(new Target(prefix + "_" + i));
            }
            return names;
        } catch (MalformedNameException malformed) {
            throw new ParameterException(
                    spec.commandLine(),
                    String.valueOf(malformed.getMessage())
                            .replaceFirst("^target", "a thing's name, --prefix with an ending,"),
                    malformed);
        }
    }

    private static List<ThingRecord> planned(ThingsDirectory directory, List<Target> names) throws ThingsException {
        List<ThingRecord> things = new ArrayList<>();
        for (Target name : names) {
            things.add(directory.thing(name).orElseGet(() -> ThingRecord.planned(name, ThingRecord.Role.SENDER)));
        }
        return things;
    }

    private void tell(ThingsDirectory directory, DirectoryRecord common, List<Target> names, int made) {
        PrintWriter out = spec.commandLine().getOut();
        String range = names.size() == 1 ? names.getFirst().value() : names.getFirst() + " to " + names.getLast();
        out.println("Things       " + range + "   " + made + " new, " + (names.size() - made) + " there already");
        out.println("Where        " + common.where());
        out.println("Policy       " + common.policyName() + ", for the topic " + common.topic());
        out.println("Directory    " + directory.root() + "   certificates and private keys");
        out.flush();
    }
}
