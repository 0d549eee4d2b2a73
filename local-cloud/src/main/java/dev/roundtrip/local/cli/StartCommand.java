package dev.roundtrip.local.cli;

import dev.roundtrip.device.BuildVersion;
import dev.roundtrip.device.Fleet;
import dev.roundtrip.device.NotReadyException;
import dev.roundtrip.device.StopSignal;
import dev.roundtrip.local.cloud.LocalCloud;
import dev.roundtrip.local.cloud.LocalCloudSettings;
import dev.roundtrip.local.cloud.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.cloud.LocalCloudSettings.RuntimeChoice;
import dev.roundtrip.local.cloud.SimulatedDevices;
import dev.roundtrip.local.cloud.StartException;
import dev.roundtrip.local.faults.FaultSpec;
import dev.roundtrip.local.state.RunningLock;
import dev.roundtrip.local.state.StateException;
import dev.roundtrip.local.state.StateOptions;
import dev.roundtrip.protocol.Target;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the local cloud until it is told to stop. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {
            "Starts API front, function and broker, prints what to paste, and runs until SIGTERM or Ctrl-C. The function's log, one JSON"
                    + " object a line and never a payload, goes to standard error.",
            ""
        })
final class StartCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "Provision this device and simulate it in this process; may be repeated.")
    private List<Target> devices = List.of();

    @Mixin
    private final StateOption state = new StateOption();

    @Option(
            names = "--api-port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Where calls go; 0 takes a free one. Default: ${DEFAULT-VALUE}")
    private int apiPort;

    @Option(
            names = "--mqtt-port",
            paramLabel = "N",
            defaultValue = "8883",
            description = "Where devices connect: MQTT over TLS with a client certificate. Default: ${DEFAULT-VALUE}")
    private int mqttPort;

    @Option(
            names = "--wss-port",
            paramLabel = "N",
            defaultValue = "8443",
            description = "Where the function connects: MQTT over signed WebSocket. Default: ${DEFAULT-VALUE}")
    private int wssPort;

    @Option(
            names = "--broker",
            paramLabel = "HOST:PORT",
            description =
                    "Use the TLS WebSocket listener of a broker that is there already (path /mqtt), instead of starting one.")
    private @Nullable String broker;

    @Option(
            names = "--broker-ca",
            paramLabel = "FILE",
            description = "The certificate authority of that broker, PEM. Default: the system's authorities.")
    private @Nullable Path brokerAuthority;

    @Option(
            names = "--broker-mqtt",
            paramLabel = "HOST:PORT",
            description = "Where that broker takes devices: MQTT over TLS. Default: port 8883 of the same host.")
    private @Nullable String brokerMqtt;

    @Option(
            names = "--runtime",
            paramLabel = "KIND",
            defaultValue = "in-process",
            description =
                    "Where the function runs: in-process, or process: from its deployment package under AWS's own runtime client, in as many"
                            + " processes as there are calls at once. Default: ${DEFAULT-VALUE}")
    private RuntimeKind runtime = RuntimeKind.IN_PROCESS;

    @ArgGroup(exclusive = false, validate = false, heading = "%nWith --runtime process:%n")
    private final ProcessOptions processes = new ProcessOptions();

    @Option(
            names = "--limits",
            paramLabel = "KIND",
            defaultValue = "local",
            description =
                    "The broker's limits: local, every limit of AWS IoT Core but those for a second; or aws, with those for a second too:"
                            + " 100 publishes and 512 KB for one connection, 1 connect for one client id, and an account's quotas. The"
                            + " function's connection has them as well: 50 calls a second. Default: ${DEFAULT-VALUE}")
    private LimitsKind limits = LimitsKind.LOCAL;

    @Option(names = "--faults", paramLabel = "SPEC", description = FaultSpec.HELP + " See docs/faults.md.")
    private FaultSpec faults = FaultSpec.NONE;

    @Override
    public Integer call() throws StartException, StateException, NotReadyException, InterruptedException {
        check();
        try (LineLog log = new LineLog(spec.commandLine().getErr())) {
            return run(log);
        }
    }

    private int run(LineLog log) throws StartException, StateException, NotReadyException, InterruptedException {
        LocalCloudSettings settings = LocalCloudSettings.of(state.directory(), log)
                .withPorts(new LocalCloudSettings.Ports(apiPort, mqttPort, wssPort))
                .withBroker(
                        broker == null ? new BrokerChoice.Own(limits.limits()).withFaults(faults) : otherBroker(broker))
                .withRuntime(
                        switch (runtime) {
                            case IN_PROCESS -> new RuntimeChoice.InProcess();
                            case PROCESS -> new RuntimeChoice.OwnProcess(processes.scale(spec.commandLine()));
                        });
        try (StopSignal stop = StopSignal.install("local-cloud");
                CommonRuntime clients = new CommonRuntime();
                LocalCloud cloud = LocalCloud.start(settings, region(System.getenv()));
                RunningLock running = cloud.state().claim();
                Fleet simulated = SimulatedDevices.connect(cloud, devices)) {
            cloud.writeEnvironment();
            describe(cloud);
            stop.await();
            // Calls in flight have as long as their devices take to close.
            cloud.drain();
        }
        return 0;
    }

    private BrokerChoice otherBroker(String endpoint) {
        BrokerChoice.Other other = new BrokerChoice.Other(endpoint, brokerAuthority);
        return brokerMqtt == null ? other : other.withDevices(brokerMqtt);
    }

    private void check() {
        if (runtime == RuntimeKind.IN_PROCESS && processes.areGiven()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--environments, --max-concurrency, --freeze and --snap-start go with --runtime process");
        }
        for (int port : new int[] {apiPort, mqttPort, wssPort}) {
            if (port < 0 || port > 65535) {
                throw new ParameterException(spec.commandLine(), "a port must be from 0 to 65535, but is " + port);
            }
        }
        if (broker == null) {
            checkOwnBroker();
        } else {
            checkOtherBroker(broker);
        }
    }

    private void checkOwnBroker() {
        if (brokerAuthority != null || brokerMqtt != null) {
            throw new ParameterException(spec.commandLine(), "--broker-ca and --broker-mqtt go with --broker");
        }
    }

    private void checkOtherBroker(String endpoint) {
        checkAddress("--broker", endpoint);
        if (brokerMqtt != null) {
            checkAddress("--broker-mqtt", brokerMqtt);
        }
        if (limits != LimitsKind.LOCAL) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--limits goes with the broker of the local cloud; yours has limits of its own");
        }
        if (!faults.isNone()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--faults goes with the broker of the local cloud; see bin/device-simulator too");
        }
        if (!devices.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--device goes with the broker of the local cloud; connect devices to your broker with bin/device-simulator");
        }
    }

    private void checkAddress(String option, String address) {
        if (!address.matches(".+:[0-9]{1,5}")) {
            throw new ParameterException(spec.commandLine(), option + " must be HOST:PORT, but is '" + address + "'");
        }
    }

    static String region(Map<String, String> environment) {
        return environment.getOrDefault("AWS_REGION", StateOptions.DEFAULT_REGION);
    }

    private void describe(LocalCloud cloud) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("The local cloud is up.");
        out.println();
        out.println("  Calls    " + cloud.apiEndpoint() + "   signed, service execute-api");
        out.println("  Devices  " + cloud.iotEndpoint() + "   MQTT over TLS, with a client certificate");
        out.println("  State    " + cloud.state().path());
        if (!faults.isNone()) {
            out.println("  Faults   " + faults + "   the same text repeats them");
        }
        out.println();
        out.println("Make a call from another shell, in this directory:");
        out.println("  " + Shell.source(cloud.state().path()));
        String target = devices.isEmpty() ? "my-device" : devices.getFirst().value();
        out.println("  " + Shell.call(cloud.apiEndpoint(), Shell.greeting(target)));
        out.println("  " + Shell.curl(cloud, target));
        if (devices.isEmpty()) {
            out.println();
            out.println(
                    broker == null
                            ? "No device is simulated: start with --device my-device, or make one with bin/local-cloud provision my-device."
                            : "No device is simulated: connect one to your broker with bin/device-simulator.");
        }
        out.println();
        out.println("Ctrl-C stops it.");
        out.flush();
    }
}
