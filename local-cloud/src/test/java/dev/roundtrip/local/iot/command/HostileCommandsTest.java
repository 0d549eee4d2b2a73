package dev.roundtrip.local.iot.command;

import static dev.roundtrip.local.iot.command.TestCommands.THING;
import static dev.roundtrip.local.iot.command.TestCommands.publish;
import static dev.roundtrip.local.iot.command.TestCommands.topic;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that are made to harm: each is answered with what is wrong with it, nothing is lost, and the connection
 * and other devices go on.
 */
class HostileCommandsTest {
    private static final String OTHER = "arn:aws:iot:us-east-1:000000000000:thing/valve";

    private final TestCommands test = new TestCommands(new InMemoryTables());

    @SuppressWarnings("NullAway.Init") // set before each test
    private RawClient pump;

    @SuppressWarnings("NullAway.Init") // set before each test
    private String id;

    @BeforeEach
    void start() throws IOException {
        test.command("open");
        id = test.started(THING);
        pump = test.broker.mqtt5().connect("pump");
    }

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private void expectAllIsWell() throws Exception {
        assertThat(test.execution(id, THING).text("status")).isEqualTo("CREATED");
        pump.expectNothing();
        assertThat(test.update(pump, topic(id), "{'status':'SUCCEEDED'}")).isEqualTo("accepted");
        String others = test.started(OTHER);
        try (RawClient valve = test.broker.mqtt5().connect("valve")) {
            assertThat(test.update(valve, topic(others).replace("pump", "valve"), "{'status':'SUCCEEDED'}"))
                    .isEqualTo("accepted");
        }
    }

    private void expectRejected(String topic, Map<String, byte[]> documents) throws IOException {
        for (Map.Entry<String, byte[]> document : documents.entrySet()) {
            pump.send(publish(topic, document.getValue()));

            RawClient.Publish answer = pump.nextPublish();
            assertThat(answer.topic()).as(document.getKey()).contains("/response/rejected");
            // Texts are the same in CBOR.
            assertThat(answer.payload()).as(document.getKey()).containsPattern("InvalidJson|InvalidRequest");
            pump.send(Wire.pubAck(answer.packetId()));
        }
    }

    @Test
    void update_in_json_that_is_hostile_is_rejected() throws Exception {
        expectRejected(topic(id), HostileDocuments.json());
        expectAllIsWell();
    }

    @Test
    void update_in_cbor_that_is_hostile_is_rejected() throws Exception {
        expectRejected(topic(id).replace("/json", "/cbor"), HostileDocuments.cbor());
        expectAllIsWell();
    }

    /** What a topic without a format, or with the other one, is sent is read as nothing else. */
    @ParameterizedTest
    @ValueSource(strings = {"/json", "/cbor"})
    void update_in_another_format_is_rejected(String format) throws Exception {
        expectRejected(
                topic(id).replace("/json", format),
                format.equals("/json") ? HostileDocuments.cborAlone() : HostileDocuments.json());
        expectAllIsWell();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "iot           | PUT   | /commands/new",
                "iot           | PATCH | /commands/open",
                "iot           | POST  | /command-executions",
                "iot-jobs-data | POST  | /command-executions"
            })
    void body_that_is_hostile_is_refused(String service, String method, String path) {
        for (Map.Entry<String, byte[]> document : HostileDocuments.json().entrySet()) {
            // The quotes of the test's own kind would make it right.
            String body = new String(document.getValue(), UTF_8).replace('\'', '`');

            Answer answer = test.ask(service, method, path, body);

            boolean isJsonWithoutStatus = method.equals("PATCH") && answer.status() == 200;
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

    @Test
    void long_value_in_many_places_is_refused_before_it_fills_the_memory() throws Exception {
        String placeholder = "${aws:iot:commandexecution::parameter:a}";
        Answer made = test.control(
                "PUT",
                "/commands/many",
                "{'payloadTemplate':'{\\'x\\':\\'" + placeholder.repeat(800) + "\\'}','preprocessor':"
                        + "{'awsJsonSubstitution':{'outputFormat':'JSON'}},'mandatoryParameters':[{'name':'a'}]}");
        assertThat(made.status()).as(made.toString()).isEqualTo(200);
        List<String> said = new ArrayList<>();

        // 800 times 120 KB are 96 MB for each of them.
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(callers.submit(() -> test.data(
                        "POST",
                        "/command-executions",
                        "{'commandArn':'arn:aws:iot:us-east-1:000000000000:command/many','targetArn':'" + OTHER
                                + "','parameters':{'a':{'S':'" + "x".repeat(120_000) + "'}}}")));
            }
            for (Future<Answer> answer : answers) {
                said.add(answer.get().status() + answer.get().error());
            }
        }

        assertThat(said).containsOnly("400ValidationException");
        expectAllIsWell();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JSON", "CBOR"})
    void template_that_is_hostile_is_refused_or_sent(String format) throws Exception {
        JsonMapper mapper = new JsonMapper();
        int made = 0;
        for (Map.Entry<String, byte[]> document : HostileDocuments.json().entrySet()) {
            String template = new String(document.getValue(), UTF_8).replace('\'', '`');
            String command = "made-" + made++;
            Answer answer = test.control(
                    "PUT",
                    "/commands/" + command,
                    mapper.writeValueAsString(Map.of(
                            "payloadTemplate",
                            template,
                            "preprocessor",
                            Map.of("awsJsonSubstitution", Map.of("outputFormat", format)))));
            assertThat(answer.status())
                    .as(document.getKey() + " " + answer.body())
                    .isIn(200, 400, 413);
            if (answer.status() == 200) {
                Answer started = test.data(
                        "POST",
                        "/command-executions",
                        "{'commandArn':'arn:aws:iot:us-east-1:000000000000:command/" + command + "','targetArn':'"
                                + OTHER + "'}");
                assertThat(started.status()).as(document.getKey()).isEqualTo(200);
            }
        }
        expectAllIsWell();
    }
}
