package dev.roundtrip.things;

import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.StopSignal;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.protocol.Target;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Prints what is published. */
@Command(
        name = "subscribe",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {
            "Prints each message in a line, topic and payload (MQTT 5, QoS 1). It connects as a thing of its own,"
                    + " PREFIX_listener, which the first run makes and clean deletes.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  bin/things subscribe --duration 60")
final class SubscribeCommand implements Callable<Integer> {
    /** How the name of the thing that listens ends. */
    static final String LISTENER = "_listener";

    private static final int MAX_SECONDS = 86_400;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private ThingsCommand parent;

    @Option(
            names = "--topic",
            paramLabel = "T",
            description = "A topic filter: the topic of create, or one below it; + and # are wildcards. Default: the"
                    + " topic of create, and everything below it")
    private @Nullable String topic;

    @Option(
            names = "--duration",
            paramLabel = "S",
            defaultValue = "10",
            description = "For how many seconds. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private final DirectoryOption directoryOption = new DirectoryOption();

    @Override
    public Integer call() throws ThingsException, InterruptedException {
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(), "--duration must be 1 to " + MAX_SECONDS + " seconds, but is " + seconds);
        }
        DirectoryRecord common = directoryOption.common();
        String filter = filter(common);
        Endpoint endpoint;
        Target listener;
        try (Cloud cloud = parent.environment().clouds().get()) {
            listener = listener(cloud);
            endpoint = ConnectionOptions.endpoint(cloud);
        }
        return connection.trusting(
                parent.environment().variables(),
                authorities -> listen(
                        new ThingLogin(
                                listener,
                                ThingLogin.newRun(),
                                endpoint,
                                directoryOption.directory().tls(listener, authorities)),
                        filter));
    }

    private String filter(DirectoryRecord common) {
        try {
            return topic == null ? common.topic().filterOfAll() : common.topic().filter(topic);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--topic: " + wrong.getMessage(), wrong);
        }
    }

    /** The thing that listens, made when it is missing. */
    private Target listener(Cloud cloud) throws ThingsException, InterruptedException {
        ThingsDirectory directory = directoryOption.directory();
        Optional<ThingRecord> known = known(directory);
        if (known.isPresent() && known.get().isComplete()) {
            Creation.requireSame(directoryOption.common(), cloud, directory);
            return known.get().name();
        }
        try (DirectoryLock lock = directory.lock()) {
            Creation creation = new Creation(
                    cloud,
                    directory,
                    InstantSource.system(),
                    parent.environment().pause());
            var unused = creation.open(null);
            ThingRecord planned = known(directory).orElse(planned(directory));
            creation.make(List.of(planned), done -> {});
            return planned.name();
        }
    }

    private static Optional<ThingRecord> known(ThingsDirectory directory) throws ThingsException {
        return directory.things().stream()
                .filter(thing -> thing.role() == ThingRecord.Role.LISTENER)
                .findFirst();
    }

    /** Named like the first thing. */
    private static ThingRecord planned(ThingsDirectory directory) throws ThingsException {
        String name = directory.things().stream()
                .findFirst()
                .map(thing -> thing.name().value().replaceFirst("_[0-9]+$", ""))
                .orElseThrow(() -> new ThingsException(
                        "there are no things in " + directory.root() + ": make some with bin/things create"));
        return ThingRecord.planned(new Target(name + LISTENER), ThingRecord.Role.LISTENER);
    }

    private int listen(ThingLogin login, String filter) throws ThingsException, InterruptedException {
        Listening listening = new Listening();
        try (StopSignal stop = StopSignal.install("things");
                ThingFleet fleet = ThingFleet.connect(List.of(login), listening, done -> {})) {
            try {
                print(listening, fleet.things().getFirst(), filter);
            } catch (InterruptedException ended) {
                if (!stop.isRaised()) {
                    throw ended;
                }
            }
            if (listening.dropped() > 0) {
                spec.commandLine()
                        .getErr()
                        .println("things: " + listening.dropped() + " messages came faster than they were printed, and"
                                + " are not printed");
            }
            return 0;
        }
    }

    private void print(Listening listening, ConnectedThing thing, String filter)
            throws ThingsException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (true) {
            long left = end - System.nanoTime();
            Listening.Event event = left <= 0 ? null : listening.next(left);
            switch (event) {
                case null -> {
                    return;
                }
                case Listening.Event.Connected connected -> {
                    thing.subscribe(filter);
                    err.println("things: " + thing.name() + " listens to " + filter + " for " + seconds + " s");
                }
                case Listening.Event.Lost lost ->
                    err.println("things: the connection was lost, and is renewed: " + lost.reason());
                case Listening.Event.Message message -> out.println(message.line());
            }
            out.flush();
            err.flush();
        }
    }
}
