package dev.roundtrip.local.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.mqtt.RawClient;
import dev.roundtrip.mqtt.TestBroker;
import dev.roundtrip.mqtt.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.crt.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.PubAckPacket;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;

class GatewayTest {
    private final TestGateway gateway = new TestGateway();
    private final TestBroker test = gateway.broker;
    private HttpClient http;

    @BeforeEach
    void open() throws Exception {
        http = HttpClient.newBuilder()
                .sslContext(TestBroker.AUTHORITY.client())
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        http.shutdownNow();
        test.close();
    }

    @Test
    void upgrade_is_shown_to_authentication_as_it_stood_on_the_wire() {
        connect("/mqtt?X-Amz-Credential=a%2Fb&b=&X-Amz-Signature=00");

        SignedRequest upgrade = gateway.upgrades.getFirst();
        assertThat(upgrade.method()).isEqualTo("GET");
        assertThat(upgrade.path()).isEqualTo("/mqtt");
        assertThat(upgrade.query()).isEqualTo("X-Amz-Credential=a%2Fb&b=&X-Amz-Signature=00");
        assertThat(upgrade.headers()).anySatisfy(header -> {
            assertThat(header.name()).isEqualToIgnoringCase("host");
            assertThat(header.value()).isEqualTo("localhost:" + test.broker.gatewayPort());
        });
        assertThat(upgrade.body()).isEmpty();
    }

    @Test
    void refused_upgrade_is_403_with_the_body_of_aws() throws Exception {
        test.knowsEverybody = false;

        RawHttp.Answer answer = upgradeByHand("/mqtt", "mqtt");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.headers()).contains("content-type: application/json");
        assertThat(answer.body()).matches("\\{\"message\":\"Forbidden\",\"traceId\":\"[0-9a-f-]{36}\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/mqtt/", "/mqttx", "/topics/t"})
    void other_paths_are_not_found(String path) throws Exception {
        assertThat(upgradeByHand(path, "mqtt").status()).isEqualTo(404);
    }

    @Test
    void request_that_is_no_upgrade_to_mqtt_is_bad() throws Exception {
        assertThat(upgradeByHand("/mqtt", "chat").status()).isEqualTo(400);
        RawHttp.Answer plain = RawHttp.exchange(
                TestBroker.AUTHORITY.client(), test.broker.gatewayPort(), "GET /mqtt HTTP/1.1\nHost: localhost\n\n");
        assertThat(plain.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "mqtt, mqtt",
        "mqttv3.1, mqttv3.1",
        "MQTT, MQTT",
        "Mqttv3.1, Mqttv3.1",
        "chat;mqttv3.1, mqttv3.1",
        "mqttv3.1;mqtt, mqttv3.1",
        "mqtt;mqttv3.1, mqtt"
    })
    void subprotocol_is_confirmed_as_the_client_wrote_it(String offered, String confirmed) throws Exception {
        String[] names = offered.split(";", -1);
        URI uri = URI.create("wss://localhost:" + test.broker.gatewayPort() + "/mqtt");

        Frames frames = new Frames(http, uri, names[0], Arrays.copyOfRange(names, 1, names.length));

        assertThat(frames.socket().getSubprotocol()).isEqualTo(confirmed);
        byte[] connect = Wire.connect(Wire.MQTT_3, "a");
        frames.send(connect, 0, connect.length, true);
        assertThat(frames.next()).isEqualTo("20020000");
    }

    @Test
    void subprotocol_in_a_header_of_its_own_is_confirmed() throws Exception {
        String head = RawHttp.head(TestBroker.AUTHORITY.client(), test.broker.gatewayPort(), """
                GET /mqtt HTTP/1.1
                Host: localhost
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Protocol: chat
                Sec-WebSocket-Protocol: mqttv3.1

                """);

        assertThat(head).startsWith("HTTP/1.1 101").containsIgnoringCase("sec-websocket-protocol: mqttv3.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Version: 99\n", "Sec-WebSocket-Version: 8\n", ""})
    void upgrade_to_another_version_of_websocket_is_bad_and_leaves_nothing_open(String version) throws Exception {
        String upgrade = """
                GET /mqtt HTTP/1.1
                Host: localhost
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                Sec-WebSocket-Protocol: mqtt
                %s
                """;

        RawHttp.Answer answer = RawHttp.exchange(
                TestBroker.AUTHORITY.client(),
                test.broker.gatewayPort(),
                upgrade.formatted(version) + upgrade.formatted("Sec-WebSocket-Version: 13\n"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("101 Switching");
        assertThat(gateway.upgrades).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv3", "mqttv3.1.1", "mqtt v3.1", ",", "*"})
    void subprotocol_that_does_not_carry_mqtt_is_bad(String name) throws Exception {
        assertThat(upgradeByHand("/mqtt", name).status()).isEqualTo(400);
    }

    @Test
    void too_long_request_is_refused() throws Exception {
        assertThat(upgradeByHand("/mqtt?" + "a".repeat(9_000), "mqtt").status()).isEqualTo(400);
        assertThat(gateway.upgrades).isEmpty();
    }

    @Test
    void packets_may_be_split_and_joined_over_frames() throws Exception {
        Frames frames = connect("/mqtt");
        byte[] connect = Wire.connect(Wire.MQTT_5, "a");

        frames.send(connect, 0, 5, false);
        frames.send(connect, 5, 7, true);
        frames.send(connect, 7, connect.length, true);
        assertThat(frames.next()).startsWith("20");
        byte[] joined = Wire.join(Wire.subscribe(Wire.MQTT_5, 1, 1, "t"), Wire.publish0(Wire.MQTT_5, "t", "x"));
        frames.send(joined, 0, joined.length, true);

        assertThat(frames.next()).isEqualTo("900400010001" + "3005" + "000174" + "00" + "78");
    }

    @Test
    void websocket_close_is_a_farewell_and_text_is_an_error() throws Exception {
        RawClient witness = test.mqtt3().connect("witness").subscribe("will");
        RawClient watcher = test.mqtt3().connect("watcher").subscribe("$aws/events/presence/disconnected/#");
        byte[] withWill = Wire.connect(Wire.MQTT_5, "a", 0x06, 60, "", Wire.will(Wire.MQTT_5, "will", "gone"));
        Frames closing = connect("/mqtt");
        closing.send(withWill, 0, withWill.length, true);
        assertThat(closing.next()).startsWith("20");

        closing.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();

        assertThat(watcher.nextPublish().payload())
                .contains("\"principalIdentifier\":\"AIDA1\"")
                .contains("\"disconnectReason\":\"CLIENT_INITIATED_DISCONNECT\"")
                .doesNotContain("thingName");
        witness.expectNothing();
        Frames talking = connect("/mqtt");
        talking.send(withWill, 0, withWill.length, true);
        assertThat(talking.next()).startsWith("20");
        talking.socket().sendText("hello", true).join();
        assertThat(watcher.nextPublish().payload()).contains("\"clientInitiatedDisconnect\":false");
        assertThat(witness.nextPublish().payload()).isEqualTo("gone");
    }

    @Test
    void websocket_lives_a_day() throws Exception {
        Frames frames = connect("/mqtt");
        byte[] connect = Wire.connect(Wire.MQTT_5, "a", 0x02, 1200, "");
        frames.send(connect, 0, connect.length, true);
        assertThat(frames.next()).startsWith("20");
        for (int i = 0; i < 1439; i++) {
            test.clock.advance(Duration.ofMinutes(1));
            frames.send(Wire.ping(), 0, 2, true);
            assertThat(frames.next()).isEqualTo("d000");
        }

        test.clock.advance(Duration.ofMinutes(1));

        assertThat(frames.next()).isEqualTo("e00198");
    }

    @Test
    void aws_crt_client_connects_subscribes_publishes_and_receives() throws Exception {
        CrtEvents events = new CrtEvents();
        CompletableFuture<PublishPacket> received = new CompletableFuture<>();
        AwsIotMqtt5ClientBuilder.WebsocketSigv4Config signing = new AwsIotMqtt5ClientBuilder.WebsocketSigv4Config();
        signing.region = "eu-central-1";
        try (StaticCredentialsProvider credentials = new StaticCredentialsProvider.StaticCredentialsProviderBuilder()
                .withAccessKeyId("AKIDEXAMPLE".getBytes(UTF_8))
                .withSecretAccessKey("secret".getBytes(UTF_8))
                .build()) {
            signing.credentialsProvider = credentials;
            try (AwsIotMqtt5ClientBuilder builder =
                    AwsIotMqtt5ClientBuilder.newWebsocketMqttBuilderWithSigv4Auth("localhost", signing)) {
                builder.withPort((long) test.broker.gatewayPort());
                builder.withCertificateAuthority(TestBroker.AUTHORITY.pem());
                builder.withLifeCycleEvents(events);
                builder.withPublishEvents((client, publish) -> received.complete(publish.getPublishPacket()));
                try (Mqtt5Client client = builder.build()) {
                    client.start();
                    events.connected.get(10, TimeUnit.SECONDS);
                    client.subscribe(SubscribePacket.of("t", QOS.AT_LEAST_ONCE)).get(10, TimeUnit.SECONDS);
                    PubAckPacket ack = client.publish(PublishPacket.of("t", QOS.AT_LEAST_ONCE, "hi".getBytes(UTF_8)))
                            .get(10, TimeUnit.SECONDS)
                            .getResultPubAck();

                    assertThat(ack.getReasonCode()).isEqualTo(PubAckPacket.PubAckReasonCode.SUCCESS);
                    assertThat(received.get(10, TimeUnit.SECONDS).getPayload())
                            .asString(UTF_8)
                            .isEqualTo("hi");
                    assertThat(gateway.upgrades.getFirst().query()).contains("X-Amz-SignedHeaders=connection%3Bhost");
                    client.stop();
                    events.stopped.get(10, TimeUnit.SECONDS);
                }
            }
        }
        await().until(() -> test.broker.counters().connected() == 0);
    }

    private RawHttp.Answer upgradeByHand(String path, String subprotocol) throws Exception {
        return RawHttp.upgrade(TestBroker.AUTHORITY.client(), test.broker.gatewayPort(), path, subprotocol);
    }

    private Frames connect(String path) {
        return new Frames(http, URI.create("wss://localhost:" + test.broker.gatewayPort() + path));
    }
}
