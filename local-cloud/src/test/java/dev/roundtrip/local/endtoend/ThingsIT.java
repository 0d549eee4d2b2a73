package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;

/** The four verbs of {@code things}, each in a process of its own, with the permissions of its README alone. */
class ThingsIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Programs programs;

    @SuppressWarnings("NullAway.Init")
    private Map<String, String> operator;

    @SuppressWarnings("NullAway.Init")
    private IotClient owner;

    @BeforeEach
    void start() throws Exception {
        programs = new Programs(directory);
        Files.writeString(directory.resolve("policy.json"), permissions());
        Process caller = programs.localCloud("caller", "operator", "--state", "state", "--policy", "policy.json");
        Programs.output(caller);
        assertThat(caller.exitValue()).as(programs.errors(caller)).isZero();
        var unused = programs.start(Map.of());
        Map<String, String> everything = programs.environment();
        owner = IotClient.builder()
                .endpointOverride(URI.create(everything.get("AWS_ENDPOINT_URL_IOT")))
                .region(Region.of(everything.get("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        everything.get("AWS_ACCESS_KEY_ID"), everything.get("AWS_SECRET_ACCESS_KEY"))))
                .httpClient(new JdkSdkClient())
                .build();
        operator = new HashMap<>(everything);
        for (String line : Files.readAllLines(directory.resolve("state/callers/operator/env"))) {
            String[] pair = line.replaceFirst("^export ", "").split("=", 2);
            if (pair.length == 2) {
                operator.put(pair[0], pair[1].replaceAll("^'|'$", ""));
            }
        }
        assertThat(operator.get("AWS_ACCESS_KEY_ID")).isNotEqualTo(everything.get("AWS_ACCESS_KEY_ID"));
    }

    @AfterEach
    void stop() {
        owner.close();
        programs.close();
    }

    /** The policy of the module's page, for the local cloud. */
    private static String permissions() throws IOException {
        String page = Files.readString(Path.of("../things/README.md"));
        String start = "```json\n";
        int from = page.indexOf(start) + start.length();
        return page.substring(from, page.indexOf("```", from))
                .replace("REGION", "*")
                .replace("ACCOUNT", "000000000000");
    }

    private String things(String... arguments) throws Exception {
        Process process = programs.things(operator, arguments);
        String output = Programs.output(process);
        assertThat(process.exitValue()).as(programs.errors(process)).isZero();
        return output;
    }

    private void assertThatNothingIsLeft() {
        assertThat(owner.listThings().things()).isEmpty();
        assertThat(owner.listCertificates().certificates()).isEmpty();
        assertThat(owner.listPolicies().policies()).isEmpty();
        assertThat(directory.resolve(".things")).doesNotExist();
    }

    @Test
    void things_are_made_send_are_heard_and_are_deleted() throws Exception {
        things("create", "--things", "2");
        Process listener = programs.things(operator, "subscribe", "--duration", "60");
        await().atMost(Programs.PATIENCE)
                .until(() -> programs.errors(listener).contains("listens to") || !listener.isAlive());
        assertThat(programs.errors(listener)).contains("thing_listener listens to things/#");

        String sent = things("send", "--duration", "2", "--rate", "5", "--append-thing-name");

        assertThat(sent.lines()).contains("Sent           20", "Acknowledged   20", "Failed         0");
        List<String> heard = new ArrayList<>();
        BufferedReader reader = listener.inputReader();
        while (heard.size() < 20) {
            heard.add(reader.readLine());
        }
        assertThat(heard)
                .filteredOn(line -> line.startsWith("things/thing_0 {\"thing\":\"thing_0\","))
                .hasSize(10);
        assertThat(heard).filteredOn(line -> line.startsWith("things/thing_1 ")).hasSize(10);
        listener.destroy();
        assertThat(listener.waitFor(Programs.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(things("clean")).isEqualTo("Deleted 3 things, 3 certificates and 1 policy.\n");
        assertThatNothingIsLeft();
    }

    @Test
    void two_runs_of_send_at_a_time_in_one_directory_leave_each_other_alone() throws Exception {
        things("create", "--things", "2");
        Process other = programs.things(operator, "send", "--duration", "6", "--rate", "5");

        String sent = things("send", "--duration", "6", "--rate", "5");

        assertThat(sent.lines()).contains("Sent           60", "Acknowledged   60", "Failed         0");
        assertThat(Programs.output(other).lines()).contains("Acknowledged   60", "Failed         0");
        assertThat(programs.errors(other)).doesNotContain("lost");
        things("clean");
        assertThatNothingIsLeft();
    }

    @Test
    void process_that_is_killed_forgets_nothing() throws Exception {
        Process killed = programs.things(operator, "create", "--things", "40");
        await().atMost(Programs.PATIENCE)
                .until(() -> Files.exists(directory.resolve(".things/thing_7")) || !killed.isAlive());
        killed.destroyForcibly();
        assertThat(killed.waitFor(Programs.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();

        assertThat(things("create", "--things", "10")).contains("thing_0 to thing_9");

        assertThat(owner.listCertificates().certificates())
                .hasSameSizeAs(owner.listThings().things());
        things("clean");
        assertThatNothingIsLeft();
    }
}
