package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many devices at once: made with one command, and simulated with one option. */
class ProvisionIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Programs programs;

    @BeforeEach
    void begin() {
        programs = new Programs(directory);
    }

    @AfterEach
    void end() {
        programs.close();
    }

    private List<String> things() throws IOException {
        try (Stream<Path> things = Files.list(directory.resolve("state/things"))) {
            return things.map(thing -> thing.getFileName().toString()).sorted().toList();
        }
    }

    private Process provision(String... arguments) throws IOException {
        return programs.localCloud(Stream.of(Stream.of("provision", "--state", "state"), Stream.of(arguments))
                .flatMap(words -> words)
                .toArray(String[]::new));
    }

    @Test
    void hundred_things_are_made_with_one_command() throws Exception {
        long begin = System.nanoTime();
        Process provisioning = provision("meter", "--count", "100");
        String printed = Programs.output(provisioning);
        System.out.printf(
                "100 things after %d ms, with the start of the JVM%n",
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));

        assertThat(provisioning.exitValue()).as(programs.errors(provisioning)).isZero();
        assertThat(programs.errors(provisioning)).isEmpty();
        assertThat(things())
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 100)
                        .mapToObj(number -> "meter-" + number)
                        .toList());
        assertThat(printed)
                .containsPattern("(?m)^meter-1 +new +/.*/state/things/meter-1$")
                .contains("device-simulator", "--client-id 'meter' --count 100", "/{name}/certificate.pem");
    }

    @Test
    void things_of_a_number_run_with_the_command_that_is_printed() throws Exception {
        Programs.Started cloud = programs.start(Map.of());
        String printed = Programs.output(provision("meter", "--count", "3"));
        String things = directory.resolve("state/things").toString();
        Map<String, String> environment = programs.environment();

        assertThat(printed)
                .contains("--cert '" + things + "/{name}/certificate.pem' --key '" + things + "/{name}/private.key'");
        Process simulator = programs.simulator(
                "--endpoint",
                Objects.requireNonNull(environment.get("IOT_ENDPOINT")),
                "--ca",
                Objects.requireNonNull(environment.get("IOT_CA")),
                "--cert",
                things + "/{name}/certificate.pem",
                "--key",
                things + "/{name}/private.key",
                "--client-id",
                "meter",
                "--count",
                "3");
        Programs.until(simulator.inputReader(), "Waiting for command ...");
        Process calls = programs.client(
                environment,
                "--repeat",
                "6",
                "--targets",
                "meter-1,meter-2,meter-3",
                environment.get("API_ENDPOINT") + "?target={target}&method=echo&request=1&timeout=20");

        assertThat(Programs.output(calls)).contains("statuses  200 × 6").containsPattern("(?m)^meter-3 +2 .* 200 × 2$");
        assertThat(cloud.process().isAlive()).isTrue();
    }

    @Test
    void thing_that_cannot_be_made_is_named_and_leaves_the_others() throws Exception {
        Process first = provision("a", "roundtrip", "b");
        String printed = Programs.output(first);

        assertThat(first.exitValue()).isEqualTo(1);
        assertThat(programs.errors(first).lines())
                .satisfiesExactly(
                        failed -> assertThat(failed)
                                .startsWith("local-cloud: roundtrip was not made: a thing must not be named"),
                        sum -> assertThat(sum).startsWith("local-cloud: 1 of 3 things were not made"));
        assertThat(printed).containsPattern("(?m)^a +new ").containsPattern("(?m)^b +new ");
        assertThat(things()).containsExactly("a", "b");
    }

    @Test
    void same_command_makes_what_is_missing_and_nothing_else() throws Exception {
        Programs.output(provision("meter", "--count", "2"));
        String kept = Files.readString(directory.resolve("state/things/meter-2/certificate.pem"));

        String printed = Programs.output(provision("meter", "--count", "3"));

        assertThat(printed)
                .containsPattern("(?m)^meter-1 +was there already ")
                .containsPattern("(?m)^meter-2 +was there already ")
                .containsPattern("(?m)^meter-3 +new ");
        assertThat(directory.resolve("state/things/meter-2/certificate.pem")).hasContent(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b/c",
                "a a",
                "a a-1 --count 0",
                "a --count 10001",
                "a b --count 5001",
                "a a-1 --count many",
                "--count 3",
            })
    void wrong_usage_makes_nothing(String arguments) throws Exception {
        Process provisioning = provision(arguments.split(" ", -1));

        Programs.output(provisioning);

        assertThat(provisioning.exitValue()).isEqualTo(2);
        assertThat(programs.errors(provisioning)).startsWith("local-cloud: ").hasLineCount(2);
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void name_without_room_for_a_number_makes_nothing() throws Exception {
        Process provisioning = provision("x".repeat(127), "--count", "10");

        Programs.output(provisioning);

        assertThat(provisioning.exitValue()).isEqualTo(2);
        assertThat(programs.errors(provisioning)).contains("is too long for numbers behind it");
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void progress_is_silent_where_standard_error_is_no_terminal() throws Exception {
        Process provisioning = provision("meter", "--count", "300");

        Programs.output(provisioning);

        assertThat(programs.errors(provisioning)).isEmpty();
    }

    @Test
    void devices_of_a_number_are_connected_when_the_cloud_says_that_it_is_up() throws Exception {
        Programs.Started cloud = programs.start(Map.of(), "--device", "pump", "--devices", "12");
        Map<String, String> environment = programs.environment();

        Process calls = programs.client(
                environment,
                "--repeat",
                "13",
                "--targets",
                "pump,"
                        + String.join(
                                ",",
                                IntStream.rangeClosed(1, 12)
                                        .mapToObj(number -> "device-" + number)
                                        .toList()),
                environment.get("API_ENDPOINT") + "?target={target}&method=echo&request=1&timeout=20");

        assertThat(Programs.output(calls)).contains("statuses  200 × 13");
        assertThat(cloud.banner())
                .anyMatch(
                        line -> line.contains("pump, device-1, device-2, device-3, device-4 and 8 more, to device-12"));
    }

    @Test
    void banner_says_in_a_table_what_listens_where() throws Exception {
        Programs.Started cloud = programs.start(Map.of());
        String api = programs.environment().get("API_ENDPOINT");

        List<String> table = cloud.banner().stream()
                .dropWhile(line -> !line.contains("Port"))
                .takeWhile(line -> !line.isEmpty())
                .toList();

        int column = table.getFirst().indexOf("For");
        assertThat(table)
                .hasSize(5)
                .allMatch(line -> line.charAt(column - 1) == ' ' && line.charAt(column) != ' ')
                .anyMatch(line -> line.contains(api + " ") && line.contains("calls: HTTP"))
                .anyMatch(line -> line.contains("devices: MQTT over TLS"))
                .anyMatch(line -> line.contains("the function: MQTT over WebSocket"));
        assertThat(cloud.banner()).first().isEqualTo("The local cloud is up.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--devices 0",
                "--devices 201",
                "--devices some",
                "--device device-2 --devices 2",
                "--devices 1 --broker localhost:1"
            })
    void number_of_devices_is_checked(String options) throws Exception {
        Process cloud = programs.localCloud(("start --state state " + options).split(" ", -1));

        assertThat(Programs.output(cloud)).isEmpty();
        assertThat(cloud.exitValue()).isEqualTo(2);
        assertThat(programs.errors(cloud)).startsWith("local-cloud: ").contains("--device");
    }
}
