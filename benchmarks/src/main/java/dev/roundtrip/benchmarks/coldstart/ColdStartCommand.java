package dev.roundtrip.benchmarks.coldstart;

import com.fasterxml.jackson.databind.SerializationFeature;
import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.SimulatedDevices;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.Fleet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures cold starts of the packaged function. */
@Command(
        name = "cold-start",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        description = "Measures cold starts of the packaged function: the time from the start of its process until"
                + " it is ready, until it is connected to the broker, and until its first answer. The function"
                + " runs with AWS's runtime client and a local cloud with one device. Each variant is measured."
                + " Needs Linux. Variants with a part of a core need a writable control group under"
                + " /sys/fs/cgroup.")
public final class ColdStartCommand implements Callable<Integer> {
    private static final String REGION = "eu-central-1";
    private static final Target DEVICE = new Target("pump");
    private static final int QUICK_RUNS = 3;

    /** Starts that are not counted: the broker's code, and the machine's cache of files, are warm after them. */
    private static final int WARM_UP = 3;

    @Spec
    @SuppressWarnings("NullAway.Init") // Injected by picocli.
    private CommandSpec spec;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "15",
            description = "How many times each variant is started. Default: ${DEFAULT-VALUE}")
    private int runs;

    @Option(names = "--quick", description = "Start each variant " + QUICK_RUNS + " times.")
    private boolean quick;

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Measure only the variants with this text in their names.")
    private String only = "";

    @Option(
            names = "--json",
            paramLabel = "FILE",
            defaultValue = "cold-start.json",
            description = "File for the figures and for each single start. Default: ${DEFAULT-VALUE}")
    private Path json = Path.of("cold-start.json");

    @Override
    public Integer call() throws Exception {
        List<Variant> variants = Variant.all().stream()
                .filter(variant -> variant.name().contains(only))
                .toList();
        if (runs < 1 || variants.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "there is nothing to measure: --runs must be 1 or more, and --only must be a part of one of"
                            + " these names: "
                            + Variant.all().stream().map(Variant::name).collect(Collectors.joining("; ")));
        }
        // What cannot be written is told before anything is measured.
        Path place = json.toAbsolutePath().getParent();
        if (place == null || !Files.isWritable(place) || Files.isDirectory(json)) {
            throw new ParameterException(
                    spec.commandLine(), json + " cannot be written; give another file with --json");
        }
        Path directory = Files.createTempDirectory("roundtrip-cold-start-");
        try {
            ColdStartReport report = measure(directory, variants);
            PrintWriter out = spec.commandLine().getOut();
            out.print(report.markdown());
            out.flush();
            Files.writeString(
                    json,
                    Json.mapper().writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report.json()) + "\n");
            return 0;
        } finally {
            delete(directory);
        }
    }

    private ColdStartReport measure(Path directory, List<Variant> variants) throws Exception {
        // Its answers would else wait for acknowledgements: JDK-6968351.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        LocalCloudSettings settings = LocalCloudSettings.of(directory.resolve("state"), line -> {});
        try (LocalCloud cloud = LocalCloud.start(settings, REGION);
                Fleet devices = SimulatedDevices.connect(cloud, List.of(DEVICE))) {
            FunctionStarter starter = new FunctionStarter(
                    Files.createDirectory(directory.resolve("starts")), variables(cloud), DEVICE.value());
            Rounds rounds = new Rounds(starter, this::tell);
            return rounds.run(variants, WARM_UP, quick ? QUICK_RUNS : runs);
        }
    }

    private static Map<String, String> variables(LocalCloud cloud) {
        Broker broker = Objects.requireNonNull(cloud.broker(), "the broker is its own");
        Map<String, String> variables = new HashMap<>();
        variables.put("AWS_REGION", REGION);
        variables.put("AWS_ACCESS_KEY_ID", cloud.state().credentials().accessKeyId());
        variables.put("AWS_SECRET_ACCESS_KEY", cloud.state().credentials().secretAccessKey());
        variables.put("CLIENT_ID_PREFIX", LocalCloudSettings.PREFIX.value());
        variables.put("WSS_ENDPOINT", "127.0.0.1:" + broker.gatewayPort());
        variables.put(
                "BROKER_CA_FILE", cloud.state().authorityFile().toAbsolutePath().toString());
        return variables;
    }

    private void tell(String what) {
        spec.commandLine().getErr().println("benchmark: " + what);
        spec.commandLine().getErr().flush();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
