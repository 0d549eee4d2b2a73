package dev.roundtrip.local.commands;

import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.StandardOutput;
import dev.roundtrip.cli.StopSignal;
import dev.roundtrip.device.NotReadyException;
import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.app.LocalCloudSettings.RuntimeChoice;
import dev.roundtrip.local.app.LocalCloudSettings.Storage;
import dev.roundtrip.local.app.SimulatedDevices;
import dev.roundtrip.local.app.StartException;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.store.RunningLock;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.time.RunningClock;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.Fleet;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Runs the local cloud until it is told to stop. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {
            "Starts the API, the function and the broker, prints commands to paste, and runs until"
                    + " Ctrl-C or SIGTERM. The log goes to standard error, one JSON object a line. Each call has a"
                    + " line of the API and a line of the function with the same requestId. The log has no payloads.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = {"  bin/local-cloud start --devices 3"})
final class StartCommand implements Callable<Integer> {
    /** Our choice, not measured: this process has 256 MB of heap for everything, see docs/testing.md. */
    private static final int MAX_DEVICES = 200;

    private static final Target NUMBERED = new Target("device");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "Provision this device and simulate it in this process. May be given several times.")
    private List<Target> devices = List.of();

    @Option(
            names = "--devices",
            paramLabel = "N",
            description = "The same for N devices, device-1 to device-N, 1 to " + MAX_DEVICES + ".")
    private @Nullable Integer numbered;

    @Mixin
    private final DeviceOptions work = new DeviceOptions();

    @Mixin
    private final StateOption state = new StateOption();

    @Option(
            names = "--ephemeral",
            description = "Keep what services write (the registry, shadows, jobs, commands, provisioning templates,"
                    + " retained messages) in memory, until the local cloud stops. The files of things are read, and"
                    + " not changed. By default it is in the file services.db of the state directory.")
    private boolean ephemeral;

    @Option(
            names = "--clock-rate",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seconds of the services' clock in each second, 1 to " + RunningClock.MAX_RATE + ", to"
                    + " rehearse what takes hours. Their timers and time stamps follow it, nothing else does. Each"
                    + " start begins at the system's time, and warns if an earlier run was faster."
                    + " Default: ${DEFAULT-VALUE}")
    private int clockRate;

    @Option(
            names = "--api-port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Port of the API. 0 takes a free port. Default: ${DEFAULT-VALUE}")
    private int apiPort;

    @Option(
            names = "--mqtt-port",
            paramLabel = "N",
            defaultValue = "8883",
            description = "Port for devices: MQTT over TLS with a client certificate. 0 takes a free port. Default:"
                    + " ${DEFAULT-VALUE}")
    private int mqttPort;

    @Option(
            names = "--wss-port",
            paramLabel = "N",
            defaultValue = "8443",
            description = "Port for the function: signed MQTT over WebSocket, and the data plane over HTTPS. 0 takes a"
                    + " free port. Default: ${DEFAULT-VALUE}")
    private int wssPort;

    @Option(
            names = "--ports",
            paramLabel = "KIND",
            description =
                    "aws: takes 8883 for --mqtt-port and 443 for --wss-port, for clients that fix the ports of AWS"
                            + " IoT Core. DescribeEndpoint answers a host without a port then.")
    private @Nullable PortsKind ports;

    @Option(
            names = "--runtime",
            paramLabel = "KIND",
            defaultValue = "in-process",
            description = "in-process: the function runs in this process. process: it runs as on AWS Lambda, from the"
                    + " deployment package, with AWS's runtime client, in one process for each call at the same"
                    + " time. Default: ${DEFAULT-VALUE}")
    private RuntimeKind runtime = RuntimeKind.IN_PROCESS;

    @Mixin
    private final FunctionOptions function = new FunctionOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nWith --runtime process:%n")
    private final ProcessOptions processes = new ProcessOptions();

    @Option(
            names = "--presence-queries",
            paramLabel = "RIGHT",
            defaultValue = "deny",
            description = "allow or deny: may the function ask the broker whether a device is connected."
                    + " presence=check and wait need allow. It is the parameter PresenceQueries of template.yaml."
                    + " Default: ${DEFAULT-VALUE}")
    private QueriesKind presenceQueries = QueriesKind.DENY;

    @ArgGroup(exclusive = false, validate = false, heading = "%nThe broker:%n")
    private final BrokerOptions broker = new BrokerOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nThe journal:%n")
    private final JournalOptions journal = new JournalOptions();

    @Override
    public Integer call() throws StartException, StateException, NotReadyException, IOException, InterruptedException {
        // The signal last: the JVM ends when it is closed, and the log must be written before.
        try (StopSignal stop = StopSignal.install("local-cloud");
                JsonLog log = new JsonLog(spec.commandLine().getErr(), InstantSource.system());
                LogBridge bridge = new LogBridge(log)) {
            try {
                serve(settings(log), stop, log);
            } catch (StartException | StateException | NotReadyException | InterruptedException failed) {
                if (!stop.isRaised()) {
                    throw failed;
                }
            }
        }
        return 0;
    }

    private void serve(LocalCloudSettings settings, StopSignal stop, JsonLog log)
            throws StartException, StateException, NotReadyException, IOException, InterruptedException {
        try (CommonRuntime clients = new CommonRuntime();
                RunningLock running = StateDirectory.open(state.directory()).claim();
                LocalCloud cloud = LocalCloud.start(settings, region(System.getenv()));
                Fleet simulated = SimulatedDevices.connect(cloud, simulated(), work.character())) {
            cloud.whenAskedToStop(stop::raise);
            cloud.writeEnvironment();
            new StartBanner(cloud, function.describe(settings.function()), broker, simulated())
                    .print(spec.commandLine().getOut());
            StandardOutput.check(spec.commandLine());
            log.begin();
            stop.await();
            // Calls in flight have as long as their devices take to close.
            cloud.drain();
        }
    }

    private LocalCloudSettings settings(JsonLog log) {
        return LocalCloudSettings.of(state.directory(), log)
                .withPorts(ports())
                .withBroker(broker())
                .withFunction(function.variables(spec.commandLine(), System.getenv()))
                .withRuntime(runtime())
                .withPresenceQueries(presenceQueries.right())
                .withJournal(journal.settings(spec.commandLine()))
                .withStorage(ephemeral ? Storage.EPHEMERAL : Storage.DURABLE)
                .withClockRate(clockRate());
    }

    private int clockRate() {
        if (clockRate < 1 || clockRate > RunningClock.MAX_RATE) {
            throw wrongUsage("--clock-rate must be 1 to " + RunningClock.MAX_RATE + ", but is " + clockRate);
        }
        return clockRate;
    }

    /** Those of --device first, then those of --devices. */
    private List<Target> simulated() {
        if (numbered == null) {
            return devices;
        }
        if (numbered < 1 || numbered > MAX_DEVICES) {
            throw wrongUsage("--devices must be 1 to " + MAX_DEVICES + ", but is " + numbered
                    + "; bin/device-simulator runs more in a process of its own");
        }
        return Stream.concat(devices.stream(), NumberedNames.of(NUMBERED, numbered).stream())
                .toList();
    }

    private LocalCloudSettings.Ports ports() {
        int api = port("--api-port", apiPort);
        if (ports == null) {
            return new LocalCloudSettings.Ports(api, port("--mqtt-port", mqttPort), port("--wss-port", wssPort));
        }
        if (broker.isOther()) {
            throw wrongUsage("--ports aws goes with the broker of the local cloud; yours has ports of its own");
        }
        ParseResult given = spec.commandLine().getParseResult();
        if (given.hasMatchedOption("--mqtt-port") || given.hasMatchedOption("--wss-port")) {
            throw wrongUsage("--ports aws takes 8883 and 443; leave --mqtt-port and --wss-port out");
        }
        return new LocalCloudSettings.Ports(
                api, LocalCloudSettings.Ports.AWS.mqtt(), LocalCloudSettings.Ports.AWS.wss());
    }

    private int port(String option, int port) {
        if (port < 0 || port > 65535) {
            throw wrongUsage(option + " must be from 0 to 65535, but is " + port);
        }
        return port;
    }

    private BrokerChoice broker() {
        Set<Target> names = new HashSet<>();
        for (Target device : simulated()) {
            if (!names.add(device)) {
                throw wrongUsage("--device " + device + " is given twice: a broker keeps one connection for each name");
            }
        }
        if (names.isEmpty() && work.isAnyGiven()) {
            throw wrongUsage("--device-shadow, --device-jobs and --device-commands need a device: --device NAME or"
                    + " --devices N");
        }
        try {
            work.check();
        } catch (IllegalArgumentException wrong) {
            throw wrongUsage(String.valueOf(wrong.getMessage()));
        }
        if (broker.isOther() && !names.isEmpty()) {
            throw wrongUsage("--device goes with the broker of the local cloud; connect devices to your broker with"
                    + " bin/device-simulator");
        }
        return broker.choice(spec.commandLine());
    }

    private RuntimeChoice runtime() {
        return switch (runtime) {
            case IN_PROCESS -> {
                if (processes.areGiven()) {
                    throw wrongUsage(
                            "--environments, --max-concurrency, --freeze and --snap-start go with --runtime process");
                }
                yield new RuntimeChoice.InProcess();
            }
            case PROCESS -> new RuntimeChoice.OwnProcess(processes.scale(spec.commandLine()));
        };
    }

    private ParameterException wrongUsage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    static String region(Map<String, String> environment) {
        return environment.getOrDefault("AWS_REGION", Account.DEFAULT_REGION);
    }
}
