package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** State directories that cannot be used, as a person sees them. */
class StateTroubleIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Programs programs;

    @BeforeEach
    void open() {
        programs = new Programs(directory);
    }

    @AfterEach
    void stop() {
        programs.close();
    }

    @ParameterizedTest
    @CsvSource({"start, ''", "provision pump, ''", "caller alice, ''", "provision pump, ' '"})
    void state_without_a_name_is_wrong_usage(String command, String state) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of("--state", state));

        Process cloud = programs.localCloud(arguments.toArray(String[]::new));

        assertThat(Programs.output(cloud)).isEmpty();
        assertThat(cloud.exitValue()).isEqualTo(2);
        assertThat(programs.errors(cloud)).contains("--state must name a directory");
        assertThat(directory.resolve("authority.pem")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "/etc/passwd, a file of this name is in the way",
        "/etc/passwd/state, Not a directory",
        "/proc/state, it is not there",
        "dangling, a file of this name is in the way",
    })
    void state_that_cannot_be_is_told_with_the_reason_and_what_to_do(String state, String reason) throws Exception {
        Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));

        Process cloud = programs.localCloud("provision", "pump", "--state", state);

        assertThat(Programs.output(cloud)).isEmpty();
        assertThat(cloud.exitValue()).isEqualTo(1);
        assertThat(programs.errors(cloud))
                .contains(state, reason, "--state")
                .doesNotContain("Exception")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"state/", "./state", "link"})
    void state_may_be_written_in_any_way(String state) throws Exception {
        StateDirectory made = StateDirectory.open(directory.resolve("state"));
        Files.createSymbolicLink(directory.resolve("link"), Path.of("state"));

        Process cloud = programs.localCloud("provision", "pump", "--state", state);

        Programs.output(cloud);
        assertThat(cloud.exitValue()).as(programs.errors(cloud)).isZero();
        assertThat(made.find(new Target("pump"))).isPresent();
    }

    @Test
    void file_that_is_no_text_is_told() throws Exception {
        StateDirectory.open(directory.resolve("state"));
        Files.write(directory.resolve("state/credentials.json"), new byte[] {(byte) 0xff, (byte) 0xfe});

        Process cloud = programs.localCloud("provision", "pump", "--state", "state");

        Programs.output(cloud);
        assertThat(programs.errors(cloud))
                .contains("credentials.json: it is not text in UTF-8")
                .doesNotContain("Exception")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({"START, is damaged: put a copy in its place", "TEXT, is no database: move it away"})
    void damaged_file_of_the_services_stops_the_start_with_what_to_do_and_stays_as_it_is(String damage, String told)
            throws Exception {
        Programs.output(programs.localCloud("provision", "pump", "--state", "state"));
        Path file = directory.resolve("state/services.db");
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, damage.equals("TEXT") ? 0 : 100, bytes.length, (byte) 'x');
        Files.write(file, bytes);
        Map<String, String> before = files("state");

        Process cloud = programs.localCloud(
                "start", "--state", "state", "--api-port", "0", "--mqtt-port", "0", "--wss-port", "0");

        assertThat(Programs.output(cloud)).isEmpty();
        assertThat(cloud.exitValue()).isEqualTo(1);
        assertThat(programs.errors(cloud))
                .contains(file + " " + told, "--state")
                .doesNotContain("Exception")
                .hasLineCount(1);
        assertThat(files("state")).containsAllEntriesOf(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"thing.json", "policy.json", "certificate.pem", "private.key"})
    void thing_that_lacks_a_file_is_mended_as_the_message_says(String file) throws Exception {
        StateDirectory state = StateDirectory.open(directory.resolve("state"));
        state.provision(new Target("pump"), LocalCloudSettings.PREFIX);
        Path missing = directory.resolve("state/things/pump").resolve(file);
        Files.delete(missing);

        Process provisioned = programs.localCloud("provision", "pump", "--state", "state");
        Programs.output(provisioned);
        Process replaced = programs.localCloud("provision", "pump", "--state", "state", "--replace");

        assertThat(provisioned.exitValue()).isEqualTo(1);
        assertThat(programs.errors(provisioned)).contains(missing + " is missing", "provision pump --replace");
        assertThat(Programs.output(replaced)).contains("pump   replaced");
        assertThat(missing).exists();
    }

    @ParameterizedTest
    @CsvSource({"lock, TERM, 143", "lock, INT, 130", "running, TERM, 143", "running, INT, 130"})
    void new_state_that_is_stopped_ends_without_a_word(String file, String signal, int code) throws Exception {
        Process cloud = programs.localCloud(
                "start", "--api-port", "0", "--mqtt-port", "0", "--wss-port", "0", "--state", "state");
        await().atMost(Programs.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> Files.exists(directory.resolve("state").resolve(file)));

        new ProcessBuilder("kill", "-s", signal, String.valueOf(cloud.pid()))
                .start()
                .waitFor();

        assertThat(cloud.waitFor(Programs.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(cloud.exitValue()).isEqualTo(code);
        assertThat(programs.errors(cloud)).isEmpty();
    }

    /** A command in a mount namespace of its own, where {@code state} is a file system of that size; null where this is
     * not permitted.
     */
    private Process withDisk(String kilobytes, String script) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "--map-root-user",
                "sh",
                "-c",
                "mount -t tmpfs -o mode=700,size=" + kilobytes + "k tmpfs state && " + script,
                "disk"));
        command.addAll(Programs.command("dev.roundtrip.local.Main", List.of()));
        Files.createDirectories(directory.resolve("state"));
        return programs.shell(command, Map.of());
    }

    private void assumeDisks() throws Exception {
        Process probe = withDisk("64", "true");
        Programs.output(probe);
        assumeTrue(
                probe.exitValue() == 0, "this machine permits no mount namespace (unshare): " + programs.errors(probe));
    }

    @Test
    void full_disk_is_told_with_the_reason_and_what_to_do() throws Exception {
        assumeDisks();

        Process full = withDisk("8", "cat /dev/zero >state/full 2>/dev/null; \"$@\" provision pump --state state");

        assertThat(Programs.output(full)).isEmpty();
        assertThat(full.exitValue()).isEqualTo(1);
        assertThat(programs.errors(full))
                .contains("No space left on device", "--state")
                .doesNotContain("Exception")
                .hasLineCount(1);
    }

    @Test
    void full_disk_leaves_a_complete_state_as_it_is() throws Exception {
        assumeDisks();
        String script = "\"$@\" provision pump --state state >/dev/null; cp -a state before;"
                + " cat /dev/zero >state/full 2>/dev/null;"
                + " for more in 'provision valve' 'provision pump --replace' 'caller alice --policy policy.json'; do"
                + " \"$@\" $more --state state >>out && echo done: $more >>out; done;"
                + " rm state/full; cp -a state after; \"$@\" provision pump --state state";
        Files.writeString(
                directory.resolve("policy.json"),
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\","
                        + "\"Resource\":\"*\"}]}");

        // Room for the rows of services.
        Process disk = withDisk("4096", script);

        assertThat(Programs.output(disk)).contains("pump   was there already");
        assertThat(programs.errors(disk)).contains("No space left on device").hasLineCount(3);
        assertThat(directory.resolve("out")).isEmptyFile();
        assertThat(files("after")).isEqualTo(files("before"));
    }

    private Map<String, String> files(String tree) throws IOException {
        Path root = directory.resolve(tree);
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(root.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
