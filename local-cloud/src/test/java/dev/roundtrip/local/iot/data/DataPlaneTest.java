package dev.roundtrip.local.iot.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.Verdict;
import dev.roundtrip.local.http.RawHttp;
import dev.roundtrip.local.http.TestGateway;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.iot.shadow.TestShadows;
import dev.roundtrip.mqtt.Action;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.BrokerSettings;
import dev.roundtrip.mqtt.RawClient;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SendDirectMessage, GetConnection, ListSubscriptions and DeleteConnection, over HTTPS and beside MQTT. */
class DataPlaneTest {
    private final KnownCallers callers = new KnownCallers();
    private final TestBroker test = new TestGateway(
                    made -> DataPlane.of(made, BrokerLimits.local(), TestShadows.on(made)),
                    callers,
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

    /** Everybody's signature is right, and a test says who may what. */
    private static final class KnownCallers implements RequestAuthentication {
        private volatile boolean signed = true;
        private volatile Signer signer = access -> true;

        @Override
        public Outcome authenticate(SignedRequest request, InetAddress source) {
            return signed ? new Known(signer) : new Unknown(Verdict.Refused.unknownKey());
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

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> post(String path, String payload) {
        return http.sendAsync(
                request(path).POST(BodyPublishers.ofString(payload)).build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return new JsonMapper().readTree(response.body());
    }

    private static HttpResponse<String> get(CompletableFuture<HttpResponse<String>> response) throws Exception {
        return response.get(20, TimeUnit.SECONDS);
    }

    @Test
    void confirmed_message_needs_no_subscription_and_waits_for_the_puback() throws Exception {
        RawClient device = test.mqtt5().connect("pump:1");

        HttpRequest.Builder request = request("/connections/pump%3A1/messages?topic=a%2Fb&confirmation=true"
                        + "&contentType=text%2Fplain&responseTopic=answers")
                .header("x-amz-mqtt5-payload-format-indicator", "UTF8_DATA")
                .header("x-amz-mqtt5-correlation-data", Base64.getEncoder().encodeToString("id".getBytes(UTF_8)))
                .header(
                        "x-amz-mqtt5-user-properties",
                        Base64.getEncoder().encodeToString("[{\"k\":\"v\"},{\"k\":\"w\"}]".getBytes(UTF_8)));
        CompletableFuture<HttpResponse<String>> response =
                http.sendAsync(request.POST(BodyPublishers.ofString("hi")).build(), BodyHandlers.ofString());

        RawClient.Publish message = device.nextPublish();
        assertThat(message.topic()).isEqualTo("a/b");
        assertThat(message.payload()).isEqualTo("hi");
        assertThat(message.qos()).isEqualTo(1);
        assertThat(message.retain()).isFalse();
        assertThat(message.properties())
                .isEqualTo("0101" + "03000a746578742f706c61696e" + "080007616e7377657273" + "0900026964"
                        + "2600016b000176" + "2600016b000177");
        assertThat(response).isNotDone();
        device.send(Wire.pubAck(message.packetId()));
        assertThat(get(response).statusCode()).isEqualTo(200);
        assertThat(json(get(response)).path("message").textValue()).isEqualTo("OK");
        assertThat(json(get(response)).path("traceId").textValue()).hasSize(36);
    }

    @Test
    void client_of_mqtt_3_gets_topic_and_payload() throws Exception {
        RawClient device = test.mqtt3().connect("pump");

        CompletableFuture<HttpResponse<String>> response =
                post("/connections/pump/messages?topic=t&confirmation=true&contentType=x", "hi");

        RawClient.Publish message = device.nextPublish();
        device.send(Wire.pubAck(message.packetId()));
        assertThat(message.payload()).isEqualTo("hi");
        assertThat(message.properties()).isEmpty();
        assertThat(get(response).statusCode()).isEqualTo(200);
    }

    @Test
    void unconfirmed_message_is_of_qos_0_and_nobody_waits() throws Exception {
        RawClient device = test.mqtt5().connect("pump");

        assertThat(get(post("/connections/pump/messages?topic=t", "hi")).statusCode())
                .isEqualTo(200);

        assertThat(device.nextPublish().qos()).isZero();
    }

    @Test
    void one_connection_carries_many_requests() throws Exception {
        RawClient device = test.mqtt5().connect("pump");
        for (int i = 0; i < 20; i++) {
            assertThat(get(post("/connections/pump/messages?topic=t", "hi")).statusCode())
                    .isEqualTo(200);
            assertThat(device.nextPublish().payload()).isEqualTo("hi");
        }
    }

    @Test
    void message_for_a_client_that_is_away_is_not_found_and_not_queued() throws Exception {
        HttpResponse<String> never = get(post("/connections/pump/messages?topic=t&confirmation=true", "hi"));
        RawClient device = persistent();
        device.subscribe("t");
        device.close();
        await().until(() -> test.broker.counters().connected() == 0);

        HttpResponse<String> away = get(post("/connections/pump/messages?topic=t&confirmation=true", "hi"));

        assertThat(never.statusCode()).isEqualTo(404);
        assertThat(never.headers().firstValue("x-amzn-ErrorType")).hasValue("ResourceNotFoundException");
        assertThat(json(never).path("message").textValue()).doesNotContain("session");
        assertThat(away.statusCode()).isEqualTo(404);
        assertThat(json(away).path("message").textValue()).contains("persistent session");
        test.clock.advance(Duration.ofSeconds(2));
        persistent().expectNothing();
    }

    private RawClient persistent() throws IOException {
        RawClient client = test.mqtt5();
        client.send(Wire.connect(Wire.MQTT_5, "pump", 0, 60, "110000003c"));
        assertThat(client.next()).startsWith("20");
        return client;
    }

    @Test
    void both_sides_need_a_policy() throws Exception {
        RawClient device = test.mqtt5().connect("pump");
        test.permissions = (action, resource) -> action != Action.RECEIVE || !resource.equals("t");
        RawClient deaf = test.mqtt5().connect("deaf");
        callers.signer = access -> !"secret".equals(access.context().get("iot:Topic"));

        HttpResponse<String> receiver = get(post("/connections/deaf/messages?topic=t&confirmation=true", "hi"));
        HttpResponse<String> sender = get(post("/connections/pump/messages?topic=secret", "hi"));
        callers.signed = false;
        HttpResponse<String> stranger = get(post("/connections/pump/messages?topic=t", "hi"));

        assertThat(receiver.statusCode()).isEqualTo(403);
        assertThat(json(receiver).path("message").textValue()).contains("iot:Receive");
        assertThat(sender.statusCode()).isEqualTo(403);
        assertThat(json(sender).path("message").textValue()).contains("iot:SendDirectMessage");
        assertThat(stranger.statusCode()).isEqualTo(403);
        assertThat(stranger.headers().firstValue("x-amzn-ErrorType")).hasValue("ForbiddenException");
        assertThat(json(stranger).path("message").textValue())
                .isEqualTo("The security token included in the request is invalid.");
        device.expectNothing();
        deaf.expectNothing();
    }

    @Test
    void message_that_is_too_large_is_refused() throws Exception {
        RawClient narrow = test.mqtt5();
        narrow.send(Wire.connect(Wire.MQTT_5, "narrow", 2, 60, "2700000200"));
        assertThat(narrow.next()).startsWith("20");

        assertThat(get(post("/connections/narrow/messages?topic=t", "x".repeat(128 * 1024 + 1)))
                        .statusCode())
                .isEqualTo(413);
        assertThat(get(post("/connections/narrow/messages?topic=t&confirmation=true", "x".repeat(600)))
                        .statusCode())
                .isEqualTo(413);
        narrow.expectNothing();
    }

    @Test
    void receiver_gets_a_hundred_messages_a_second() throws Exception {
        RawClient device = test.mqtt5().connect("pump");
        for (int i = 0; i < 100; i++) {
            assertThat(get(post("/connections/pump/messages?topic=t", "hi")).statusCode())
                    .isEqualTo(200);
            device.nextPublish();
        }

        HttpResponse<String> onTop = get(post("/connections/pump/messages?topic=t&confirmation=true", "hi"));

        assertThat(onTop.statusCode()).isEqualTo(429);
        device.expectNothing();
    }

    @Test
    void silence_is_a_timeout_and_a_late_puback_does_no_harm() throws Exception {
        RawClient device = test.mqtt5().connect("pump");

        CompletableFuture<HttpResponse<String>> response =
                post("/connections/pump/messages?topic=t&confirmation=true&timeout=1", "hi");

        RawClient.Publish message = device.nextPublish();
        assertThat(get(response).statusCode()).isEqualTo(504);
        device.send(Wire.pubAck(message.packetId()));
        device.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99})
    void message_that_the_device_refuses_is_not_confirmed_and_not_sent_again(int reason) throws Exception {
        RawClient device = persistent();
        CompletableFuture<HttpResponse<String>> response =
                post("/connections/pump/messages?topic=t&confirmation=true&timeout=15", "hi");
        int packetId = device.nextPublish().packetId();

        device.send(Wire.packet(0x40, Wire.hex(String.format("%04x%02x", packetId, reason))));

        assertThat(get(response).statusCode()).isEqualTo(504);
        assertThat(get(response).headers().firstValue("x-amzn-ErrorType")).hasValue("GatewayTimeoutException");
        assertThat(json(get(response)).path("message").textValue()).contains("refused");
        assertThat(test.broker.counters().acknowledged()).isZero();
        device.close();
        await().until(() -> test.broker.counters().connected() == 0);
        test.clock.advance(Duration.ofSeconds(2));
        persistent().expectNothing();
    }

    @Test
    void message_that_the_device_takes_with_a_reason_is_confirmed() throws Exception {
        RawClient device = test.mqtt5().connect("pump");
        CompletableFuture<HttpResponse<String>> response =
                post("/connections/pump/messages?topic=t&confirmation=true&timeout=15", "hi");

        device.send(Wire.packet(
                0x40, Wire.hex(String.format("%04x00", device.nextPublish().packetId()))));

        assertThat(get(response).statusCode()).isEqualTo(200);
    }

    @Test
    void connection_that_is_lost_before_the_puback_leaves_it_open_and_sends_nothing_again() throws Exception {
        RawClient device = persistent();
        CompletableFuture<HttpResponse<String>> response =
                post("/connections/pump/messages?topic=t&confirmation=true&timeout=15", "hi");
        device.nextPublish();

        device.close();

        assertThat(get(response).statusCode()).isEqualTo(504);
        test.clock.advance(Duration.ofSeconds(2));
        persistent().expectNothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/connections/pump/messages",
                "/connections/pump/messages?topic=",
                "/connections/pump/messages?topic=%24aws%2Fthings",
                "/connections/pump/messages?topic=a%2F%23",
                "/connections/pump/messages?topic=a&topic=b",
                "/connections/pump/messages?topic=a&confirmation=true&timeout=0",
                "/connections/pump/messages?topic=a&confirmation=true&timeout=16",
                "/connections/pump/messages?topic=a&confirmation=true&timeout=soon",
                "/connections/pump/messages?topic=a%00b",
                "/connections/pump/messages?topic=a%FF",
                "/connections/pump/messages?topic=%C3",
                "/connections/pump/messages?topic=%C0%80",
                "/connections/pump/messages?topic=%ED%A0%80",
                "/connections/pump/messages?topic=%F4%90%80%80",
                "/connections/pump/messages?topic=%EF%BF%BF",
                "/connections/pump/messages?topic=%EF%B7%90",
                "/connections/pump/messages?topic=%F0%9F%BF%BE",
                "/connections/pump/messages?topic=a&contentType=a%00b",
                "/connections/pump/messages?topic=a&contentType=%FF",
                "/connections/pump/messages?topic=a&contentType=%EF%BF%BE",
                "/connections/pump/messages?topic=a&responseTopic=a%00b",
                "/connections/pump/messages?topic=a&responseTopic=%FF",
                "/connections/pump/messages?topic=a&responseTopic=%EF%BF%BF",
                "/connections/pump%FF/messages?topic=a",
                "/connections/pump/messages?topic=a&confirmation=yes",
                "/connections/pump/messages?topic=a&responseTopic=%2B",
                "/connections/%24pump/messages?topic=a"
            })
    void malformed_request_is_invalid(String path) throws Exception {
        test.mqtt5().connect("pump");

        HttpResponse<String> response = get(post(path, "hi"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue("InvalidRequestException");
    }

    @ParameterizedTest
    @CsvSource({"topic=a%2", "topic=a%zz", "topic=%", "topic=a&contentType=%u0041", "topic=a\u00fc"})
    void address_that_no_client_library_would_send_is_invalid(String query) throws Exception {
        test.mqtt5().connect("pump");

        RawHttp.Answer answer = RawHttp.exchange(
                TestBroker.AUTHORITY.client(),
                test.broker.gatewayPort(),
                "POST /connections/pump/messages?" + query
                        + " HTTP/1.1\nHost: localhost\nConnection: close\nContent-Length: 0\n\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.headers()).contains("InvalidRequestException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout=99", "timeout=0", "timeout=soon", "timeout=", "confirmation=false&timeout=99"})
    void timeout_does_not_matter_without_a_confirmation(String parameters) throws Exception {
        RawClient device = test.mqtt5().connect("pump");

        HttpResponse<String> response = get(post("/connections/pump/messages?topic=a%2Fb&" + parameters, "hi"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(device.nextPublish().qos()).isZero();
    }

    @Test
    void text_of_every_language_arrives_unchanged() throws Exception {
        RawClient device = test.mqtt5().connect("pümp");
        String user = Base64.getEncoder().encodeToString("[{\"größe\":\"\\ud83d\\ude00\\t\"}]".getBytes(UTF_8));

        HttpResponse<String> response =
                send(request("/connections/p%C3%BCmp/messages?topic=%E2%82%AC/a+b%26c&contentType=%C3%A9")
                        .header("x-amz-mqtt5-user-properties", user)
                        .POST(BodyPublishers.ofString("hi")));

        assertThat(response.statusCode()).isEqualTo(200);
        RawClient.Publish message = device.nextPublish();
        assertThat(message.topic()).isEqualTo("€/a b&c");
        assertThat(message.properties()).isEqualTo("030002c3a9" + "26" + "00076772c3b6c39f65" + "0005f09f988009");
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-mqtt5-correlation-data, !",
        "x-amz-mqtt5-user-properties, e30=",
        "x-amz-mqtt5-user-properties, WzFd",
        "x-amz-mqtt5-user-properties, W3siayI6MX1d",
        "x-amz-mqtt5-user-properties, W10gW10=",
        "x-amz-mqtt5-user-properties, W3siayI6IlxkODAwIn1d",
        "x-amz-mqtt5-payload-format-indicator, utf8"
    })
    void malformed_property_is_invalid(String header, String value) throws Exception {
        test.mqtt5().connect("pump");

        HttpResponse<String> response = send(request("/connections/pump/messages?topic=t")
                .header(header, value)
                .POST(BodyPublishers.ofString("hi")));

        assertThat(response.statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @MethodSource("userPropertiesThatMqttDoesNotCarry")
    void user_property_that_mqtt_does_not_carry_is_invalid(byte[] json) throws Exception {
        test.mqtt5().connect("pump");

        HttpResponse<String> response = send(request("/connections/pump/messages?topic=t")
                .header("x-amz-mqtt5-user-properties", Base64.getEncoder().encodeToString(json))
                .POST(BodyPublishers.ofString("hi")));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue("InvalidRequestException");
    }

    private static Stream<byte[]> userPropertiesThatMqttDoesNotCarry() {
        return Stream.concat(
                Stream.of(
                                "[{\"k\":\"\\u0000\"}]",
                                "[{\"\\u0000\":\"v\"}]",
                                "[{\"k\":\"\\ud800\"}]",
                                "[{\"\\udc00\":\"v\"}]",
                                "[{\"k\":\"\\uffff\"}]",
                                "[{\"k\":\"v\"}] []")
                        .map(json -> json.getBytes(UTF_8)),
                Stream.of("[{\"k\":\"\u00ff\"}]", "[{\"\u00ed\u00a0\u0080\":\"v\"}]")
                        .map(json -> json.getBytes(ISO_8859_1)));
    }

    @Test
    void other_paths_and_methods_are_refused() throws Exception {
        assertThat(send(request("/connections")).statusCode()).isEqualTo(404);
        assertThat(send(request("/connections/a/b")).statusCode()).isEqualTo(404);
        assertThat(send(request("/connections/a/messages")).statusCode()).isEqualTo(405);
        assertThat(send(request("/connections/a").POST(BodyPublishers.noBody())).statusCode())
                .isEqualTo(405);
    }

    @Test
    void connection_is_told_while_it_lasts_and_half_an_hour_after() throws Exception {
        assertThat(send(request("/connections/pump")).statusCode()).isEqualTo(404);
        RawClient device = test.mqtt5().connect("pump");

        JsonNode there = json(send(request("/connections/pump?includeSocketInformation=true")));

        assertThat(there.path("connected").booleanValue()).isTrue();
        assertThat(there.path("clientId").textValue()).isEqualTo("pump");
        assertThat(there.path("thingName").textValue()).isEqualTo("thing-1");
        assertThat(there.path("cleanSession").booleanValue()).isTrue();
        assertThat(there.path("sessionExpiry").intValue()).isZero();
        assertThat(there.path("keepAliveDuration").intValue()).isEqualTo(60);
        assertThat(there.path("connectedSince").longValue())
                .isEqualTo(test.clock.now().toEpochMilli());
        assertThat(there.path("sourceIp").textValue()).isEqualTo("127.0.0.1");
        assertThat(there.path("sourcePort").intValue()).isPositive();
        assertThat(there.path("targetIp").textValue()).isEqualTo("127.0.0.1");
        assertThat(there.path("targetPort").intValue()).isEqualTo(test.broker.devicePort());

        device.send(Wire.disconnect());
        await().until(() -> test.broker.counters().connected() == 0);
        JsonNode gone = json(send(request("/connections/pump")));
        assertThat(gone.path("connected").booleanValue()).isFalse();
        assertThat(gone.path("disconnectReason").textValue()).isEqualTo("CLIENT_INITIATED_DISCONNECT");
        assertThat(gone.path("disconnectedSince").longValue())
                .isEqualTo(test.clock.now().toEpochMilli());
        assertThat(gone.has("sourceIp")).isFalse();

        test.clock.advance(Duration.ofMinutes(30));
        assertThat(send(request("/connections/pump")).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 30, 1200, 65_535})
    void keep_alive_is_told_as_the_client_asked_for_it(int seconds) throws Exception {
        RawClient device = test.mqtt5();
        device.send(Wire.connect(Wire.MQTT_5, "pump", 0x02, seconds, ""));
        assertThat(device.next()).startsWith("20");

        JsonNode there = json(send(request("/connections/pump")));
        device.close();
        await().until(() -> test.broker.counters().connected() == 0);
        JsonNode gone = json(send(request("/connections/pump")));

        assertThat(there.path("keepAliveDuration").intValue()).isEqualTo(seconds);
        assertThat(there.has("targetIp")).isFalse();
        assertThat(gone.path("keepAliveDuration").intValue()).isEqualTo(seconds);
    }

    @Test
    void answer_carries_the_time_of_the_broker() throws Exception {
        test.clock.advance(Duration.ofMillis(1_500));

        assertThat(send(request("/connections/pump")).headers().firstValue("date"))
                .hasValue("Sat, 21 Nov 2026 08:00:01 GMT");
    }

    @Test
    void subscriptions_come_in_pages() throws Exception {
        RawClient device = test.mqtt5().connect("pump");
        device.subscribe("b").subscribe("a/#").subscribe("c");

        JsonNode first = json(send(request("/connections/pump/subscriptions?maxResults=2")));
        JsonNode second = json(send(request("/connections/pump/subscriptions?maxResults=2&nextToken="
                + first.path("nextToken").textValue())));

        assertThat(first.path("subscriptions").toString())
                .isEqualTo("[{\"topicFilter\":\"a/#\",\"qos\":1},{\"topicFilter\":\"b\",\"qos\":1}]");
        assertThat(second.path("subscriptions").toString()).isEqualTo("[{\"topicFilter\":\"c\",\"qos\":1}]");
        assertThat(second.has("nextToken")).isFalse();
        assertThat(send(request("/connections/nobody/subscriptions")).statusCode())
                .isEqualTo(404);
        assertThat(send(request("/connections/pump/subscriptions?maxResults=201"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void deleted_connection_is_told_why_and_its_session_stays() throws Exception {
        RawClient witness = test.mqtt3().connect("witness").subscribe("will");
        RawClient watcher = test.mqtt3().connect("watcher").subscribe("$aws/events/presence/disconnected/+");
        RawClient device = test.mqtt5();
        device.send(Wire.connect(Wire.MQTT_5, "pump", 0x04, 60, "110000003c", Wire.will(Wire.MQTT_5, "will", "gone")));
        assertThat(device.next()).startsWith("20");

        HttpResponse<String> response = send(request("/connections/pump").DELETE());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(device.next()).isEqualTo("e00198");
        assertThat(watcher.nextPublish().payload())
                .contains("\"clientInitiatedDisconnect\":false", "API_INITIATED_DISCONNECT");
        assertThat(witness.nextPublish().payload()).isEqualTo("gone");
        assertThat(test.broker.counters().sessions()).isEqualTo(3);
    }

    @Test
    void deleted_connection_may_lose_session_and_will() throws Exception {
        RawClient witness = test.mqtt3().connect("witness").subscribe("will");
        RawClient device = test.mqtt5();
        device.send(Wire.connect(Wire.MQTT_5, "pump", 0x04, 60, "110000003c", Wire.will(Wire.MQTT_5, "will", "gone")));
        assertThat(device.next()).startsWith("20");

        HttpResponse<String> response = send(request("/connections/pump?cleanSession=true&preventWillMessage=true")
                .DELETE());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(device.next()).isEqualTo("e00198");
        witness.expectNothing();
        assertThat(test.broker.counters().sessions()).isEqualTo(1);
        assertThat(send(request("/connections/pump").DELETE()).statusCode()).isEqualTo(404);
    }

    @Test
    void each_action_needs_its_permission() throws Exception {
        test.mqtt5().connect("pump");
        callers.signer = access ->
                access.action().equals("iot:GetConnection") && access.resource().equals("client/pump");

        assertThat(send(request("/connections/pump")).statusCode()).isEqualTo(200);
        assertThat(send(request("/connections/pump/subscriptions")).statusCode())
                .isEqualTo(403);
        assertThat(send(request("/connections/pump").DELETE()).statusCode()).isEqualTo(403);
        assertThat(send(request("/connections/other")).statusCode()).isEqualTo(403);
        assertThat(test.broker.counters().connected()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"TOLD, 4003000110", "UNTOLD, 40020001"})
    void publisher_is_told_that_nobody_listens_if_the_broker_tells(BrokerSettings.Unheard unheard, String pubAck)
            throws Exception {
        try (TestBroker talking = new TestBroker(settings -> settings.withUnheard(unheard))) {
            RawClient publisher = talking.mqtt5().connect("p");

            publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"));
            assertThat(publisher.next()).isEqualTo(pubAck);

            talking.mqtt5().connect("s").subscribe("t");
            publisher.send(Wire.publish1(Wire.MQTT_5, 2, "t", "x"));
            assertThat(publisher.next()).isEqualTo("40020002");
            RawClient old = talking.mqtt3().connect("p3");
            old.send(Wire.publish1(Wire.MQTT_3, 3, "nobody", "x"));
            assertThat(old.next()).isEqualTo("40020003");
        }
    }
}
