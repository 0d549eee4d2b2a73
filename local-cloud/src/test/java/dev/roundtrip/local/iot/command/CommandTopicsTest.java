package dev.roundtrip.local.iot.command;

import static dev.roundtrip.local.iot.command.TestCommands.CLIENT;
import static dev.roundtrip.local.iot.command.TestCommands.THING;
import static dev.roundtrip.local.iot.command.TestCommands.json;
import static dev.roundtrip.local.iot.command.TestCommands.topic;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.iot.document.DocumentFormat;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.mqtt.RawClient;
import dev.roundtrip.mqtt.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands over MQTT: what devices are sent, what they report, and what is told of it. */
class CommandTopicsTest {
    private static final String REQUESTS = "$aws/commands/things/pump/executions/+/request/json";

    private final TableStore tables = new InMemoryTables();
    private TestCommands test = new TestCommands(tables);

    @BeforeEach
    void makeCommand() {
        test.command("open");
    }

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private RawClient device() throws IOException {
        return test.broker.mqtt5().connect("pump");
    }

    private void expectEvent(RawClient listener, String topic, String json) throws IOException {
        RawClient.Publish event = listener.nextPublish();
        assertThat(event.topic()).isEqualTo(topic);
        assertThat(json(event.payload())).isEqualTo(json(json));
        listener.send(Wire.pubAck(event.packetId()));
    }

    @Test
    void request_brings_the_payload_its_type_and_the_timeout() throws IOException {
        RawClient device = device().subscribe(REQUESTS);

        String id = test.start(THING, ",'executionTimeoutSeconds':60").text("executionId");

        RawClient.Publish request = device.nextPublish();
        assertThat(request.topic()).isEqualTo("$aws/commands/things/pump/executions/" + id + "/request/json");
        assertThat(request.qos()).isEqualTo(1);
        assertThat(request.payload()).isEqualTo("{\"open\":true}");
        // 0x02: message expiry of 60 s; 0x03: content type.
        assertThat(request.properties()).contains("020000003c").contains("030010" + hex("application/json"));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    application/json,         /json
                    APPLICATION/JSON,         /json
                    application/cbor,         /cbor
                    text/plain,               ''
                    application/octet-stream, ''
                    """)
    void topic_ends_with_the_format(String contentType, String end) throws IOException {
        test.control("PUT", "/commands/other", "{'payload':{'content':'YQ==','contentType':'" + contentType + "'}}");
        RawClient device = device().subscribe("$aws/commands/things/pump/executions/+/request" + end);

        Answer started = test.data(
                "POST",
                "/command-executions",
                "{'commandArn':'arn:aws:iot:us-east-1:000000000000:command/other','targetArn':'" + THING + "'}");

        assertThat(device.nextPublish().topic()).endsWith(started.text("executionId") + "/request" + end);
    }

    @Test
    void request_waits_in_a_persistent_session_until_the_timeout() throws IOException {
        RawClient first = test.broker.mqtt5();
        // Clean start and a session expiry of an hour.
        first.send(Wire.connect(Wire.MQTT_5, "pump", 0x02, 60, "1100000e10"));
        first.next();
        first.subscribe(REQUESTS).send(Wire.disconnect());
        assertThat(first.next()).isEqualTo(RawClient.CLOSED);
        String late = test.started(THING);
        test.broker.clock.advance(Duration.ofSeconds(11));
        String id = test.started(THING);

        RawClient again = test.broker.mqtt5();
        again.send(Wire.connect(Wire.MQTT_5, "pump", 0, 60, "1100000e10"));

        assertThat(again.next()).startsWith("20");
        assertThat(again.nextPublish().topic()).contains(id).doesNotContain(late);
        again.expectNothing();
    }

    @Test
    void device_reports_progress_and_a_result_that_is_read_at_once() throws IOException {
        RawClient device = device();
        String id = test.started(THING);

        assertThat(test.update(device, topic(id), "{'status':'IN_PROGRESS'}")).isEqualTo("accepted");
        assertThat(test.execution(id, THING).text("status")).isEqualTo("IN_PROGRESS");
        assertThat(test.update(
                        device,
                        topic(id),
                        ("{'status':'SUCCEEDED','statusReason':{'reasonCode':'DONE','reasonDescription':'ok'},"
                                + "'result':{'t':{'s':'21.5'},'ok':{'b':true},'raw':{'bin':'AAE='}},'extra':1}")))
                .isEqualTo("accepted");

        JsonNode execution = test.execution(id, THING).body();
        assertThat(execution.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(execution.path("statusReason")).isEqualTo(json("{'reasonCode':'DONE','reasonDescription':'ok'}"));
        assertThat(execution.path("result")).isEqualTo(json("{'t':{'S':'21.5'},'ok':{'B':true},'raw':{'BIN':'AAE='}}"));
        assertThat(execution.has("startedAt")).isTrue();
        assertThat(execution.has("completedAt")).isTrue();
    }

    @Test
    void answer_says_which_execution_and_goes_to_the_sender_alone() throws IOException {
        RawClient other = test.broker
                .mqtt5()
                .connect("other")
                .subscribe("$aws/commands/things/+/executions/+/response/accepted/json");
        RawClient device = device();
        String id = test.started(THING);

        device.send(Wire.publish0(Wire.MQTT_5, topic(id), TestCommands.quoted("{'status':'IN_PROGRESS'}")));

        RawClient.Publish answer = device.nextPublish();
        assertThat(answer.topic()).isEqualTo("$aws/commands/things/pump/executions/" + id + "/response/accepted/json");
        assertThat(json(answer.payload())).isEqualTo(json("{'executionId':'" + id + "'}"));
        other.expectNothing();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # what is published                                          | error
                    {'status':'IN_PROGRESS'                                      | InvalidJson
                    ''                                                           | InvalidJson
                    []                                                           | InvalidJson
                    {'status':'FAILED','status':'FAILED'}                        | InvalidJson
                    {}                                                           | InvalidRequest
                    {'status':null}                                              | InvalidRequest
                    {'status':'CREATED'}                                         | InvalidRequest
                    {'status':'succeeded'}                                       | InvalidRequest
                    {'status':'FAILED','statusReason':{}}                        | InvalidRequest
                    {'status':'FAILED','statusReason':'x'}                       | InvalidRequest
                    {'status':'FAILED','statusReason':{'reasonCode':'lower'}}    | InvalidRequest
                    {'status':'FAILED','statusReason':{'reasonCode':'A','reasonDescription':'\\u0007'}} | InvalidRequest
                    {'status':'FAILED','result':{}}                              | InvalidRequest
                    {'status':'FAILED','result':[]}                              | InvalidRequest
                    {'status':'FAILED','result':{'a b':{'s':'x'}}}               | InvalidRequest
                    {'status':'FAILED','result':{'a':{'S':'x'}}}                 | InvalidRequest
                    {'status':'FAILED','result':{'a':{'s':'x','b':true}}}        | InvalidRequest
                    {'status':'FAILED','result':{'a':{'bin':'%'}}}               | InvalidRequest
                    {'status':'FAILED','result':{'a':{'s':{}}}}                  | InvalidRequest
                    """)
    void malformed_update_is_refused_with_an_answer(String payload, String error) throws IOException {
        String id = test.started(THING);

        assertThat(test.update(device(), topic(id), payload)).isEqualTo(error);
        assertThat(test.execution(id, THING).text("status")).isEqualTo("CREATED");
    }

    @Test
    void deep_and_long_documents_are_refused() throws IOException {
        RawClient device = device();
        String id = test.started(THING);

        String deep = "{'status':'FAILED','x':" + "[".repeat(50_000) + "]".repeat(50_000) + "}";
        assertThat(test.update(device, topic(id), deep)).isEqualTo("InvalidJson");
        String digits = "{'status':'FAILED','x':" + "9".repeat(100_000) + "}";
        assertThat(test.update(device, topic(id), digits)).isEqualTo("InvalidJson");
        assertThat(test.update(device, topic(id), new byte[] {'{', '"', (byte) 0xff, '"', '}'}))
                .isEqualTo("InvalidJson");
        assertThat(test.update(device, topic(id), "{'status':'FAILED'}")).isEqualTo("accepted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // An array that says it has 2^32 - 1 elements, a string of as many bytes, a map of as many members.
                "9affffffff",
                "7affffffff61",
                "5affffffff00",
                "baffffffff",
                "7bffffffffffffffff",
                // Nested arrays without an end; a tag of a tag; a break alone; nothing.
                "9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f",
                "c6c6c6c6c6c6c6c6",
                "ff",
                ""
            })
    void hostile_cbor_is_refused(String payload) throws IOException {
        String id = test.started(THING);
        RawClient device = device();
        String topic = topic(id).replace("/json", "/cbor");

        device.send(TestCommands.publish(topic, Wire.hex(payload)));
        RawClient.Publish answer = device.nextPublish();
        assertThat(answer.topic()).endsWith("/rejected/cbor");
        assertThat(answer.payload()).contains("InvalidJson");
        assertThat(test.execution(id, THING).text("status")).isEqualTo("CREATED");
    }

    @Test
    void update_in_cbor_is_answered_in_cbor() throws IOException {
        String id = test.started(THING);
        RawClient device = device();
        byte[] update = DocumentFormat.CBOR.write(json("{'status':'SUCCEEDED','result':{'a':{'s':'x'}}}"));

        device.send(TestCommands.publish(topic(id).replace("/json", "/cbor"), update));

        RawClient.Publish answer = device.nextPublish();
        assertThat(answer.topic()).endsWith("/response/accepted/cbor");
        assertThat(answer.payload()).contains("executionId").contains(id);
        assertThat(test.execution(id, THING).body().path("result")).isEqualTo(json("{'a':{'S':'x'}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    $aws/commands/things/valve/executions/ID/response/json      | ResourceNotFound
                    $aws/commands/clients/pump/executions/ID/response/json      | ResourceNotFound
                    $aws/commands/clients/valve/executions/ID/response/json     | ResourceNotFound
                    $aws/commands/things/pump/executions/none/response/json     | ResourceNotFound
                    $aws/commands/things/pump/executions/a b/response/json      | InvalidTopic
                    $aws/commands/thing/pump/executions/ID/response/json        | InvalidTopic
                    $aws/commands/things/p mp/executions/ID/response/json       | InvalidTopic
                    $aws/commands/things/pump/executions/ID/response            | InvalidTopic
                    $aws/commands/things/pump/executions/ID/response/xml        | InvalidTopic
                    """)
    void wrong_device_execution_or_format_is_refused_and_never_silent(String topic, String error) throws IOException {
        String id = test.started(THING);

        assertThat(test.update(device(), topic.replace("ID", id), "{'status':'SUCCEEDED'}"))
                .isEqualTo(error);
        assertThat(test.execution(id, THING).text("status")).isEqualTo("CREATED");
    }

    @Test
    void nothing_follows_the_end() throws IOException {
        RawClient device = device();
        String id = test.started(THING);
        test.update(device, topic(id), "{'status':'SUCCEEDED'}");

        assertThat(test.update(device, topic(id), "{'status':'FAILED'}")).isEqualTo("TerminalStateReached");
        assertThat(test.update(device, topic(id), "{'status':'SUCCEEDED'}")).isEqualTo("TerminalStateReached");
        assertThat(test.execution(id, THING).text("status")).isEqualTo("SUCCEEDED");
    }

    @Test
    void cloud_ends_the_time_and_the_device_may_still_say_how_it_went() throws IOException {
        RawClient device = device();
        String id = test.started(THING);

        test.clock.advance(Duration.ofSeconds(9));
        assertThat(test.execution(id, THING).text("status")).isEqualTo("CREATED");
        test.clock.advance(Duration.ofSeconds(1));

        JsonNode overdue = test.execution(id, THING).body();
        assertThat(overdue.path("status").asText()).isEqualTo("TIMED_OUT");
        assertThat(overdue.path("statusReason")).isEqualTo(json("{'reasonCode':'$NO_RESPONSE_FROM_DEVICE'}"));
        assertThat(overdue.has("completedAt")).isFalse();
        assertThat(test.update(device, topic(id), "{'status':'IN_PROGRESS'}")).isEqualTo("InvalidStateTransition");
        assertThat(test.update(device, topic(id), "{'status':'FAILED'}")).isEqualTo("accepted");
        assertThat(test.execution(id, THING).body().has("completedAt")).isTrue();
    }

    @Test
    void progress_does_not_lengthen_the_time() throws IOException {
        RawClient device = device();
        String id = test.started(THING);
        test.clock.advance(Duration.ofSeconds(9));
        test.update(device, topic(id), "{'status':'IN_PROGRESS'}");

        test.clock.advance(Duration.ofSeconds(1));

        assertThat(test.execution(id, THING).text("status")).isEqualTo("TIMED_OUT");
    }

    @Test
    void time_ends_also_while_the_service_is_away() throws IOException {
        String id = test.started(THING);
        test.close();

        test = new TestCommands(tables);
        assertThat(test.execution(id, THING).text("status")).isEqualTo("CREATED");
        test.clock.advance(Duration.ofSeconds(10));

        assertThat(test.execution(id, THING).text("status")).isEqualTo("TIMED_OUT");
    }

    @Test
    void conflict_is_answered_where_one_is_wanted() throws IOException {
        RawClient device = device();
        String id = test.started(THING);
        test.conflicts = true;

        assertThat(test.update(device, topic(id), "{'status':'IN_PROGRESS'}")).isEqualTo("DataConflict");
        test.conflicts = false;
        assertThat(test.update(device, topic(id), "{'status':'IN_PROGRESS'}")).isEqualTo("accepted");
    }

    @Test
    void client_reports_for_itself() throws IOException {
        String id = test.started(CLIENT);
        String topic = "$aws/commands/clients/app-7/executions/" + id + "/response/json";

        assertThat(test.update(test.broker.mqtt5().connect("app-8"), topic, "{'status':'SUCCEEDED'}"))
                .isEqualTo("ResourceNotFound");
        assertThat(test.update(test.broker.mqtt5().connect("app-7"), topic, "{'status':'SUCCEEDED'}"))
                .isEqualTo("accepted");
    }

    @Test
    void events_tell_each_status_without_a_switch() throws IOException {
        RawClient listener = test.broker.mqtt5().connect("ops").subscribe("$aws/events/commandExecution/+/#");
        String id = test.started(THING);
        RawClient device = device();
        test.update(device, topic(id), "{'status':'IN_PROGRESS','statusReason':{'reasonCode':'HALF'}}");
        test.clock.advance(Duration.ofSeconds(10));
        test.update(device, topic(id), "{'status':'SUCCEEDED','result':{'a':{'s':'secret'}}}");

        String rest = "'executionId':'" + id + "','eventType':'COMMAND_EXECUTION','commandArn':'" + TestCommands.COMMAND
                + "','targetArn':'" + THING + "','timestamp':";
        long noon = TestCommands.NOON.toEpochMilli();
        String root = "$aws/events/commandExecution/open/";
        expectEvent(listener, root + "CREATED", "{'status':'CREATED'," + rest + noon + "}");
        expectEvent(
                listener,
                root + "IN_PROGRESS",
                "{'status':'IN_PROGRESS','statusReason':{'reasonCode':'HALF'}," + rest + noon + "}");
        expectEvent(
                listener,
                root + "TIMED_OUT",
                "{'status':'TIMED_OUT','statusReason':{'reasonCode':'$NO_RESPONSE_FROM_DEVICE'}," + rest
                        + (noon + 10_000) + "}");
        expectEvent(listener, root + "SUCCEEDED", "{'status':'SUCCEEDED'," + rest + (noon + 10_000) + "}");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    $aws/commands/things/pump/executions/+/request/json,          true
                    $aws/commands/things/pump/executions/+/request/cbor,          true
                    $aws/commands/things/pump/executions/+/request,               true
                    $aws/commands/things/pump/executions/+/request/+,             false
                    $aws/commands/things/pump/executions/+/request/#,             false
                    $aws/commands/#,                                              false
                    $aws/commands/things/+/executions/+/request/json,             false
                    $aws/commands/+/pump/executions/+/request/json,               false
                    $aws/commands/things/+/executions/+/response/accepted/json,   true
                    $aws/commands/things/pump/executions/+/response/accepted/+,   true
                    $aws/things/pump/shadow/#,                                    true
                    """)
    void filter_of_requests_has_a_wildcard_for_the_execution_alone(String filter, boolean may) {
        assertThat(CommandTopic.maySubscribe(filter)).isEqualTo(may);
    }
}
