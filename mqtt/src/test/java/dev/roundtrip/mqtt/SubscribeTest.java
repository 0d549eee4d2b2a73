package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.mqtt.Connections.Subscribed;
import dev.roundtrip.mqtt.packet.Qos;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscribeTest {
    private static final int NO_LOCAL = 0x04;
    private static final int RETAIN_AS_PUBLISHED = 0x08;
    private final TestBroker test = new TestBroker();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @Test
    void each_filter_gets_its_own_answer() throws IOException {
        test.permissions = (action, resource) -> !resource.startsWith("secret");
        RawClient mqtt5 = test.mqtt5().connect("a");
        RawClient mqtt3 = test.mqtt3().connect("b");
        String[] filters = {"a", "a#", "secret/#", "1/2/3/4/5/6/7/8/9", "$SYS/#"};

        mqtt5.send(Wire.subscribe(Wire.MQTT_5, 1, 0, filters));
        mqtt3.send(Wire.subscribe(Wire.MQTT_3, 1, 1, filters));

        assertThat(mqtt5.next()).isEqualTo("9008" + "000100" + "00" + "8f" + "87" + "8f" + "8f");
        assertThat(mqtt3.next()).isEqualTo("9007" + "0001" + "01" + "80" + "80" + "80" + "80");
    }

    @Test
    void more_than_eight_filters_at_once_end_the_connection() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        client.send(Wire.subscribe(Wire.MQTT_5, 1, 0, "1", "2", "3", "4", "5", "6", "7", "8"));
        assertThat(client.next()).startsWith("900b");

        client.send(Wire.subscribe(Wire.MQTT_5, 1, 0, "1", "2", "3", "4", "5", "6", "7", "8", "9"));

        assertThat(client.next()).isEqualTo("e00197");
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    @Test
    void connection_has_fifty_subscriptions_and_may_repeat_them() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        for (int i = 1; i <= 50; i++) {
            client.send(Wire.subscribe(Wire.MQTT_5, i, 0, "t/" + i));
            assertThat(client.next()).isEqualTo(String.format("9004%04x0000", i));
        }

        client.send(Wire.subscribe(Wire.MQTT_5, 51, 1, "t/51", "t/50"));

        assertThat(client.next()).isEqualTo("9005" + "003300" + "97" + "01");
        client.send(Wire.unsubscribe(Wire.MQTT_5, 52, "t/1"), Wire.subscribe(Wire.MQTT_5, 53, 1, "t/51"));
        assertThat(client.next()).isEqualTo("b004003400" + "00");
        assertThat(client.next()).isEqualTo("9004003500" + "01");
    }

    @Test
    void subscription_identifier_and_qos_2_end_the_connection() throws IOException {
        RawClient identifier = test.mqtt5().connect("a");
        RawClient qos2 = test.mqtt5().connect("b");
        RawClient qos2OfMqtt3 = test.mqtt3().connect("c");

        identifier.send(Wire.packet(0x82, Wire.hex("0001 02 0b01 0001 61 00")));
        qos2.send(Wire.subscribe(Wire.MQTT_5, 1, 2, "t"));
        qos2OfMqtt3.send(Wire.subscribe(Wire.MQTT_3, 1, 2, "t"));

        assertThat(identifier.next()).isEqualTo("e001a1");
        assertThat(qos2.next()).isEqualTo("e0019b");
        assertThat(qos2OfMqtt3.next()).isEqualTo(RawClient.CLOSED);
    }

    @Test
    void unsubscribed_filter_gets_nothing_and_an_unknown_one_is_no_failure() throws IOException {
        RawClient client = test.mqtt5().connect("a").subscribe("t");

        client.send(
                Wire.unsubscribe(Wire.MQTT_5, 2, "t"),
                Wire.unsubscribe(Wire.MQTT_5, 3, "never"),
                Wire.unsubscribe(Wire.MQTT_5, 4, "a#"),
                Wire.publish0(Wire.MQTT_5, "t", "x"));

        assertThat(client.next()).isEqualTo("b00400020000");
        assertThat(client.next()).isEqualTo("b00400030000");
        assertThat(client.next()).isEqualTo("b0040004008f");
        client.expectNothing();
        assertThat(test.broker.counters().subscriptions()).isZero();
    }

    @Test
    void overlapping_subscriptions_get_a_message_once_in_the_better_quality() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        client.send(Wire.subscribe(Wire.MQTT_5, 1, 0, "t/#", "t/1"), Wire.subscribe(Wire.MQTT_5, 2, 1, "t/+"));
        assertThat(client.next()).startsWith("90");
        assertThat(client.next()).startsWith("90");

        client.send(Wire.publish1(Wire.MQTT_5, 1, "t/1", "x"));

        assertThat(client.next()).isEqualTo("40020001");
        assertThat(client.nextPublish().qos()).isEqualTo(1);
        client.expectNothing();
    }

    @ParameterizedTest
    @CsvSource({"t/#, t/a", "t/a, t/#", "t/+, t/#"})
    void own_message_reaches_the_overlapping_subscription_that_does_not_exclude_it(String excluding, String other)
            throws IOException {
        RawClient client = test.mqtt5().connect("a");
        client.send(Wire.subscribe(Wire.MQTT_5, 1, NO_LOCAL | 1, excluding), Wire.subscribe(Wire.MQTT_5, 2, 0, other));
        assertThat(client.next()).isEqualTo("900400010001");
        assertThat(client.next()).isEqualTo("900400020000");
        RawClient foreign = test.mqtt5().connect("b");

        client.send(Wire.publish1(Wire.MQTT_5, 1, "t/a", "own"));
        assertThat(client.next()).isEqualTo("40020001");
        foreign.send(Wire.publish1(Wire.MQTT_5, 1, "t/a", "foreign"));

        assertThat(client.nextPublish()).isEqualTo(new RawClient.Publish(false, 0, false, "t/a", 0, "", "own"));
        assertThat(client.nextPublish()).isEqualTo(new RawClient.Publish(false, 1, false, "t/a", 1, "", "foreign"));
    }

    @Test
    void own_message_that_all_overlapping_subscriptions_exclude_does_not_come_back() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        client.send(Wire.subscribe(Wire.MQTT_5, 1, NO_LOCAL | 1, "t/#", "t/a"));
        assertThat(client.next()).startsWith("90");

        client.send(Wire.publish1(Wire.MQTT_5, 1, "t/a", "own"));

        assertThat(client.next()).isEqualTo("40020001");
        client.expectNothing();
    }

    @ParameterizedTest
    @CsvSource({"t/#, t/a", "t/a, t/#"})
    void retain_is_kept_when_one_of_equally_good_overlapping_subscriptions_wants_it(String keeping, String other)
            throws IOException {
        RawClient client = test.mqtt5().connect("a");
        client.send(
                Wire.subscribe(Wire.MQTT_5, 1, RETAIN_AS_PUBLISHED | 1, keeping),
                Wire.subscribe(Wire.MQTT_5, 2, 1, other));
        assertThat(client.next()).isEqualTo("900400010001");
        assertThat(client.next()).isEqualTo("900400020001");

        client.send(Wire.retained(Wire.publish0(Wire.MQTT_5, "t/a", "kept")));

        assertThat(client.nextPublish().retain()).isTrue();
        client.expectNothing();
    }

    @Test
    void multi_level_wildcard_does_not_match_its_parent() throws IOException {
        RawClient client = test.mqtt5().connect("a").subscribe("t/#");

        client.send(Wire.publish0(Wire.MQTT_5, "t", "parent"), Wire.publish0(Wire.MQTT_5, "t/1", "child"));

        assertThat(client.nextPublish().payload()).isEqualTo("child");
    }

    @Test
    void retained_message_goes_to_exact_filters_only() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        byte[] retained = Wire.retained(Wire.publish0(Wire.MQTT_5, "t/1", "kept"));
        client.send(retained, Wire.subscribe(Wire.MQTT_5, 1, 1, "t/+", "$share/g/t/1"));
        assertThat(client.next()).startsWith("90");
        client.expectNothing();

        client.send(Wire.subscribe(Wire.MQTT_5, 1, 1, "t/1"));

        assertThat(client.next()).startsWith("90");
        assertThat(client.nextPublish()).isEqualTo(new RawClient.Publish(false, 0, true, "t/1", 0, "", "kept"));
    }

    @Test
    void retained_message_is_forgotten_by_an_empty_one_and_by_its_expiry() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        byte[] kept = Wire.retained(Wire.publish0(Wire.MQTT_5, "t", "kept"));
        byte[] empty = Wire.retained(Wire.publish0(Wire.MQTT_5, "t", ""));
        byte[] expiring = Wire.retained(Wire.publish1(Wire.MQTT_5, 1, "expiring", "020000000a", new byte[] {'x'}));
        client.send(kept, empty, expiring);
        assertThat(client.next()).isEqualTo("40020001");
        assertThat(test.broker.counters().retained()).isEqualTo(1);

        test.clock.advance(Duration.ofMillis(9_500));
        client.send(Wire.subscribe(Wire.MQTT_5, 1, 0, "t", "expiring"));
        assertThat(client.next()).startsWith("90");
        assertThat(client.nextPublish().properties()).isEqualTo("0200000001");

        test.clock.advance(Duration.ofMillis(500));
        client.send(Wire.subscribe(Wire.MQTT_5, 1, 0, "t", "expiring"));
        assertThat(client.next()).startsWith("90");
        client.expectNothing();
    }

    @Test
    void retaining_needs_a_permission_of_its_own() throws IOException {
        test.permissions = (action, resource) -> action != Action.RETAIN_PUBLISH;
        RawClient client = test.mqtt5().connect("a");
        byte[] retained = Wire.retained(Wire.publish1(Wire.MQTT_5, 1, "t", "x"));

        client.send(retained, Wire.publish1(Wire.MQTT_5, 2, "t", "x"));

        assertThat(client.next()).isEqualTo("4003000187");
        assertThat(client.next()).isEqualTo("40020002");
    }

    @Test
    void options_of_mqtt_5_are_followed() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        byte[] retained = Wire.retained(Wire.publish0(Wire.MQTT_5, "t", "own"));
        client.send(retained, Wire.subscribe(Wire.MQTT_5, 1, 0x2C, "t"));
        assertThat(client.next()).startsWith("90");
        RawClient other = test.mqtt5().connect("b");
        byte[] foreign = Wire.retained(Wire.publish0(Wire.MQTT_5, "t", "foreign"));

        client.send(retained);
        client.expectNothing();
        other.send(foreign);

        assertThat(client.nextPublish()).isEqualTo(new RawClient.Publish(false, 0, true, "t", 0, "", "foreign"));
    }

    @Test
    void subscriptions_of_a_client_can_be_listed() throws IOException {
        test.mqtt5().connect("a").subscribe("t/2").subscribe("t/1");

        assertThat(test.broker.connections().subscriptions("a"))
                .containsExactly(new Subscribed("t/1", Qos.AT_LEAST_ONCE), new Subscribed("t/2", Qos.AT_LEAST_ONCE));
        assertThat(test.broker.connections().subscriptions("b")).isEmpty();
    }
}
