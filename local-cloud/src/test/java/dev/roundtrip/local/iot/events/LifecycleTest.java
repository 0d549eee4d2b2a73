package dev.roundtrip.local.iot.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roundtrip.mqtt.Action;
import dev.roundtrip.mqtt.DisconnectReason;
import dev.roundtrip.mqtt.RawClient;
import dev.roundtrip.mqtt.TestBroker;
import dev.roundtrip.mqtt.Wire;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private final TestBroker test = new TestBroker(settings -> settings.withLifecycle(LifecycleEvents::new));
    private RawClient watcher;

    @BeforeEach
    void watch() throws IOException {
        watcher = test.mqtt5().connect("watcher#").subscribe("$aws/events/#");
    }

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @Test
    void connect_and_disconnect_are_told_with_every_field() throws IOException {
        RawClient client = test.mqtt5().connect("a");

        JsonNode connected = event("presence/connected/a");
        assertThat(connected.path("sessionIdentifier").asText()).hasSize(36);
        assertThat(connected.toString())
                .isEqualTo("{\"clientId\":\"a\",\"thingName\":\"thing-1\",\"timestamp\":1795248000000,"
                        + "\"eventType\":\"connected\",\"sessionIdentifier\":"
                        + connected.get("sessionIdentifier")
                        + ",\"principalIdentifier\":\"certificate-1\",\"ipAddress\":\"127.0.0.1\","
                        + "\"versionNumber\":0}");

        client.send(Wire.disconnect());

        JsonNode disconnected = event("presence/disconnected/a");
        assertThat(disconnected.toString())
                .isEqualTo("{\"clientId\":\"a\",\"thingName\":\"thing-1\",\"timestamp\":1795248000000,"
                        + "\"eventType\":\"disconnected\",\"sessionIdentifier\":" + connected.get("sessionIdentifier")
                        + ",\"principalIdentifier\":\"certificate-1\",\"clientInitiatedDisconnect\":true,"
                        + "\"disconnectReason\":\"CLIENT_INITIATED_DISCONNECT\",\"versionNumber\":0}");
    }

    @Test
    void version_grows_with_each_connection_and_begins_again_after_an_hour() throws IOException {
        for (int version = 0; version < 2; version++) {
            RawClient client = test.mqtt5().connect("a");
            assertThat(event("presence/connected/a").path("versionNumber").asInt())
                    .isEqualTo(version);
            client.send(Wire.disconnect());
            assertThat(event("presence/disconnected/a").path("versionNumber").asInt())
                    .isEqualTo(version);
        }
        for (int i = 0; i < 60; i++) {
            test.clock.advance(Duration.ofMinutes(1));
            watcher.expectNothing();
        }

        test.mqtt5().connect("a");

        assertThat(event("presence/connected/a").path("versionNumber").asInt()).isZero();
    }

    @Test
    void every_way_to_lose_a_connection_has_its_reason() throws IOException {
        test.permissions = (action, resource) -> !resource.equals("secret");
        RawClient lost = test.mqtt5().connect("a");
        event("presence/connected/a");
        lost.close();
        expectReason("CONNECTION_LOST");

        connectAndSee().send(Wire.hex("f000"));
        expectReason("CLIENT_ERROR");

        connectAndSee().send(Wire.publish0(Wire.MQTT_5, "secret", "x"));
        expectReason("AUTH_ERROR");

        connectAndSee();
        test.broker.connections().disconnect("a", DisconnectReason.API_INITIATED_DISCONNECT);
        expectReason("API_INITIATED_DISCONNECT");

        connectAndSee();
        test.mqtt5().connect("a");
        expectReason("DUPLICATE_CLIENTID");
        event("presence/connected/a");

        test.clock.advance(Duration.ofSeconds(60));
        watcher.expectNothing();
        test.clock.advance(Duration.ofSeconds(30));
        expectReason("MQTT_KEEP_ALIVE_TIMEOUT");
    }

    @Test
    void forbidden_connect_is_told() throws IOException {
        test.permissions = (action, resource) -> action != Action.CONNECT;

        test.mqtt5().send(Wire.connect(Wire.MQTT_5, "a"));

        JsonNode event = event("presence/connect_failed/a");
        assertThat(event.path("eventType").asText()).isEqualTo("connect_failed");
        assertThat(event.path("connectFailureReason").asText()).isEqualTo("AUTHORIZATION_FAILED");
    }

    @Test
    void subscriptions_are_told() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        JsonNode connected = event("presence/connected/a");

        client.send(Wire.subscribe(Wire.MQTT_5, 1, 0, "t/1", "wrong#", "t/#"), Wire.unsubscribe(Wire.MQTT_5, 2, "t/1"));

        assertThat(event("subscriptions/subscribed/a").toString())
                .isEqualTo("{\"clientId\":\"a\",\"timestamp\":1795248000000,\"eventType\":\"subscribed\","
                        + "\"sessionIdentifier\":" + connected.get("sessionIdentifier")
                        + ",\"principalIdentifier\":\"certificate-1\",\"topics\":[\"t/1\",\"t/#\"]}");
        assertThat(event("subscriptions/unsubscribed/a").path("topics").toString())
                .isEqualTo("[\"t/1\"]");
    }

    @Test
    void client_ids_with_wildcards_have_no_events() throws IOException {
        test.mqtt5().connect("a+b");

        watcher.expectNothing();
    }

    private RawClient connectAndSee() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        event("presence/connected/a");
        return client;
    }

    private void expectReason(String reason) throws IOException {
        JsonNode event = event("presence/disconnected/a");
        assertThat(event.path("disconnectReason").asText()).isEqualTo(reason);
        assertThat(event.path("clientInitiatedDisconnect").asBoolean()).isFalse();
    }

    private JsonNode event(String topic) throws IOException {
        RawClient.Publish publish = watcher.nextPublish();
        watcher.send(Wire.pubAck(publish.packetId()));
        assertThat(publish.topic()).isEqualTo("$aws/events/" + topic);
        return new JsonMapper().readTree(publish.payload());
    }
}
