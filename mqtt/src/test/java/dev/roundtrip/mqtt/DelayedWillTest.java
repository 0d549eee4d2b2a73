package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.mqtt.Connections.Forgotten;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wills that wait for their client, and what they say of their expiry. */
class DelayedWillTest {
    private static final int WILL_OF_QOS_1 = 0x0C;
    private static final int CLEAN = 0x02;
    private static final String A_MINUTE = "110000003c";
    private static final String TWO_SECONDS = "1800000002";
    private static final String EXPIRES_AFTER_TWO = "0200000002";
    private static final RawClient.Publish GONE = new RawClient.Publish(false, 1, false, "will", 1, "", "gone");

    private final TestBroker test = new TestBroker();
    private RawClient witness;

    @BeforeEach
    void listen() throws IOException {
        witness = test.mqtt5().connect("witness").subscribe("will");
    }

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private RawClient connect(int flags, String properties, String willProperties) throws IOException {
        byte[] will = Wire.join(Wire.properties(Wire.MQTT_5, willProperties), Wire.text("will"), Wire.text("gone"));
        RawClient client = test.mqtt5();
        client.send(Wire.connect(Wire.MQTT_5, "a", WILL_OF_QOS_1 | flags, 60, properties, will));
        assertThat(client.next()).startsWith("20");
        return client;
    }

    private RawClient persistentWithWill(String willProperties) throws IOException {
        return connect(0, A_MINUTE, willProperties);
    }

    private void leave(RawClient client) throws IOException {
        client.close();
        await().until(() -> test.broker.counters().connected() == 1);
    }

    @Test
    void will_waits_for_its_delay() throws IOException {
        leave(persistentWithWill(TWO_SECONDS));

        test.clock.advance(Duration.ofMillis(1_999));
        witness.expectNothing();
        test.clock.advance(Duration.ofMillis(1));

        assertThat(witness.nextPublish()).isEqualTo(GONE);
    }

    @Test
    void will_of_a_client_that_is_back_in_time_is_never_published() throws IOException {
        leave(persistentWithWill(TWO_SECONDS));
        test.clock.advance(Duration.ofSeconds(1));

        RawClient back = persistentWithWill(TWO_SECONDS);
        test.clock.advance(Duration.ofSeconds(10));
        witness.expectNothing();

        leave(back);
        witness.expectNothing();
        test.clock.advance(Duration.ofSeconds(2));
        assertThat(witness.nextPublish()).isEqualTo(GONE);
        witness.expectNothing();
    }

    @Test
    void will_is_published_when_the_client_comes_back_without_its_session() throws IOException {
        leave(persistentWithWill(TWO_SECONDS));

        test.mqtt5().connect("a");

        assertThat(witness.nextPublish()).isEqualTo(GONE);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "2, true"})
    void taking_over_publishes_a_delayed_will_only_if_it_ends_the_session(int flags, boolean published)
            throws IOException {
        persistentWithWill(TWO_SECONDS);

        RawClient other = test.mqtt5();
        other.send(Wire.connect(Wire.MQTT_5, "a", flags, 60, A_MINUTE));
        assertThat(other.next()).startsWith("20");
        test.clock.advance(Duration.ofSeconds(10));

        if (published) {
            assertThat(witness.nextPublish()).isEqualTo(GONE);
        }
        witness.expectNothing();
    }

    @Test
    void will_does_not_wait_longer_than_its_session() throws IOException {
        leave(connect(0, "1100000001", TWO_SECONDS));
        witness.expectNothing();

        test.clock.advance(Duration.ofSeconds(1));

        assertThat(witness.nextPublish()).isEqualTo(GONE);
        test.clock.advance(Duration.ofSeconds(10));
        witness.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, CLEAN})
    void will_of_a_session_that_ends_with_its_connection_does_not_wait(int flags) throws IOException {
        connect(flags, "", TWO_SECONDS).close();

        assertThat(witness.nextPublish()).isEqualTo(GONE);
    }

    @Test
    void disconnect_with_will_waits_for_the_delay_too() throws IOException {
        RawClient client = persistentWithWill(TWO_SECONDS);
        client.send(Wire.hex("e00104"));
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        await().until(() -> test.broker.counters().connected() == 1);
        witness.expectNothing();

        test.clock.advance(Duration.ofSeconds(2));

        assertThat(witness.nextPublish()).isEqualTo(GONE);
    }

    @Test
    void disconnect_that_ends_the_session_publishes_the_will_that_it_asks_for() throws IOException {
        RawClient client = persistentWithWill(TWO_SECONDS);

        client.send(Wire.hex("e007 04 05 1100000000"));

        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        assertThat(witness.nextPublish()).isEqualTo(GONE);
    }

    @Test
    void disconnect_without_a_reason_leaves_no_will_that_waits() throws IOException {
        RawClient client = persistentWithWill(TWO_SECONDS);
        client.send(Wire.disconnect());
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        await().until(() -> test.broker.counters().connected() == 1);

        test.clock.advance(Duration.ofSeconds(70));

        witness.expectNothing();
        await().until(() -> test.broker.counters().heldBytes() == 0);
    }

    @Test
    void will_waits_when_the_broker_ends_the_connection() throws IOException {
        persistentWithWill(TWO_SECONDS);

        test.broker.connections().disconnect("a", DisconnectReason.API_INITIATED_DISCONNECT);
        witness.expectNothing();
        test.clock.advance(Duration.ofSeconds(2));

        assertThat(witness.nextPublish()).isEqualTo(GONE);
    }

    @ParameterizedTest
    @CsvSource({"SESSION, true", "SESSION;WILL, false"})
    void will_that_waits_for_a_deleted_session_is_published_unless_that_is_prevented(
            String forgotten, boolean published) throws IOException {
        leave(persistentWithWill(TWO_SECONDS));
        Set<Forgotten> names = EnumSet.noneOf(Forgotten.class);
        for (String name : forgotten.split(";", -1)) {
            names.add(Forgotten.valueOf(name));
        }

        assertThat(test.broker.connections().delete("a", names)).isTrue();

        if (published) {
            assertThat(witness.nextPublish()).isEqualTo(GONE);
        }
        test.clock.advance(Duration.ofSeconds(2));
        witness.expectNothing();
    }

    @Test
    void expiry_of_a_will_counts_from_its_publication() throws IOException {
        RawClient client = connect(CLEAN, "", EXPIRES_AFTER_TWO);
        test.clock.advance(Duration.ofSeconds(3));

        client.close();

        assertThat(witness.nextPublish().properties()).isEqualTo(EXPIRES_AFTER_TWO);
    }

    @Test
    void expiry_of_a_delayed_and_retained_will_counts_from_its_publication() throws IOException {
        leave(connect(0x20, A_MINUTE, TWO_SECONDS + EXPIRES_AFTER_TWO));
        test.clock.advance(Duration.ofSeconds(2));
        assertThat(witness.nextPublish().properties()).isEqualTo(EXPIRES_AFTER_TWO);
        test.clock.advance(Duration.ofSeconds(1));

        witness.send(Wire.subscribe(Wire.MQTT_5, 2, 0, "will"));

        assertThat(witness.next()).startsWith("90");
        assertThat(witness.nextPublish().properties()).isEqualTo("0200000001");
    }

    @Test
    void broker_that_restarts_gives_up_the_wills_that_wait() throws Exception {
        leave(persistentWithWill(TWO_SECONDS));

        test.broker.restart(Duration.ofMillis(1));
        RawClient again = test.mqtt5().connect("witness").subscribe("will");
        test.clock.advance(Duration.ofSeconds(70));

        again.expectNothing();
    }

    @Test
    void wills_are_on_the_account_until_they_are_published() throws IOException {
        try (TestBroker small =
                TestBroker.withLimits(limits -> limits.withMemory(new BrokerLimits.Memory(64 * 1024, 1_000)))) {
            byte[] will = Wire.join(
                    Wire.properties(Wire.MQTT_5, TWO_SECONDS), Wire.text("will"), Wire.text("x".repeat(30_000)));
            RawClient first = connectWithWill(small, "a", will, "00");
            connectWithWill(small, "b", will, "97");

            first.close();
            await().until(() -> small.broker.counters().connected() == 0);
            connectWithWill(small, "b", will, "97");
            small.clock.advance(Duration.ofSeconds(2));

            await().until(() -> small.broker.counters().heldBytes() == 0);
            connectWithWill(small, "b", will, "00");
        }
    }

    private static RawClient connectWithWill(TestBroker broker, String clientId, byte[] will, String reason)
            throws IOException {
        RawClient client = broker.mqtt5();
        client.send(Wire.connect(Wire.MQTT_5, clientId, WILL_OF_QOS_1, 60, A_MINUTE, will));
        String connAck = client.next();
        // The remaining length of an acceptance takes one byte, like that of a refusal.
        assertThat(connAck.substring(6, 8)).isEqualTo(reason);
        return client;
    }
}
