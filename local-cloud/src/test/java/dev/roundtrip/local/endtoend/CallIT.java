package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.sigv4.UnsignedRequest;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.behaviour.Fault;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A signed call reaches a device and comes back with its answer. */
class CallIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @SuppressWarnings("NullAway.Init")
    private static TestCloud cloud;

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(state);
        cloud.device("pump");
        cloud.device("old-pump", MqttVersion.MQTT_3);
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    @Test
    void get_is_answered_as_the_sample_device_answers() throws Exception {
        long asked = System.nanoTime();
        HttpResponse<String> answer = cloud.get("target=pump&method=greet&request=my%20request&timeout=5");
        long answered = System.nanoTime();

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode body = json(answer);
        assertThat(body.path("result").textValue()).isEqualTo("ok");
        assertThat(body.path("response").textValue())
                .startsWith("Your request was 'my request'. Some random response: '");
        assertThat(UUID.fromString(body.path("id").textValue()).version()).isEqualTo(4);
        assertThat(Long.parseLong(body.path("elapsed").textValue()))
                .as("within what the caller measured")
                .isBetween(0L, TimeUnit.NANOSECONDS.toMillis(answered - asked));
        assertThat(answer.headers().firstValue("X-Invocation-Id"))
                .contains(body.path("id").textValue());
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Server-Timing").orElse(""))
                .matches("connect;dur=[0-9.]+, subscribe;dur=[0-9.]+, publish;dur=[0-9.]+, device;dur=[0-9.]+");
    }

    @Test
    void post_hands_json_over_and_back_unchanged() throws Exception {
        String request =
                "{\"text\":\"ünï – \\\"quoted\\\"\",\"numbers\":[1.0,-0.5,12345678901234567890],\"nothing\":null}";

        HttpResponse<String> answer =
                cloud.post("{\"target\":\"pump\",\"method\":\"echo\",\"request\":" + request + ",\"timeout\":5}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("response")).isEqualTo(Json.mapper().readTree(request));
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void device_is_called_over_either_mqtt(MqttVersion mqtt) throws Exception {
        String target = mqtt == MqttVersion.MQTT_5 ? "pump" : "old-pump";

        HttpResponse<String> answer =
                cloud.post("{\"target\":\"" + target + "\",\"method\":\"add\",\"request\":[1,2,39]}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("response").intValue()).isEqualTo(42);
    }

    @Test
    void trailing_slash_makes_no_difference() throws Exception {
        String url = cloud.cloud().apiEndpoint() + "/?method=echo&request=hi&target=pump";

        HttpResponse<String> answer = cloud.send(cloud.signer().sign(UnsignedRequest.get(url)));

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void presigned_url_is_enough() throws Exception {
        UnsignedRequest call = UnsignedRequest.get(cloud.url("target=pump&method=echo&request=hi"));

        HttpResponse<String> answer = cloud.send(cloud.signer().presign(call, Duration.ofMinutes(1)));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("response").textValue()).isEqualTo("hi");
    }

    static boolean hasCurl() {
        try {
            Process curl = new ProcessBuilder("curl", "--version").start();
            String version = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return curl.waitFor() == 0 && !version.startsWith("curl 7.7");
        } catch (IOException | InterruptedException absent) {
            return false;
        }
    }

    @Test
    @EnabledIf("hasCurl")
    void curl_signs_calls_by_itself() throws Exception {
        String get = curl(cloud.url("method=echo&request=hello%20w%C3%B6rld&target=pump&timeout=5"));
        String post = curl(
                cloud.cloud().apiEndpoint().toString(),
                "--json",
                "{\"target\":\"pump\",\"method\":\"mul\",\"request\":[6,7]}");

        assertThat(Json.mapper().readTree(get).path("response").textValue()).isEqualTo("hello wörld");
        assertThat(Json.mapper().readTree(post).path("response").intValue()).isEqualTo(42);
    }

    private static String curl(String url, String... more) throws Exception {
        Credentials credentials = cloud.cloud().state().credentials();
        List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--fail-with-body"));
        command.addAll(List.of("--aws-sigv4", "aws:amz:" + cloud.scope().region() + ":execute-api"));
        command.addAll(List.of(more));
        command.addAll(List.of("--config", "-", url));
        Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var config = curl.outputWriter()) {
            config.write("user = \"" + credentials.accessKeyId() + ":" + credentials.secretAccessKey() + "\"\n");
        }
        String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void thousand_calls_at_once_get_each_the_answer_to_its_own_request() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            cloud.device("slow-pump", Behaviour.honest().with(Fault.delay(Duration.ofSeconds(1))));

            List<Future<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                String query = "target=slow-pump&method=echo&request=question-" + i + "&timeout=25";
                calls.add(callers.submit(() -> cloud.get(query)));
            }

            for (int i = 0; i < calls.size(); i++) {
                HttpResponse<String> answer = calls.get(i).get();
                assertThat(result(answer)).as(answer.body()).isEqualTo("ok");
                assertThat(json(answer).path("response").textValue()).isEqualTo("question-" + i);
            }
        }
    }

    @Test
    void log_has_one_line_for_each_call_and_no_payload() throws Exception {
        HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=planted-secret");

        String id = json(answer).path("id").textValue();
        List<String> lines =
                cloud.log().stream().filter(line -> line.contains(id)).toList();
        assertThat(lines).hasSize(1);
        JsonNode line = Json.mapper().readTree(lines.getFirst());
        assertThat(line.path("target").textValue()).isEqualTo("pump");
        assertThat(line.path("method").textValue()).isEqualTo("echo");
        assertThat(line.path("result").textValue()).isEqualTo("ok");
        assertThat(line.path("elapsed").isIntegralNumber()).isTrue();
        assertThat(String.join("\n", cloud.log()))
                .doesNotContain("planted-secret")
                .doesNotContain(cloud.cloud().state().credentials().secretAccessKey());
    }
}
