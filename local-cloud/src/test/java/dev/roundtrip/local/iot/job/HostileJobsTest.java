package dev.roundtrip.local.iot.job;

import static dev.roundtrip.local.iot.job.TestJobs.json;
import static dev.roundtrip.local.iot.job.TestJobs.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roundtrip.local.hostile.HostileDocuments;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.mqtt.RawClient;
import dev.roundtrip.mqtt.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that are made to harm: each is answered with what is wrong with it, nothing is lost, and the connection
 * and other devices go on.
 */
class HostileJobsTest {
    private static final String P = "$aws/things/pump/jobs/";
    private static final String ARN = TestJobs.ARN + "thing/pump";

    private final TestJobs test = new TestJobs(new InMemoryTables());

    @SuppressWarnings("NullAway.Init") // set before each test
    private RawClient pump;

    @BeforeEach
    void connect() throws IOException {
        test.create("a", "", "pump", "valve");
        pump = test.broker.mqtt5().connect("pump");
    }

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private void expectAllIsWell() throws Exception {
        for (String thing : List.of("pump", "valve")) {
            JsonNode execution = test.ask("GET", "/things/" + thing + "/jobs/a", "")
                    .ok()
                    .body()
                    .path("execution");
            assertThat(execution.path("status").asText()).isEqualTo("QUEUED");
            assertThat(execution.path("versionNumber").asInt()).isOne();
        }
        pump.expectNothing();
        try (RawClient valve = test.broker.mqtt5().connect("valve")) {
            publish(valve, "$aws/things/valve/jobs/start-next", "");
            assertThat(valve.nextPublish().topic()).endsWith("/start-next/accepted");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/update", "nobody/update"})
    void update_that_is_hostile_is_rejected(String topic) throws Exception {
        for (Map.Entry<String, byte[]> document : HostileDocuments.json().entrySet()) {
            pump.send(Wire.packet(0x30, Wire.text(P + topic), new byte[] {0}, document.getValue()));

            RawClient.Publish answer = pump.nextPublish();
            assertThat(answer.topic()).as(document.getKey()).isEqualTo(P + topic + "/rejected");
            assertThat(json(answer.payload()).path("code").asText())
                    .as(document.getKey())
                    .isIn("InvalidJson", "InvalidRequest");
        }
        expectAllIsWell();
    }

    /** These ask for nothing that a status could spoil: what is JSON is served, without it. */
    @ParameterizedTest
    @ValueSource(strings = {"get", "a/get", "$next/get"})
    void request_that_is_hostile_is_answered(String topic) throws Exception {
        for (Map.Entry<String, byte[]> document : HostileDocuments.json().entrySet()) {
            pump.send(Wire.packet(0x30, Wire.text(P + topic), new byte[] {0}, document.getValue()));

            RawClient.Publish answer = pump.nextPublish();
            assertThat(answer.topic()).as(document.getKey()).startsWith(P + topic + "/");
            assertThat(json(answer.payload()).path("code").asText())
                    .as(document.getKey())
                    .isNotEqualTo("InternalError");
        }
        expectAllIsWell();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT   | /jobs/new",
                "PATCH | /jobs/a",
                "PUT   | /jobs/a/cancel",
                "PUT   | /things/pump/jobs/a/cancel",
                "POST  | /data/things/pump/jobs/a",
                "PUT   | /data/things/pump/jobs/$next"
            })
    void body_that_is_hostile_is_refused(String method, String path) throws Exception {
        for (Map.Entry<String, byte[]> document : HostileDocuments.json().entrySet()) {
            // The quotes of the test's own kind would make it right.
            String body = new String(document.getValue(), UTF_8).replace('\'', '`');

            Answer answer = test.ask(method, path, body);

            boolean isJsonWithoutStatus = answer.status() == 200;
            assertThat(answer.status())
                    .as(document.getKey() + " " + answer.body())
                    .isLessThan(500);
            if (document.getKey().contains("twice")) {
                assertThat(answer.status()).as(document.getKey()).isEqualTo(400);
            }
            assertThat(isJsonWithoutStatus || !answer.error().isEmpty())
                    .as(document.getKey())
                    .isTrue();
        }
    }

    private static String request(String document) throws IOException {
        JsonMapper mapper = new JsonMapper();
        return mapper.writeValueAsString(Map.of("targets", List.of(ARN), "document", document));
    }

    @Test
    void document_that_no_device_can_read_makes_no_job() throws Exception {
        List<String> documents = new ArrayList<>(List.of(
                "{\"a\":1}{}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":" + "9".repeat(2_000) + "}",
                "{\"a\":".repeat(999) + "1" + "}".repeat(999),
                "[".repeat(16_000) + "]".repeat(16_000),
                "{\"a\":NaN}"));
        for (String document : documents) {
            Answer answer = test.ask("PUT", "/jobs/new", request(document));

            assertThat(answer.error()).as(document).startsWith("InvalidRequest");
        }
        expectAllIsWell();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1e999999999}",
                "{\"a\":0.12345678901234567890123456789}",
                "{\"a\":123456789012345678901234567890}",
                "{\"a\":1.10}"
            })
    void number_of_a_document_reaches_the_device_as_it_was_written(String document) throws Exception {
        var unused = test.ask("PUT", "/jobs/a/cancel", "").ok();
        unused = test.ask("PUT", "/jobs/new", request(document)).ok();

        publish(pump, P + "start-next", "");

        String number = document.substring(document.indexOf(':') + 1, document.length() - 1);
        assertThat(pump.nextPublish().payload().replace("E+", "e")).contains("\"jobDocument\":{\"a\":" + number + "}");
    }

    @Test
    void longest_document_is_handed_over() throws Exception {
        var unused = test.ask("PUT", "/jobs/a/cancel", "").ok();
        String text = "€".repeat(32_768 - 8);
        unused = test.ask("PUT", "/jobs/new", request("{\"a\":\"" + text + "\"}"))
                .ok();

        publish(pump, P + "start-next", "");

        JsonNode answer = json(pump.nextPublish().payload().replace('\'', '"'));
        assertThat(answer.path("execution").path("jobDocument").path("a").asText())
                .isEqualTo(text);
    }
}
