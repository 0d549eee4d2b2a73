package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.sigv4.HeaderLine;
import dev.roundtrip.sigv4.UnsignedRequest;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.behaviour.Step;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values travel as they were written; what is not UTF-8 does not travel. */
class VerbatimCallIT {
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

    private static String call(String target, String request) {
        return "{\"target\":\"" + target + "\",\"method\":\"echo\",\"request\":" + request + "}";
    }

    private static HttpResponse<String> post(byte[] body) throws Exception {
        return cloud.send(cloud.signer()
                .sign(new UnsignedRequest(
                        "POST",
                        URI.create(cloud.cloud().apiEndpoint().toString()),
                        List.of(new HeaderLine("Content-Type", "application/json")),
                        body)));
    }

    private static void assertProblem(HttpResponse<String> answer, String parameter, String message) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(json(answer).path("problems")).hasSize(1);
        assertThat(json(answer).path("problems").path(0).path("parameter").textValue())
                .isEqualTo(parameter);
        assertThat(json(answer).path("problems").path(0).path("message").textValue())
                .contains(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pump", "old-pump"})
    void values_come_back_as_they_were_written(String target) throws Exception {
        String request = "{ \"numbers\": [-0.0, -0, 1e2, 1E+400, 0.10, 123456789012345678901234567890.5],\n\t"
                + "\"text\": \"\\u00e9\\/\\ud83d – ü 😀\" }";

        HttpResponse<String> answer = cloud.post(call(target, request));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).endsWith(",\"response\":" + request + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE", "ISO-8859-1"})
    void body_in_another_encoding_is_refused(String encoding) throws Exception {
        assertProblem(post(call("pump", "\"grün\"").getBytes(Charset.forName(encoding))), "body", "UTF-8");
    }

    @Test
    void body_with_the_mark_of_utf_8_is_taken() throws Exception {
        HttpResponse<String> answer = post(("\uFEFF" + call("pump", "\"grün\"")).getBytes(StandardCharsets.UTF_8));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).endsWith("\"response\":\"grün\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%FF", "gr%FCn", "%C0%AF", "%ED%A0%80", "%C3", "a%80", "%EF%BF%BD"})
    @EnabledIf("dev.roundtrip.local.endtoend.CallIT#hasCurl") // Other signers take no such query.
    void query_that_is_not_utf_8_is_refused(String request) throws Exception {
        String answer = curl("method=echo&request=" + request + "&target=pump");

        assertThat(answer).endsWith(" 400").contains("\"parameter\":\"request\"", "must be UTF-8");
    }

    @Test
    @EnabledIf("dev.roundtrip.local.endtoend.CallIT#hasCurl")
    void name_that_is_not_utf_8_is_refused() throws Exception {
        assertThat(curl("method=echo&request=1&target=pump%FF")).endsWith(" 400");
        assertThat(curl("method=echo&request=1&target=pump&wait%FF=1")).endsWith(" 400");
    }

    private static String curl(String query) throws Exception {
        Credentials credentials = cloud.cloud().state().credentials();
        Process curl = new ProcessBuilder(
                        "curl",
                        "--silent",
                        "--aws-sigv4",
                        "aws:amz:" + cloud.scope().region() + ":execute-api",
                        "--write-out",
                        " %{http_code}",
                        "--config",
                        "-",
                        cloud.url(query))
                .start();
        try (var config = curl.outputWriter()) {
            config.write("user = \"" + credentials.accessKeyId() + ":" + credentials.secretAccessKey() + "\"\n");
        }
        String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void answer_in_another_encoding_is_unreadable() throws Exception {
        Behaviour foreign = command -> List.of(new Step.Garbage(
                ("{\"id\":\"" + command.id() + "\",\"response\":1}").getBytes(StandardCharsets.UTF_16LE)));
        cloud.device("foreign-pump", foreign);

        HttpResponse<String> answer = cloud.post(call("foreign-pump", "1"));

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(json(answer).path("error").path("code").textValue()).isEqualTo("unreadable_answer");
        assertThat(json(answer).path("error").path("message").textValue()).isEqualTo("payload is not UTF-8");
    }

    @Test
    void why_a_request_cannot_be_read_is_told() throws Exception {
        assertProblem(
                cloud.post(call("pump", "[".repeat(1_001) + "]".repeat(1_001))), "body", "nested deeper than 1000");
        assertProblem(cloud.post(call("pump", "7".repeat(1_001))), "body", "more than 1000 digits");
    }
}
