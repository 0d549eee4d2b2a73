package dev.roundtrip.local.iot.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.TestGateway;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.iot.shadow.TestShadows;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.RawClient;
import dev.roundtrip.mqtt.ReservedTopicService;
import dev.roundtrip.mqtt.TestBroker;
import dev.roundtrip.mqtt.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publish, GetRetainedMessage and ListRetainedMessages, over HTTPS and beside MQTT. */
class PublishOperationTest {
    private final KnownSigners signers = new KnownSigners();
    private final Bells bells = new Bells();
    private final TestBroker test = new TestGateway(
                    made -> {
                        made.serve(bells);
                        return DataPlane.of(made, BrokerLimits.iotCore(), TestShadows.on(made));
                    },
                    signers,
                    settings -> settings.withLimits(BrokerLimits.iotCore()))
            .broker;
    private final HttpClient http = client();

    private static HttpClient client() {
        try {
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(TestBroker.AUTHORITY.client())
                    .build();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Everybody's signature is right, a test says who may what, and what was asked for is kept. */
    private static final class KnownSigners implements RequestAuthentication {
        private final List<Access> asked = new CopyOnWriteArrayList<>();
        private volatile String denied = "";

        @Override
        public Outcome authenticate(SignedRequest request, InetAddress source) {
            return new Known(access -> {
                asked.add(access);
                return !access.action().equals(denied);
            });
        }
    }

    /** A service that keeps who rings. Its answers go nowhere. */
    private static final class Bells implements ReservedTopicService {
        private final List<Request> rung = new CopyOnWriteArrayList<>();

        @Override
        public List<String> requests() {
            return List.of("$aws/things/+/bell/ring");
        }

        @Override
        public String orderOf(String topic) {
            return topic;
        }

        @Override
        public void take(Request request, Requester requester) {
            requester.answer(request.content());
            rung.add(request);
        }
    }

    @AfterEach
    void stop() throws IOException {
        http.close();
        test.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + test.broker.gatewayPort() + path))
                .header("Authorization", "any");
    }

    private HttpResponse<String> post(String path, String payload) throws Exception {
        return http.send(request(path).POST(BodyPublishers.ofString(payload)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return new JsonMapper().readTree(response.body());
    }

    @Test
    void message_reaches_subscribers_with_all_properties_of_mqtt_5() throws Exception {
        RawClient subscriber = test.mqtt5().connect("reader").subscribe("meter/+/value");
        HttpRequest.Builder request = request("/topics/meter%2F1%2Fvalue?qos=1&contentType=text%2Fplain"
                        + "&responseTopic=answers&messageExpiry=60")
                .header("x-amz-mqtt5-payload-format-indicator", "UTF8_DATA")
                .header("x-amz-mqtt5-correlation-data", Base64.getEncoder().encodeToString("id".getBytes(UTF_8)))
                .header(
                        "x-amz-mqtt5-user-properties",
                        Base64.getEncoder().encodeToString("[{\"k\":\"v\"}]".getBytes(UTF_8)));

        HttpResponse<String> response =
                http.send(request.POST(BodyPublishers.ofString("42")).build(), BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).path("message").textValue()).isEqualTo("OK");
        assertThat(response.headers().firstValue("x-amzn-RequestId"))
                .hasValue(json(response).path("traceId").textValue());
        RawClient.Publish message = subscriber.nextPublish();
        assertThat(message.topic()).isEqualTo("meter/1/value");
        assertThat(message.payload()).isEqualTo("42");
        assertThat(message.qos()).isEqualTo(1);
        assertThat(message.retain()).isFalse();
        assertThat(message.properties())
                .contains("0101", "03000a746578742f706c61696e", "080007616e7377657273", "0900026964", "2600016b000176")
                .contains("020000003c");
    }

    @Test
    void request_to_a_service_goes_to_the_service_and_to_no_subscriber() throws Exception {
        RawClient subscriber = test.mqtt5().connect("reader").subscribe("$aws/things/#");

        HttpResponse<String> response = post("/topics/$aws/things/pump/bell/ring?qos=1&retain=true", "ding");

        assertThat(response.statusCode()).isEqualTo(200);
        await().until(() -> bells.rung.size() == 1);
        ReservedTopicService.Request request = bells.rung.getFirst();
        assertThat(request.clientId()).isEmpty();
        assertThat(request.content().topic()).isEqualTo("$aws/things/pump/bell/ring");
        assertThat(request.content().payload()).asString().isEqualTo("ding");
        assertThat(get("/retainedMessage/$aws/things/pump/bell/ring").statusCode())
                .isEqualTo(404);
        subscriber.expectNothing();
    }

    @Test
    void slashes_of_a_topic_may_stand_as_they_are() throws Exception {
        RawClient subscriber = test.mqtt3().connect("reader").subscribe("a/b/c");

        assertThat(post("/topics/a/b/c", "x").statusCode()).isEqualTo(200);

        RawClient.Publish message = subscriber.nextPublish();
        assertThat(message.payload()).isEqualTo("x");
        assertThat(message.qos()).isZero();
        assertThat(signers.asked)
                .extracting(RequestAuthentication.Access::resource)
                .containsOnly("topic/a/b/c");
    }

    @Test
    void message_that_expires_while_its_receiver_is_away_is_not_delivered() throws Exception {
        RawClient device = test.mqtt5();
        device.send(Wire.connect(Wire.MQTT_5, "pump", 0, 60, "110000003c"));
        assertThat(device.next()).startsWith("20");
        device.subscribe("t");
        device.close();
        await().until(() -> test.broker.counters().connected() == 0);
        assertThat(post("/topics/t?qos=1&messageExpiry=2", "soon gone").statusCode())
                .isEqualTo(200);
        assertThat(post("/topics/t?qos=1&messageExpiry=20", "stays").statusCode())
                .isEqualTo(200);

        test.clock.advance(Duration.ofSeconds(5));

        RawClient back = test.mqtt5();
        back.send(Wire.connect(Wire.MQTT_5, "pump", 0, 60, "110000003c"));
        assertThat(back.next()).startsWith("20");
        assertThat(back.nextPublish().payload()).isEqualTo("stays");
    }

    @Test
    void retained_message_is_for_those_who_subscribe_later_and_for_the_api() throws Exception {
        assertThat(post("/topics/status%2F1?qos=1&retain=true", "on").statusCode())
                .isEqualTo(200);

        RawClient.Publish message =
                test.mqtt3().connect("late").subscribe("status/1").nextPublish();
        HttpResponse<String> retained = get("/retainedMessage/status%2F1");

        assertThat(message.payload()).isEqualTo("on");
        assertThat(message.retain()).isTrue();
        assertThat(json(retained).path("topic").textValue()).isEqualTo("status/1");
        assertThat(json(retained).path("payload").binaryValue()).isEqualTo("on".getBytes(UTF_8));
        assertThat(json(retained).path("qos").intValue()).isEqualTo(1);
        assertThat(json(retained).path("lastModifiedTime").longValue())
                .isEqualTo(test.clock.now().toEpochMilli());
    }

    @Test
    void retained_messages_come_in_pages_ordered_by_topic() throws Exception {
        for (String topic : List.of("c", "a", "b")) {
            assertThat(post("/topics/" + topic + "?retain=true", topic).statusCode())
                    .isEqualTo(200);
        }

        JsonNode first = json(get("/retainedMessage?maxResults=2"));
        JsonNode second = json(get("/retainedMessage?maxResults=2&nextToken="
                + first.path("nextToken").textValue()));

        assertThat(first.path("retainedTopics").findValuesAsText("topic")).containsExactly("a", "b");
        assertThat(first.path("retainedTopics").path(0).path("payloadSize").intValue())
                .isEqualTo(1);
        assertThat(second.path("retainedTopics").findValuesAsText("topic")).containsExactly("c");
        assertThat(second.has("nextToken")).isFalse();
        assertThat(get("/retainedMessage?nextToken=*").statusCode()).isEqualTo(400);
        assertThat(get("/retainedMessage?maxResults=201").statusCode()).isEqualTo(400);
    }

    @Test
    void empty_payload_removes_the_retained_message() throws Exception {
        assertThat(post("/topics/t?retain=true", "x").statusCode()).isEqualTo(200);
        test.clock.advance(Duration.ofSeconds(1));
        assertThat(post("/topics/t?retain=true", "").statusCode()).isEqualTo(200);

        HttpResponse<String> gone = get("/retainedMessage/t");

        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(gone.headers().firstValue("x-amzn-ErrorType")).hasValue("ResourceNotFoundException");
        assertThat(test.broker.counters().retained()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "iot:Publish, POST, /topics/t",
        "iot:Publish, POST, /topics/t?retain=true",
        "iot:RetainPublish, POST, /topics/t?retain=true",
        "iot:GetRetainedMessage, GET, /retainedMessage/t",
        "iot:ListRetainedMessages, GET, /retainedMessage"
    })
    void each_action_needs_its_permission(String action, String method, String path) throws Exception {
        post("/topics/t?retain=true", "first");
        signers.denied = action;

        HttpResponse<String> refused = http.send(
                request(path).method(method, BodyPublishers.ofString("second")).build(), BodyHandlers.ofString());

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("x-amzn-ErrorType")).hasValue("ForbiddenException");
        assertThat(json(refused).path("message").textValue()).contains(action);
        signers.denied = "";
        assertThat(json(get("/retainedMessage/t")).path("payload").binaryValue())
                .isEqualTo("first".getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/topics/a%2B",
                "/topics/a%23",
                "/topics/a%00b",
                "/topics/%FF",
                "/topics/t?qos=2",
                "/topics/t?retain=yes",
                "/topics/t?messageExpiry=-1",
                "/topics/t?messageExpiry=4294967296",
                "/topics/t?responseTopic=%2B",
                "/topics/$aws%2Fthings%2Fpump%2Fshadow%2Fupdate%2Faccepted",
                "/topics/$aws%2Fevents%2Fpresence%2Fconnected%2Fpump",
                "/topics/$aws%2Fthings%2Fpump%2Fbell",
                "/topics/$SYS",
                "/topics/1%2F2%2F3%2F4%2F5%2F6%2F7%2F8%2F9"
            })
    void message_that_no_client_may_publish_is_an_invalid_request(String path) throws Exception {
        RawClient witness = test.mqtt3().connect("witness").subscribe("#");

        HttpResponse<String> refused = post(path, "x");

        assertThat(refused.statusCode()).isEqualTo(400);
        witness.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/topics//a",
                "/topics/x/../a",
                "/topics/./a",
                "/topics/../topics/a",
                "/topics/../connections/pump/messages?topic=a"
            })
    void path_that_its_signature_does_not_tell_from_another_is_no_operation(String path) throws Exception {
        RawClient witness = test.mqtt3().connect("pump").subscribe("#");

        HttpResponse<String> refused = post(path, "x");

        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.headers().firstValue("x-amzn-ErrorType")).hasValue("UnknownOperationException");
        witness.expectNothing();
    }

    @Test
    void payload_that_is_too_large_is_refused() throws Exception {
        HttpResponse<String> refused = post("/topics/t", "x".repeat(128 * 1024 + 1));

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(post("/topics/t", "x".repeat(128 * 1024)).statusCode()).isEqualTo(200);
    }

    @Test
    void second_retained_message_of_a_topic_within_a_second_is_throttled() throws Exception {
        assertThat(post("/topics/t?retain=true", "1").statusCode()).isEqualTo(200);

        HttpResponse<String> throttled = post("/topics/t?retain=true", "2");
        test.clock.advance(Duration.ofSeconds(1));

        assertThat(throttled.statusCode()).isEqualTo(429);
        assertThat(throttled.headers().firstValue("x-amzn-ErrorType")).hasValue("ThrottlingException");
        assertThat(post("/topics/t?retain=true", "3").statusCode()).isEqualTo(200);
    }
}
