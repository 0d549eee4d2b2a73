package dev.roundtrip.things;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.Printable;
import dev.roundtrip.cli.Progress;
import dev.roundtrip.cli.StopSignal;
import dev.roundtrip.cli.SystemReason;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.Topic;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Has all things publish for a while. */
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {
            "Connects all things of the directory, each with its own certificate, and has each publish at a steady rate"
                    + " (MQTT 5, QoS 1). At the end it says how many messages were sent, acknowledged and failed."
                    + " Ctrl-C ends it before its time.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  bin/things send --duration 30 --rate 2 --append-thing-name")
final class SendCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    /** Source: AWS IoT Core message broker limits, "Publish requests per second per connection". */
    private static final double MAX_RATE = 100;

    private static final int MAX_SECONDS = 86_400;

    /** Source: AWS IoT Core message broker limits, "Payload size". */
    private static final int MAX_BYTES = 128 * 1024;

    private static final ObjectReader ONE_VALUE =
            new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private ThingsCommand parent;

    @Option(
            names = "--topic",
            paramLabel = "T",
            description = "Where to publish: the topic of create, or one below it. Default: the topic of create")
    private @Nullable String topic;

    @Option(names = "--append-thing-name", description = "Each thing publishes to T/NAME with its own name.")
    private boolean isNameAppended;

    @Option(
            names = "--duration",
            paramLabel = "S",
            defaultValue = "10",
            description = "For how many seconds. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "1",
            description = "Messages of each thing in a second, such as 0.5 or 20. Default: ${DEFAULT-VALUE}")
    private double rate;

    @Option(
            names = "--json-message",
            paramLabel = "FILE",
            description = "Publish what is in this file, JSON of at most 128 KiB, as it is. Without it each message has"
                    + " the thing's name, a number and the time.")
    private @Nullable Path file;

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private final DirectoryOption directoryOption = new DirectoryOption();

    @Override
    public Integer call() throws ThingsException, InterruptedException {
        check();
        DirectoryRecord common = directoryOption.common();
        Sending.Message message = message(common, payload());
        List<Target> names = names();
        for (Target name : names) {
            checkTopic(message, name);
        }
        String run = ThingLogin.newRun();
        Endpoint endpoint;
        try (Cloud cloud = parent.environment().clouds().get()) {
            Creation.requireSame(common, cloud, directoryOption.directory());
            endpoint = ConnectionOptions.endpoint(cloud);
        }
        return connection.trusting(
                parent.environment().variables(),
                authorities -> send(
                        names.stream()
                                .map(name -> new ThingLogin(
                                        name,
                                        run,
                                        endpoint,
                                        directoryOption.directory().tls(name, authorities)))
                                .toList(),
                        message));
    }

    private void check() {
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw wrongUsage("--duration must be 1 to " + MAX_SECONDS + " seconds, but is " + seconds);
        }
        if (!(rate >= 0.01 && rate <= MAX_RATE)) {
            throw wrongUsage("--rate must be 0.01 to 100 messages in a second, but is " + rate);
        }
    }

    private void checkTopic(Sending.Message message, Target name) {
        try {
            var unused = message.topic(name);
        } catch (IllegalArgumentException wrong) {
            throw wrongUsage("--topic: " + wrong.getMessage());
        }
    }

    private byte @Nullable [] payload() throws ThingsException {
        if (file == null) {
            return null;
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw wrongUsage("--json-message: " + file + " has more than " + MAX_BYTES + " bytes");
            }
            byte[] payload = Files.readAllBytes(file);
            JsonNode read = ONE_VALUE.readTree(payload);
            if (read.isMissingNode()) {
                throw new ThingsException("--json-message: " + file + " is empty");
            }
            return payload;
        } catch (JsonProcessingException malformed) {
            throw new ThingsException(
                    "--json-message: " + file + " is not JSON, line "
                            + malformed.getLocation().getLineNr(),
                    malformed);
        } catch (IOException unreadable) {
            throw new ThingsException(
                    "--json-message: cannot read " + file + ": " + SystemReason.of(unreadable), unreadable);
        }
    }

    private Sending.Message message(DirectoryRecord common, byte @Nullable [] fixed) {
        String base = topic == null ? common.topic().value() : topic;
        InstantSource clock = InstantSource.system();
        return new Sending.Message() {
            @Override
            public Topic topic(Target thing) {
                return common.topic().topic(isNameAppended ? base + "/" + thing : base);
            }

            @Override
            public byte[] payload(Target thing, long number) {
                return fixed != null
                        ? fixed
                        : JsonNodeFactory.instance
                                .objectNode()
                                .put("thing", thing.value())
                                .put("number", number)
                                .put("timestamp", clock.millis())
                                .toString()
                                .getBytes(StandardCharsets.UTF_8);
            }
        };
    }

    private List<Target> names() throws ThingsException {
        List<Target> names = new ArrayList<>();
        int incomplete = 0;
        for (ThingRecord thing : directoryOption.directory().things()) {
            if (thing.role() == ThingRecord.Role.SENDER) {
                if (thing.isComplete()) {
                    names.add(thing.name());
                } else {
                    incomplete++;
                }
            }
        }
        if (names.isEmpty()) {
            throw new ThingsException(
                    "no thing in " + directoryOption.directory().root() + " is complete: run bin/things create again");
        }
        if (incomplete > 0) {
            spec.commandLine()
                    .getErr()
                    .println("things: " + incomplete + " things are not complete and do not send: bin/things create"
                            + " completes them");
        }
        return names;
    }

    private int send(List<ThingLogin> logins, Sending.Message message) throws ThingsException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Sending.Plan plan =
                new Sending.Plan(message, Duration.ofSeconds(seconds), Duration.ofNanos(Math.round(1e9 / rate)));
        Sending sending = new Sending(plan);
        try (StopSignal stop = StopSignal.install("things")) {
            Progress connecting = Progress.begin(
                    "things", err, parent.environment().terminals().get());
            try (ThingFleet fleet =
                    ThingFleet.connect(logins, done -> connecting.at(done, logins.size(), "things connected"))) {
                long all = plan.messages() * logins.size();
                Sending.Summary summary = run(sending, fleet, all);
                tell(summary, logins.size());
                return summary.failed() == 0 ? 0 : FAILED;
            } catch (InterruptedException ended) {
                if (!stop.isRaised()) {
                    throw ended;
                }
                return 0;
            }
        }
    }

    /** Runs it beside this thread, which tells how far it is, and ends it when the process shall end. */
    private Sending.Summary run(Sending sending, ThingFleet fleet, long all) throws InterruptedException {
        Progress progress = Progress.begin(
                "things",
                spec.commandLine().getErr(),
                parent.environment().terminals().get());
        var result = new CompletableFuture<Sending.Summary>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(sending.run(fleet.things()));
            } catch (InterruptedException | RuntimeException failed) {
                result.completeExceptionally(failed);
            }
        });
        while (true) {
            try {
                return result.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException notYet) {
                progress.at(
                        (int) Math.min(sending.sent(), Integer.MAX_VALUE),
                        (int) Math.min(all, Integer.MAX_VALUE),
                        "messages sent");
            } catch (InterruptedException end) {
                sending.stop();
            } catch (ExecutionException defect) {
                throw new IllegalStateException(defect);
            }
        }
    }

    private void tell(Sending.Summary summary, int things) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Things         " + things);
        out.println("Sent           " + summary.sent());
        out.println("Acknowledged   " + summary.acknowledged());
        out.println("Failed         " + summary.failed());
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        summary.reasons()
                .forEach((reason, times) -> err.println("things: " + times + " times: " + Printable.of(reason)));
        err.flush();
    }

    private ParameterException wrongUsage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
