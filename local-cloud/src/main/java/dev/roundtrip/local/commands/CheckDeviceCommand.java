package dev.roundtrip.local.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.mqtt.BrokerAddress;
import dev.roundtrip.invoke.mqtt.CrtConnector;
import dev.roundtrip.invoke.mqtt.GatewayCredentials;
import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.check.DeviceCheck;
import dev.roundtrip.local.check.Report;
import dev.roundtrip.local.check.Rule;
import dev.roundtrip.local.check.Takeover;
import dev.roundtrip.local.check.Trial;
import dev.roundtrip.local.check.Verdict;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.running.LocalApiException;
import dev.roundtrip.local.running.Query;
import dev.roundtrip.local.running.RunningCloud;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Target;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Holds a device against the contract. */
@Command(
        name = "check-device",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {
            "Plays the contract against a device that is connected to the running local cloud, and prints which rules"
                    + " the device keeps. The device may be a board with its own firmware. The check calls the method"
                    + " several times with keys and sequences, ends the device's connection once, and takes about 20"
                    + " seconds. The lane of the method, or of the counter where one is given, goes on by three."
                    + " Exit code 0: the device keeps the required rules.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  bin/local-cloud start --device my-device    # in another shell",
            "  bin/local-cloud check-device my-device"
        })
final class CheckDeviceCommand implements Callable<Integer> {
    private static final int BROKEN = 1;
    private static final int MAX_PATIENCE = 60;
    private static final Duration LOOK = Duration.ofMillis(200);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final StateOption state = new StateOption();

    @Parameters(paramLabel = "NAME", description = "The device: its thing name.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Target name;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            defaultValue = "echo",
            description = "A method that may run several times. Default: ${DEFAULT-VALUE}")
    private String method = "echo";

    @Option(
            names = "--request",
            paramLabel = "JSON",
            defaultValue = "\"hello\"",
            description = "The request of that method and of the counter, a JSON value. Default: ${DEFAULT-VALUE}")
    private String request = "\"hello\"";

    @Option(
            names = "--counter",
            paramLabel = "METHOD",
            description = "A method that adds one to a number and answers the number. With it the check sees whether a"
                    + " method ran once more than it should.")
    private @Nullable String counter;

    @Option(
            names = "--patience",
            paramLabel = "S",
            defaultValue = "5",
            description = "Seconds that the device may take for an answer, or to be connected at first, 1 to 60; to"
                    + " connect again it may take twelve times as long. Default: ${DEFAULT-VALUE}")
    private int patience;

    @Override
    public Integer call() throws StateException, LocalApiException, MqttException, InterruptedException {
        Trial trial = trial();
        StateDirectory directory = running();
        Map<String, String> running = directory.readEnvironment();
        if (!running.containsKey("IOT_WSS_ENDPOINT")) {
            throw new StateException("the local cloud runs with another broker: check-device needs its own");
        }
        Thing thing = directory
                .find(name)
                .orElseThrow(() -> new StateException("there is no thing " + name + ": make it with "
                        + Shell.program("local-cloud") + " provision " + name));
        awaitDevice();
        try (CommonRuntime runtime = new CommonRuntime()) {
            return report(check(trial, directory, running, thing));
        }
    }

    /** A device that is not there keeps no rule, and breaks none. It has as long to come as for an answer. */
    private void awaitDevice() throws StateException, LocalApiException, InterruptedException {
        long begun = System.nanoTime();
        try (RunningCloud cloud = RunningCloud.find(state.directory())) {
            while (isAway(cloud.get("things", Query.EMPTY).path("things"))) {
                if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(patience)) {
                    throw new StateException(
                            name + " is not connected, so nothing was checked: start it with the client" + " id " + name
                                    + ", and see it come with " + Shell.program("local-cloud") + " list");
                }
                Thread.sleep(LOOK);
            }
        }
    }

    /** A thing that the list does not reach counts as present. */
    private boolean isAway(JsonNode things) {
        for (JsonNode thing : things) {
            if (thing.path("name").asText().equals(name.value())) {
                return !thing.path("connected").asBoolean();
            }
        }
        return false;
    }

    private StateDirectory running() throws StateException {
        // A directory is made when it is opened, and a check has no use for a new one.
        if (Files.isDirectory(state.directory())) {
            StateDirectory directory = StateDirectory.open(state.directory());
            if (directory.isRunning()) {
                return directory;
            }
        }
        throw new StateException("no local cloud runs with the state in " + state.directory() + ": start it with "
                + Shell.program("local-cloud") + " start, and connect the device");
    }

    private DeviceCheck check(Trial trial, StateDirectory directory, Map<String, String> running, Thing thing) {
        Endpoint gateway = Endpoint.of(running.getOrDefault("IOT_WSS_ENDPOINT", ""));
        Credentials credentials = directory.credentials();
        CrtConnector connector = new CrtConnector(
                new BrokerAddress(
                        gateway.host(),
                        gateway.port(),
                        running.getOrDefault("AWS_REGION", ""),
                        directory.authorityFile()),
                LocalCloudSettings.PREFIX,
                new GatewayCredentials.Fixed(credentials.accessKeyId(), credentials.secretAccessKey(), null),
                Clocks.SYSTEM);
        Login login = new Login(
                thing.name(),
                Endpoint.of(running.getOrDefault("IOT_ENDPOINT", "")),
                new TlsFiles(
                        directory.authorityFile(),
                        thing.files().certificate(),
                        thing.files().privateKey()));
        return new DeviceCheck(trial, connector, LocalCloudSettings.PREFIX, new Takeover(login));
    }

    private int report(DeviceCheck check) throws MqttException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Report report = check.run(verdict -> {
            out.printf("%-8s %-11s %s%n", word(verdict), verdict.rule().word(), sentence(verdict));
            out.flush();
        });
        out.println();
        out.println(summary("required", report.of(Rule.Level.REQUIRED)));
        out.println(summary("recommended", report.of(Rule.Level.RECOMMENDED)));
        out.flush();
        return report.isKept(Rule.Level.REQUIRED) ? 0 : BROKEN;
    }

    private static String word(Verdict verdict) {
        return switch (verdict.finding()) {
            case KEPT -> "kept";
            case BROKEN -> "BROKEN";
            case UNSEEN -> "unseen";
        };
    }

    /** A broken rule says what was seen and where the rule stands; a kept one what was seen, if anything. */
    private static String sentence(Verdict verdict) {
        String remark = verdict.remark().isEmpty() ? "" : ": " + verdict.remark();
        return switch (verdict.finding()) {
            case KEPT, UNSEEN -> verdict.rule().sentence() + remark;
            case BROKEN ->
                verdict.rule().sentence() + remark + " (docs/protocol.md, \""
                        + verdict.rule().place() + "\")";
        };
    }

    private static String summary(String level, List<Verdict> all) {
        List<Verdict> others = all.stream()
                .filter(verdict -> verdict.finding() != Verdict.Finding.KEPT)
                .toList();
        return "Of " + all.size() + " " + level + " rules the device keeps "
                + (others.isEmpty()
                        ? "all."
                        : all.size() - others.size() + "; not: "
                                + others.stream()
                                        .map(verdict -> verdict.rule().word())
                                        .collect(Collectors.joining(", "))
                                + ".");
    }

    private Trial trial() {
        if (patience < 1 || patience > MAX_PATIENCE) {
            throw wrongUsage("--patience must be 1 to " + MAX_PATIENCE + " seconds, but is " + patience);
        }
        try {
            return new Trial(
                    name,
                    new Method(method),
                    JsonText.parse(request.getBytes(StandardCharsets.UTF_8)),
                    counter == null ? null : new Method(counter),
                    Duration.ofSeconds(patience));
        } catch (MalformedJsonException malformed) {
            throw wrongUsage("--request must be a JSON value, and is none: it " + malformed.getMessage()
                    + "; a text needs quotes, as in --request '\"hello\"'");
        } catch (MalformedNameException malformed) {
            throw wrongUsage(String.valueOf(malformed.getMessage()));
        }
    }

    private ParameterException wrongUsage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
