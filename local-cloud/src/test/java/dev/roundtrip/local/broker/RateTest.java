package dev.roundtrip.local.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RateTest {
    private final TestBroker test = TestBroker.withLimits(limits -> BrokerLimits.iotCore());

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @Test
    void publishes_above_100_a_second_are_discarded_and_the_connection_goes_on() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        for (int i = 1; i <= 100; i++) {
            client.send(Wire.publish1(Wire.MQTT_5, i, "t", ""));
            assertThat(client.next()).isEqualTo(String.format("4002%04x", i));
        }

        client.send(Wire.publish1(Wire.MQTT_5, 101, "t", ""));

        assertThat(client.next()).isEqualTo("4003006597");
        test.clock.advance(Duration.ofSeconds(1));
        client.send(Wire.publish1(Wire.MQTT_5, 102, "t", ""));
        assertThat(client.next()).isEqualTo("40020066");
    }

    @Test
    void one_client_id_connects_once_a_second() throws IOException {
        test.mqtt5().connect("a");
        RawClient again = test.mqtt5();

        again.send(Wire.connect(Wire.MQTT_5, "a"));

        assertThat(again.next().substring(4)).startsWith("0097");
        test.mqtt5().connect("b");
        test.clock.advance(Duration.ofSeconds(1));
        test.mqtt5().connect("a");
    }

    @Test
    void one_topic_is_retained_once_a_second() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        byte[] retained = Wire.publish1(Wire.MQTT_5, 1, "t", "x");
        retained[0] = 0x33;

        client.send(retained, retained);

        assertThat(client.next()).isEqualTo("40020001");
        assertThat(client.next()).isEqualTo("4003000197");
    }

    @Test
    void stored_messages_come_ten_a_second() throws IOException {
        RawClient sleeper = test.mqtt3();
        sleeper.send(Wire.connect(Wire.MQTT_3, "sleeper", 0, 60, ""));
        assertThat(sleeper.next()).isEqualTo("20020000");
        sleeper.subscribe("t");
        sleeper.send(Wire.disconnect());
        assertThat(sleeper.next()).isEqualTo(RawClient.CLOSED);
        RawClient publisher = test.mqtt5().connect("p");
        for (int i = 1; i <= 12; i++) {
            publisher.send(Wire.publish1(Wire.MQTT_5, i, "t", ""));
            assertThat(publisher.next()).startsWith("4002");
        }
        test.clock.advance(Duration.ofSeconds(1));

        RawClient back = test.mqtt3();
        back.send(Wire.connect(Wire.MQTT_3, "sleeper", 0, 60, ""));

        assertThat(back.next()).isEqualTo("20020100");
        for (int i = 1; i <= 10; i++) {
            assertThat(back.nextPublish().packetId()).isEqualTo(i);
        }
        back.expectNothing();
        test.clock.advance(Duration.ofSeconds(1));
        assertThat(back.nextPublish().packetId()).isEqualTo(11);
    }

    @Test
    void local_cloud_has_no_rates() {
        assertThat(BrokerLimits.local().rates()).isEqualTo(BrokerLimits.Rates.UNLIMITED);
    }
}
