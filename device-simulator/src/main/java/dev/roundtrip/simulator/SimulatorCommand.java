package dev.roundtrip.simulator;

import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.CompletionCommand;
import dev.roundtrip.cli.StandardOutput;
import dev.roundtrip.cli.StopSignal;
import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.device.NotReadyException;
import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.provisioning.ProvisioningException;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.device.responder.Limits;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.method.Methods;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: connects devices, says when they are ready, and keeps them until told to stop. */
@Command(
        name = "device-simulator",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {
            "Simulates devices that answer calls over MQTT.",
            "",
            "The methods are greet, echo, add, sub, mul, div (request: an array of numbers) and sleep"
                    + " (request: milliseconds). Any other method is refused as 'unknown_method'. The"
                    + " simulator prints 'Waiting for command ...' when the devices are connected and subscribed."
                    + " Ctrl-C or SIGTERM ends it.",
            ""
        },
        subcommands = CompletionCommand.class,
        synopsisSubcommandLabel = "",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExample, with a local cloud that runs in another shell:%n",
        footer = {
            "  bin/local-cloud provision meter --count 3",
            "  . .local-cloud/env",
            "  bin/device-simulator --endpoint \"$IOT_ENDPOINT\" --ca \"$IOT_CA\" \\",
            "      --client-id meter --count 3 --jobs downloads --commands \\",
            "      --cert '.local-cloud/things/{name}/certificate.pem' \\",
            "      --key '.local-cloud/things/{name}/private.key'"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended after the calls of --exit-after",
            "1:could not connect, subscribe or be provisioned",
            "2:wrong usage",
            "130:ended in order by Ctrl-C",
            "143:ended in order by SIGTERM"
        })
final class SimulatorCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int MAX_SEED = 1_000_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Option(
            names = "--mqtt",
            paramLabel = "5|3",
            defaultValue = "5",
            description = "The version of MQTT: 5, or 3 for MQTT 3.1.1. Default: ${DEFAULT-VALUE}")
    private int mqtt;

    @Option(
            names = "--as-sample",
            description = "Answer each method that is not listed above with a greeting, as the device of the AWS"
                    + " sample of 2022 does.")
    private boolean isAsSample;

    @ArgGroup(exclusive = false, validate = false, heading = "%nShadows:%n")
    private final ShadowOptions shadows = new ShadowOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nJobs and commands:%n")
    private final WorkOptions work = new WorkOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nAn identity at the first start:%n")
    private final ProvisioningOptions provisioning = new ProvisioningOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nFaults of calls:%n")
    private final FaultOptions faults = new FaultOptions();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Make the same random decisions as an earlier run, such as 4711. That run printed its seed."
                    + " Default: another one for each run")
    private @Nullable Long seed;

    @Option(
            names = "--clock-tolerance",
            paramLabel = "MS",
            defaultValue = "0",
            description = "Milliseconds, such as 500, that this computer's clock may be ahead of the gateway's clock."
                    + " Each deadline is extended by them. Default: ${DEFAULT-VALUE}")
    private long clockToleranceMillis;

    @Option(
            names = "--store",
            paramLabel = "FILE",
            description =
                    "Remember keys and sequences in this file, such as '{name}.journal', which survives a power cut."
                            + " '{name}' in the path is replaced by the device's name. Without it the simulator forgets"
                            + " them when it ends.")
    private @Nullable String store;

    @Option(
            names = "--max-in-flight",
            paramLabel = "N",
            defaultValue = "10000",
            description = "The highest number of calls, such as 10, that one device runs at the same time. More are"
                    + " refused as 'busy'. Default: ${DEFAULT-VALUE}")
    private int maxInFlight;

    @Option(
            names = "--connect-timeout",
            paramLabel = "S",
            defaultValue = "20",
            description =
                    "Seconds, such as 60, within which all devices must be connected and subscribed. 50 connect at"
                            + " the same time. Default: ${DEFAULT-VALUE}")
    private int connectTimeoutSeconds;

    @Option(
            names = "--exit-after",
            paramLabel = "N",
            description = "End after N calls, such as 10, answered or not. Default: run until Ctrl-C")
    private @Nullable Integer exitAfter;

    @Mixin
    private final NarrationOptions narration = new NarrationOptions();

    @Override
    public Integer call() {
        List<DeviceSettings> settings = settings();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Narrator narrator = new Narrator(out, err, narration.detail());
        long chance = seed == null ? ThreadLocalRandom.current().nextInt(1, MAX_SEED) : seed;
        try (StopSignal stop = StopSignal.install("device-simulator")) {
            CommandListener ending = exitAfter == null ? CommandListener.none() : new CallLimit(exitAfter, stop::raise);
            Random random = new Random(chance);
            DeviceCharacter character = new DeviceCharacter(
                    behaviour(random),
                    ending.and(narrator::tell),
                    narrator::tell,
                    narrator::tell,
                    shadows.shadows(faults.rate(), random, narrator::tell),
                    work.work(random).rotating(provisioning.rotation()).heardBy(narrator::done));
            Duration patience = Duration.ofSeconds(connectTimeoutSeconds);
            try (Fleet fleet = Fleet.connect(provisioned(settings, patience), character, patience)) {
                if (faults.isAnyGiven() || shadows.isFaultGiven() || work.isRandom()) {
                    narrator.tellSeed(chance);
                }
                out.println("Waiting for command ...");
                StandardOutput.check(spec.commandLine());
                stop.await();
                narrator.tell(fleet.counters());
            } catch (ProvisioningException | NotReadyException | IOException | InterruptedException failed) {
                // Once it is told to end, what does not come about any more is nothing to tell.
                if (!stop.isRaised()) {
                    err.println("device-simulator: " + optionsWords(String.valueOf(failed.getMessage())));
                    err.flush();
                    return FAILED;
                }
            }
            return 0;
        }
    }

    private List<DeviceSettings> provisioned(List<DeviceSettings> claiming, Duration patience)
            throws ProvisioningException, InterruptedException {
        List<DeviceSettings> own = new ArrayList<>();
        for (DeviceSettings one : claiming) {
            own.add(provisioning.provisioned(one, patience));
        }
        return own;
    }

    private List<DeviceSettings> settings() {
        try {
            faults.check();
            shadows.check();
            if (faults.isRateGiven() && !faults.isAnyGiven() && !shadows.isFaultGiven()) {
                throw new IllegalArgumentException(
                        "--fault-rate needs a fault: --delay, --fail, --duplicate, --late, --garbage, --silent, --deaf,"
                                + " --shadow-delay, --shadow-refuse, --shadow-report or --shadow-ignore");
            }
            narration.check();
            var unused = work.work(new Random(0));
            Limits limits = Limits.DEFAULT
                    .withMaxInFlight(maxInFlight)
                    .withClockTolerance(Duration.ofMillis(clockToleranceMillis));
            MqttVersion version = version();
            if (exitAfter != null && exitAfter < 1) {
                throw new IllegalArgumentException(
                        "--exit-after must be 1 or more, such as 10; leave it out to run until Ctrl-C");
            }
            if (connectTimeoutSeconds < 1) {
                throw new IllegalArgumentException("--connect-timeout must be 1 or more seconds, such as 20");
            }
            List<Login> logins = connection.logins();
            provisioning.check(logins);
            if (store != null && logins.size() > 1 && !store.contains(ConnectionOptions.NAME_PLACEHOLDER)) {
                throw new IllegalArgumentException(
                        "--store needs {name} in its path when there are several devices, such as {name}.journal");
            }
            return logins.stream()
                    .map(login -> settings(login).withMqtt(version).withLimits(limits))
                    .toList();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), optionsWords(String.valueOf(wrong.getMessage())), wrong);
        }
    }

    private DeviceSettings settings(Login login) {
        DeviceSettings settings = DeviceSettings.of(login);
        String file = store;
        return file == null
                ? settings
                : settings.withStore(
                        ConnectionOptions.path(file, login.clientId().value()));
    }

    /** The message with the option's own name where a type has one of its own for the value. */
    private static String optionsWords(String message) {
        return message.replaceFirst("^target ", "--client-id ")
                .replaceFirst("^endpoint ", "--endpoint ")
                .replaceFirst("^maxInFlight ", "--max-in-flight ")
                .replaceFirst("^clockTolerance ", "--clock-tolerance ")
                .replace("give the right CA file", "give the right file with --ca");
    }

    private MqttVersion version() {
        return switch (mqtt) {
            case 5 -> MqttVersion.MQTT_5;
            case 3 -> MqttVersion.MQTT_3;
            default -> throw new IllegalArgumentException("--mqtt must be 5 or 3");
        };
    }

    private Behaviour behaviour(Random random) {
        DeviceClock clock = DeviceClock.system();
        Methods methods = isAsSample ? Methods.asSample(clock, random) : Methods.standard(clock, random);
        return Behaviour.honest(methods).with(faults.fault(random));
    }
}
