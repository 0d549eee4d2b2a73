package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.store.RunningLock;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.Device;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as processes of their own, as a person runs them. */
class CommandIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process run(String main, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = Programs.command(main, List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().putAll(environment);
        Process process = builder.redirectError(
                        directory.resolve(processes.size() + ".err").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private Process localCloud(String... arguments) throws IOException {
        return run("dev.roundtrip.local.Main", Map.of(), arguments);
    }

    private static String output(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private String errors(Process process) throws IOException {
        return Files.readString(directory.resolve(processes.indexOf(process) + ".err"));
    }

    /** What it prints until a line that has this. */
    private static List<String> until(BufferedReader reader, String end) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
            if (line.contains(end)) {
                return lines;
            }
        }
        throw new AssertionError("it ended without '" + end + "': " + lines);
    }

    /** Starts a demonstration whose temporary directory nobody else has. */
    private Process demo() throws IOException {
        Files.createDirectory(directory.resolve("temporary"));
        return run("dev.roundtrip.local.Main", Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=temporary"), "demo");
    }

    private Set<Path> statesOfDemos() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("temporary"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("roundtrip-demo-"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void demo_that_is_stopped_leaves_nothing() throws Exception {
        Process demo = demo();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !statesOfDemos().isEmpty());

        demo.destroy();

        assertThat(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(statesOfDemos()).isEmpty();
    }

    @Test
    void demo_makes_a_call_and_leaves_nothing() throws Exception {
        Process demo = localCloud("demo");

        String output = output(demo);

        assertThat(demo.exitValue()).as(errors(demo)).isZero();
        assertThat(output).contains("HTTP 200", "\"result\" : \"ok\"", "Your request was 'hello'", "Next:");
        assertThat(errors(demo)).isEmpty();
        assertThat(directory.resolve(".local-cloud")).doesNotExist();
    }

    @Test
    void started_cloud_is_called_with_what_it_prints_and_stops_in_order() throws Exception {
        Process cloud = localCloud(
                "start",
                "--device",
                "pump",
                "--api-port",
                "0",
                "--mqtt-port",
                "0",
                "--wss-port",
                "0",
                "--state",
                "state");
        BufferedReader printed = cloud.inputReader();
        List<String> lines = until(printed, "Ctrl-C");
        String call = lines.stream()
                .filter(line -> line.contains("bin/sigv4-client"))
                .findFirst()
                .orElseThrow();
        String curl = lines.stream()
                .filter(line -> line.contains("curl --silent"))
                .findFirst()
                .orElseThrow();

        Path env = directory.resolve("state/env");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(env)))
                .isEqualTo("rw-------");
        Map<String, String> environment = sourced(env);
        assertThat(environment.keySet())
                .contains(
                        "AWS_ACCESS_KEY_ID",
                        "AWS_SECRET_ACCESS_KEY",
                        "AWS_REGION",
                        "AWS_ENDPOINT_URL_IOT",
                        "AWS_ENDPOINT_URL_IOT_DATA_PLANE",
                        "AWS_ENDPOINT_URL_IOT_JOBS_DATA_PLANE",
                        "AWS_ENDPOINT_URL_STS",
                        "API_ENDPOINT",
                        "IOT_ENDPOINT",
                        "IOT_WSS_ENDPOINT",
                        "IOT_CA");
        assertThat(environment.getOrDefault("API_ENDPOINT", "not set")).endsWith("/Prod/invoke");
        assertThat(lines)
                .noneMatch(line -> line.contains(environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "not set")));

        Process client = run("dev.roundtrip.sigv4.Main", environment, call.replaceAll(".*'(http[^']*)'.*", "$1"));
        assertThat(output(client)).contains("\"result\":\"ok\"", "Your request was 'hello'");
        assertThat(client.exitValue()).isZero();
        if (CallIT.hasCurl()) {
            Process shell = new ProcessBuilder("sh", "-c", ". '" + env + "'; " + curl).start();
            assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8)).contains("\"result\":\"ok\"");
        }

        long asked = System.nanoTime();
        cloud.destroy();
        assertThat(cloud.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(cloud.exitValue()).isEqualTo(143);
        System.out.printf("stopped after %d ms%n", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked));
        assertThat(errors(cloud))
                .contains("\"result\":\"ok\"")
                .doesNotContain(
                        "did not end in order", "hello", environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "not set"));
    }

    private static Map<String, String> sourced(Path env) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", ". '" + env + "'; env").start();
        return new String(shell.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .map(line -> line.split("=", 2))
                .filter(entry -> entry.length == 2 && entry[0].matches("(AWS|API|IOT)_.*"))
                .collect(java.util.stream.Collectors.toMap(entry -> entry[0], entry -> entry[1]));
    }

    @Test
    void provisioned_thing_becomes_a_device_of_a_running_cloud() throws Exception {
        Process cloud =
                localCloud("start", "--api-port", "0", "--mqtt-port", "0", "--wss-port", "0", "--state", "state");
        until(cloud.inputReader(), "Ctrl-C");
        Process provisioning = localCloud("provision", "meter-7", "--state", "state");
        String printed = output(provisioning);
        assertThat(provisioning.exitValue()).isZero();
        assertThat(printed).contains("bin/device-simulator");
        Map<String, String> environment = sourced(directory.resolve("state/env"));

        Process device = run(
                "dev.roundtrip.simulator.Main",
                Map.of(),
                "--endpoint",
                environment.getOrDefault("IOT_ENDPOINT", "not set"),
                "--ca",
                environment.getOrDefault("IOT_CA", "not set"),
                "--cert",
                directory.resolve("state/things/meter-7/certificate.pem").toString(),
                "--key",
                directory.resolve("state/things/meter-7/private.key").toString(),
                "--client-id",
                "meter-7");
        until(device.inputReader(), "Waiting for command ...");
        Process client = run(
                "dev.roundtrip.sigv4.Main",
                environment,
                environment.getOrDefault("API_ENDPOINT", "not set"),
                "-d",
                "{\"target\":\"meter-7\",\"method\":\"add\",\"request\":[40,2]}");

        assertThat(output(client)).contains("\"response\":42");
    }

    @Test
    void api_front_runs_against_a_broker_that_is_there_already() throws Exception {
        Path state = directory.resolve("state");
        try (TestCloud there = TestCloud.start(state)) {
            Thing meter = there.thing("meter-7");
            Process front = run(
                    "dev.roundtrip.local.Main",
                    Map.of("AWS_REGION", there.cloud().state().account().region()),
                    "start",
                    "--broker",
                    "127.0.0.1:" + there.gatewayPort(),
                    "--broker-ca",
                    "state/ca.pem",
                    "--broker-mqtt",
                    there.cloud().iotEndpoint(),
                    "--api-port",
                    "0",
                    "--state",
                    "state");
            List<String> lines = until(front.inputReader(), "Ctrl-C");
            Map<String, String> environment = sourced(state.resolve("env"));
            assertThat(environment)
                    .containsEntry("IOT_ENDPOINT", there.cloud().iotEndpoint())
                    .containsEntry("IOT_CA", state.resolve("ca.pem").toString());
            assertThat(lines)
                    .anyMatch(line -> line.contains(there.cloud().iotEndpoint()))
                    .anyMatch(line -> line.contains("bin/device-simulator"));

            Process device = run(
                    "dev.roundtrip.simulator.Main",
                    Map.of(),
                    "--endpoint",
                    environment.getOrDefault("IOT_ENDPOINT", "not set"),
                    "--ca",
                    environment.getOrDefault("IOT_CA", "not set"),
                    "--cert",
                    meter.files().certificate().toString(),
                    "--key",
                    meter.files().privateKey().toString(),
                    "--client-id",
                    "meter-7");
            until(device.inputReader(), "Waiting for command ...");
            Process client = run(
                    "dev.roundtrip.sigv4.Main",
                    environment,
                    environment.getOrDefault("API_ENDPOINT", "not set"),
                    "-d",
                    "{\"target\":\"meter-7\",\"method\":\"add\",\"request\":[40,2]}");

            assertThat(output(client)).contains("\"response\":42");
            front.destroy();
            assertThat(front.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void devices_of_another_broker_are_expected_at_the_usual_port() throws Exception {
        Process front = localCloud("start", "--broker", "broker.invalid:9001", "--api-port", "0", "--state", "state");

        until(front.inputReader(), "Ctrl-C");

        assertThat(sourced(directory.resolve("state/env")))
                .containsEntry("IOT_ENDPOINT", "broker.invalid:8883")
                .doesNotContainKey("IOT_CA");
    }

    @Test
    void taken_port_is_one_clear_line() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            for (String option : new String[] {"--api-port", "--mqtt-port", "--wss-port"}) {
                List<String> arguments = new ArrayList<>(List.of("start", "--state", "state"));
                for (String other : new String[] {"--api-port", "--mqtt-port", "--wss-port"}) {
                    arguments.addAll(List.of(other, other.equals(option) ? port : "0"));
                }
                Process cloud = localCloud(arguments.toArray(String[]::new));

                assertThat(output(cloud)).isEmpty();
                assertThat(cloud.exitValue()).isEqualTo(1);
                assertThat(errors(cloud)).contains(port, option).hasLineCount(1);
            }
        }
    }

    @Test
    void second_cloud_with_the_same_state_is_refused() throws Exception {
        String[] start = {"start", "--api-port", "0", "--mqtt-port", "0", "--wss-port", "0", "--state", "state"};
        Process first = localCloud(start);
        until(first.inputReader(), "Ctrl-C");
        Map<String, String> environment = sourced(directory.resolve("state/env"));

        Process second = localCloud(start);

        assertThat(output(second)).isEmpty();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(errors(second)).contains("--state").hasLineCount(1);
        assertThat(sourced(directory.resolve("state/env"))).isEqualTo(environment);
    }

    @Test
    void state_is_free_once_its_cloud_listens_no_more() throws Exception {
        Process first =
                localCloud("start", "--api-port", "0", "--mqtt-port", "0", "--wss-port", "0", "--state", "state");
        until(first.inputReader(), "Ctrl-C");
        Map<String, String> environment = sourced(directory.resolve("state/env"));
        StateDirectory state = StateDirectory.open(directory.resolve("state"));
        Endpoint devices = Endpoint.of(environment.getOrDefault("IOT_ENDPOINT", "not set"));
        Thing thing = state.provision(new Target("pump"), LocalCloudSettings.PREFIX);
        TlsFiles tls = new TlsFiles(
                state.authorityFile(),
                thing.files().certificate(),
                thing.files().privateKey());
        try (Device pump = Device.connect(DeviceSettings.of(new Login(thing.name(), devices, tls)), TestCloud.SILENT)) {
            pump.awaitReady(Duration.ofSeconds(10));
            // For this call the cloud takes its time to stop.
            run(
                    "dev.roundtrip.sigv4.Main",
                    environment,
                    environment.getOrDefault("API_ENDPOINT", "not set")
                            + "?target=pump&method=open&request=&timeout=28");
            await().atMost(PATIENCE).until(() -> pump.counters().received() == 1);

            first.destroy();

            RunningLock claimed = await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .ignoreExceptionsInstanceOf(StateException.class)
                    .until(state::claim, Objects::nonNull);
            try (claimed) {
                assertThatThrownBy(() -> new Socket(devices.host(), devices.port()).close())
                        .isInstanceOf(ConnectException.class);
            }
        }
    }

    @Test
    void wrong_usage_is_told_and_exits_with_2() throws Exception {
        for (String[] arguments : new String[][] {
            {"start", "--api-port", "many"},
            {"start", "--api-port", "70000"},
            {"start", "--broker-ca", "file"},
            {"start", "--broker", "localhost"},
            {"start", "--broker", "localhost:1", "--broker-mqtt", "localhost"},
            {"start", "--broker", "localhost:1", "--limits", "aws"},
            {"start", "--broker", "localhost:1", "--faults", "drop=1"},
            {"start", "--broker", "localhost:1", "--device", "pump"},
            {"start", "--freeze"},
            {"start", "--broker-mqtt", "localhost:8883"},
            {"start", "--limits", "some"},
            {"start", "--device", "a/b"},
            {"provision"},
            {"provision", "a/b"},
            {"fly"},
        }) {
            Process cloud = localCloud(arguments);
            output(cloud);
            assertThat(cloud.exitValue()).as(String.join(" ", arguments)).isEqualTo(2);
            assertThat(errors(cloud)).isNotEmpty().doesNotContain("case-sensitive", "is not an int", "is not a long");
        }
    }

    @Test
    void state_that_others_can_read_is_refused_with_the_remedy() throws Exception {
        Path open = Files.createDirectory(
                directory.resolve("open"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Process cloud = localCloud("provision", "pump", "--state", open.toString());

        output(cloud);

        assertThat(cloud.exitValue()).isEqualTo(1);
        assertThat(errors(cloud)).contains("chmod").hasLineCount(1);
    }

    @Test
    void everything_listens_on_the_loopback_address_only() throws Exception {
        Process cloud =
                localCloud("start", "--api-port", "0", "--mqtt-port", "0", "--wss-port", "0", "--state", "state");
        until(cloud.inputReader(), "Ctrl-C");
        URI api = URI.create(sourced(directory.resolve("state/env")).getOrDefault("API_ENDPOINT", "not set"));

        assertThat(listening(cloud.pid())).isNotEmpty().allMatch(address -> address.startsWith("127.0.0.1"));
        assertThat(api.getHost()).isEqualTo("127.0.0.1");
        cloud.destroy();
        await().atMost(PATIENCE).until(() -> !cloud.isAlive());
    }

    /** The local addresses on which a process listens, as the kernel lists them. */
    private static List<String> listening(long pid) throws IOException {
        List<String> inodes = new ArrayList<>();
        try (var descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                String link = Files.readSymbolicLink(descriptor).toString();
                if (link.startsWith("socket:[")) {
                    inodes.add(link.substring(8, link.length() - 1));
                }
            }
        }
        List<String> addresses = new ArrayList<>();
        for (String table : new String[] {"tcp", "tcp6"}) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
                String[] columns = line.trim().split("\\s+", -1);
                if (columns.length > 9 && columns[3].equals("0A") && inodes.contains(columns[9])) {
                    String local = columns[1];
                    boolean loopback =
                            local.startsWith("0100007F:") || local.startsWith("0000000000000000FFFF00000100007F:");
                    addresses.add(loopback ? "127.0.0.1" : local);
                }
            }
        }
        return addresses;
    }
}
