package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roundtrip.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AWS CLI in a shell that has sourced the state directory's {@code env}. */
class AwsCliIT {
    private static final Pattern VERSION = Pattern.compile("aws-cli/(\\d+)\\.(\\d+)\\.");

    /** The first of versions 1 and 2 that read {@code AWS_ENDPOINT_URL_…}. */
    private static final Map<Integer, Integer> FIRST = Map.of(1, 29, 2, 13);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static Programs programs;

    @SuppressWarnings("NullAway.Init")
    private static Map<String, String> environment;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                isThere(), "the AWS CLI is not installed, or too old to know the variables AWS_ENDPOINT_URL_SERVICE");
        programs = new Programs(directory);
        var unused = programs.start(Map.of());
        environment = programs.environment();
    }

    private static boolean isThere() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("aws", "--version")
                    .redirectErrorStream(true)
                    .start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher found = VERSION.matcher(version);
            return process.waitFor(60, TimeUnit.SECONDS)
                    && found.find()
                    && Integer.parseInt(found.group(2)) >= FIRST.getOrDefault(Integer.parseInt(found.group(1)), 0);
        } catch (IOException missing) {
            return false;
        }
    }

    @AfterAll
    static void stop() {
        if (programs != null) {
            programs.close();
        }
    }

    /** What the CLI prints, and what it says of a failure. */
    private static String aws(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("aws"));
        command.addAll(List.of(arguments));
        Process process = programs.shell(command, environment);
        String output = Programs.output(process);
        return process.exitValue() == 0 ? output : programs.errors(process);
    }

    @Test
    void file_of_the_state_directory_sends_the_cli_to_the_local_cloud() throws Exception {
        assertThat(Json.mapper()
                        .readTree(aws("sts", "get-caller-identity"))
                        .path("Account")
                        .asText())
                .isEqualTo("000000000000");

        aws("iot-data", "publish", "--topic", "a/b", "--retain", "--qos", "1", "--payload", "eA==");

        assertThat(aws("iot-data", "list-retained-messages")).contains("\"topic\": \"a/b\"");
    }

    @Test
    void things_are_listed_over_tls_too() throws Exception {
        aws("iot", "create-thing", "--thing-name", "pump");

        String overTls = aws(
                "iot",
                "list-things",
                "--endpoint-url",
                "https://" + environment.get("IOT_WSS_ENDPOINT"),
                "--ca-bundle",
                Objects.requireNonNull(environment.get("IOT_CA")));

        assertThat(aws("iot", "list-things"))
                .contains("\"thingName\": \"pump\"")
                .isEqualTo(overTls);
        assertThat(aws("iot", "describe-endpoint", "--endpoint-type", "IoT:Data-ATS"))
                .contains(environment.get("IOT_WSS_ENDPOINT"));
    }

    @Test
    void operation_that_is_not_served_is_named_in_the_error() throws Exception {
        assertThat(aws("sts", "get-session-token")).contains("(NotImplemented)").contains("GetSessionToken");
    }
}
