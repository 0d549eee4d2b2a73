package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
    private static final String AN_HOUR = "1100000e10";
    private final TestBroker test = new TestBroker();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.MQTT_3, Wire.MQTT_5})
    void persistent_session_keeps_subscriptions_and_messages_of_qos_1(int version) throws IOException {
        leave(persistent(version, false).subscribe("t"));
        publish("t", "stored");

        RawClient back = persistent(version, true);

        RawClient.Publish stored = back.nextPublish();
        assertThat(stored.payload()).isEqualTo("stored");
        assertThat(stored.duplicate()).isFalse();
        back.send(Wire.pubAck(stored.packetId()));
        publish("t", "live");
        assertThat(back.nextPublish().payload()).isEqualTo("live");
    }

    @Test
    void messages_of_qos_0_do_not_wait() throws IOException {
        leave(persistent(Wire.MQTT_5, false).subscribe("t"));
        RawClient publisher = test.mqtt5().connect("p");
        publisher.send(Wire.publish0(Wire.MQTT_5, "t", "lost"));
        publisher.expectNothing();

        persistent(Wire.MQTT_5, true).expectNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.MQTT_3, Wire.MQTT_5})
    void unacknowledged_message_comes_again_as_duplicate_with_its_identifier(int version) throws IOException {
        RawClient first = persistent(version, false).subscribe("t");
        publish("t", "one");
        publish("t", "two");
        assertThat(first.nextPublish().packetId()).isEqualTo(1);
        assertThat(first.nextPublish().packetId()).isEqualTo(2);
        first.send(Wire.pubAck(1));
        first.expectNothing();
        first.close();
        await().until(() -> test.broker.counters().connected() == 0);
        publish("t", "three");

        RawClient back = persistent(version, true);

        RawClient.Publish again = back.nextPublish();
        assertThat(again).isEqualTo(new RawClient.Publish(true, 1, false, "t", 2, "", "two"));
        RawClient.Publish next = back.nextPublish();
        assertThat(next).isEqualTo(new RawClient.Publish(false, 1, false, "t", 3, "", "three"));
        back.expectNothing();
    }

    @Test
    void takeover_of_a_persistent_session_goes_on_where_the_old_connection_was() throws IOException {
        RawClient first = persistent(Wire.MQTT_5, false).subscribe("t");
        publish("t", "one");
        assertThat(first.nextPublish().payload()).isEqualTo("one");

        RawClient second = persistent(Wire.MQTT_5, true);

        assertThat(first.next()).isEqualTo("e0018e");
        RawClient.Publish again = second.nextPublish();
        assertThat(again.duplicate()).isTrue();
        assertThat(again.payload()).isEqualTo("one");
    }

    @Test
    void clean_start_forgets_the_session() throws IOException {
        leave(persistent(Wire.MQTT_5, false).subscribe("t"));
        publish("t", "stored");

        test.mqtt5().connect("a").expectNothing();

        assertThat(test.broker.counters().subscriptions()).isZero();
    }

    @Test
    void session_without_expiry_ends_with_its_connection() throws IOException {
        leave(test.mqtt5().connect("a").subscribe("t"));

        await().until(() -> test.broker.counters().sessions() == 0);
        assertThat(test.broker.counters().subscriptions()).isZero();
    }

    @Test
    void session_ends_when_its_time_is_over() throws IOException {
        leave(persistent(Wire.MQTT_5, false).subscribe("t"));
        test.clock.advance(Duration.ofMinutes(59));
        RawClient inTime = persistent(Wire.MQTT_5, true);
        leave(inTime);

        test.clock.advance(Duration.ofMinutes(60));

        persistent(Wire.MQTT_5, false);
    }

    @Test
    void disconnect_may_change_the_expiry_but_not_begin_one() throws IOException {
        RawClient client = persistent(Wire.MQTT_5, false);
        client.send(Wire.hex("e0 07 00 05 1100000000"));
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        await().until(() -> test.broker.counters().sessions() == 0);
        RawClient clean = test.mqtt5().connect("b");

        clean.send(Wire.hex("e0 07 00 05 1100000001"));

        assertThat(clean.next()).isEqualTo("e00182");
    }

    @Test
    void message_that_expires_in_the_queue_is_not_delivered() throws IOException {
        leave(persistent(Wire.MQTT_3, false).subscribe("t"));
        RawClient publisher = test.mqtt5().connect("p");
        publisher.send(
                Wire.publish1(Wire.MQTT_5, 1, "t", "020000000a", new byte[] {'x'}),
                Wire.publish1(Wire.MQTT_5, 2, "t", "0200000014", new byte[] {'y'}));
        assertThat(publisher.next()).isEqualTo("40020001");
        assertThat(publisher.next()).isEqualTo("40020002");

        test.clock.advance(Duration.ofSeconds(10));

        assertThat(persistent(Wire.MQTT_3, true).nextPublish().payload()).isEqualTo("y");
        assertThat(test.broker.counters().dropped()).isEqualTo(1);
    }

    @Test
    void queue_that_is_full_of_what_has_expired_takes_what_has_not() throws IOException {
        try (TestBroker small = TestBroker.withLimits(
                limits -> limits.withSessions(limits.sessions().withMaxQueuedMessages(2)))) {
            small.putToSleep("a", "t");
            RawClient publisher = small.mqtt5().connect("p");
            for (int i = 1; i <= 2; i++) {
                publisher.send(Wire.publish1(Wire.MQTT_5, i, "t", "0200000001", new byte[] {'x'}));
                assertThat(publisher.next()).startsWith("4002");
            }
            small.clock.advance(Duration.ofSeconds(2));

            publisher.send(Wire.publish1(Wire.MQTT_5, 3, "t", "fresh"));
            assertThat(publisher.next()).startsWith("4002");

            RawClient back = small.mqtt3();
            back.send(Wire.connect(Wire.MQTT_3, "a", 0, 60, ""));
            assertThat(back.next()).isEqualTo("20020100");
            assertThat(back.nextPublish().payload()).isEqualTo("fresh");
        }
    }

    @Test
    void forwarded_expiry_is_what_remains_rounded_up() throws IOException {
        leave(persistent(Wire.MQTT_5, false).subscribe("t"));
        RawClient publisher = test.mqtt5().connect("p");
        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "020000000a", new byte[] {'x'}));
        assertThat(publisher.next()).isEqualTo("40020001");

        test.clock.advance(Duration.ofMillis(3_100));

        assertThat(persistent(Wire.MQTT_5, true).nextPublish().properties()).isEqualTo("0200000007");
    }

    @Test
    void stored_message_is_not_given_to_a_client_that_may_no_longer_receive_it() throws IOException {
        leave(persistent(Wire.MQTT_5, false).subscribe("t"));
        publish("t", "stored");
        test.permissions = (action, resource) -> action != Action.RECEIVE;

        persistent(Wire.MQTT_5, true).expectNothing();
    }

    @Test
    void client_state_tells_who_is_here_and_for_half_an_hour_who_was() throws IOException {
        Connections connections = test.broker.connections();
        assertThat(connections.find("a")).isEmpty();
        RawClient client = persistent(Wire.MQTT_5, false);

        assertThat(connections.find("a").orElseThrow())
                .isInstanceOfSatisfying(ClientState.Connected.class, connected -> {
                    assertThat(connected.thingName()).isEqualTo("thing-1");
                    assertThat(connected.keepAlive()).isEqualTo(Duration.ofMinutes(1));
                    assertThat(connected.sessionExpiry()).isEqualTo(Duration.ofHours(1));
                });

        ClientState.Connected last =
                (ClientState.Connected) connections.find("a").orElseThrow();
        client.close();
        await().until(() -> connections.find("a").orElseThrow() instanceof ClientState.Disconnected);
        assertThat(connections.find("a").orElseThrow())
                .isEqualTo(new ClientState.Disconnected("a", test.clock.now(), DisconnectReason.CONNECTION_LOST, last));
        test.clock.advance(Duration.ofMinutes(30));
        assertThat(connections.find("a")).isEmpty();
    }

    @Test
    void client_can_be_disconnected_from_outside() throws IOException {
        RawClient client = test.mqtt5().connect("a");

        assertThat(test.broker.connections().disconnect("a", DisconnectReason.API_INITIATED_DISCONNECT))
                .isTrue();

        assertThat(client.next()).isEqualTo("e00198");
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        assertThat(test.broker.connections().disconnect("a", DisconnectReason.API_INITIATED_DISCONNECT))
                .isFalse();
    }

    private RawClient persistent(int version, boolean present) throws IOException {
        RawClient client = test.raw(version);
        client.send(Wire.connect(version, "a", 0, 60, AN_HOUR));
        assertThat(client.next().substring(4, 8)).isEqualTo(present ? "0100" : "0000");
        return client;
    }

    private void leave(RawClient client) throws IOException {
        client.send(Wire.disconnect());
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    private void publish(String topic, String payload) throws IOException {
        try (RawClient publisher = test.mqtt5().connect("publisher")) {
            publisher.send(Wire.publish1(Wire.MQTT_5, 1, topic, payload));
            assertThat(publisher.next()).isEqualTo("40020001");
            leave(publisher);
        }
    }
}
