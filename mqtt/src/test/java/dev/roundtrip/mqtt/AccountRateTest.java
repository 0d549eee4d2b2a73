package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rates that all connections of an account share: two a second each, on a clock that stands still. */
class AccountRateTest {
    private TestBroker test = new TestBroker();

    private void limit(BrokerLimits.Rates rates) throws IOException {
        test.close();
        test = TestBroker.withLimits(limits -> limits.withRates(rates));
    }

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @Test
    void connects_of_all_clients_share_one_rate() throws IOException {
        limit(new BrokerLimits.Rates(0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0));
        test.mqtt5().connect("a");
        test.mqtt5().connect("b");
        RawClient third = test.mqtt5();

        third.send(Wire.connect(Wire.MQTT_5, "c"));

        assertThat(third.next().substring(4)).startsWith("0097");
        test.clock.advance(Duration.ofSeconds(1));
        test.mqtt5().connect("c");
    }

    @Test
    void inbound_publishes_of_all_clients_share_one_rate() throws IOException {
        limit(new BrokerLimits.Rates(0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0));
        RawClient first = test.mqtt5().connect("a");
        RawClient second = test.mqtt5().connect("b");
        first.send(Wire.publish1(Wire.MQTT_5, 1, "t", ""));
        assertThat(first.next()).isEqualTo("40020001");
        second.send(Wire.publish1(Wire.MQTT_5, 1, "t", ""));
        assertThat(second.next()).isEqualTo("40020001");

        first.send(Wire.publish1(Wire.MQTT_5, 2, "t", ""));

        assertThat(first.next()).isEqualTo("4003000297");
        test.clock.advance(Duration.ofSeconds(1));
        first.send(Wire.publish1(Wire.MQTT_5, 3, "t", ""));
        assertThat(first.next()).isEqualTo("40020003");
    }

    @Test
    void what_exceeds_the_outbound_publishes_of_all_clients_is_dropped() throws IOException {
        limit(new BrokerLimits.Rates(0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0));
        RawClient first = test.mqtt5().connect("a").subscribe("t");
        RawClient second = test.mqtt5().connect("b").subscribe("t");
        RawClient publisher = test.mqtt5().connect("p");

        publisher.send(Wire.publish0(Wire.MQTT_5, "t", "fits"), Wire.publish0(Wire.MQTT_5, "t", "too many"));
        publisher.expectNothing();

        assertThat(first.nextPublish().payload()).isEqualTo("fits");
        assertThat(second.nextPublish().payload()).isEqualTo("fits");
        first.expectNothing();
        second.expectNothing();
        assertThat(test.broker.counters().dropped()).isEqualTo(2);
    }

    @Test
    void subscriptions_of_all_clients_share_one_rate() throws IOException {
        limit(new BrokerLimits.Rates(0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0));
        test.mqtt5().connect("a").subscribe("t");
        RawClient second = test.mqtt5().connect("b").subscribe("t");

        second.send(Wire.subscribe(Wire.MQTT_5, 2, 1, "u"));

        assertThat(second.next()).isEqualTo("900400020097");
    }

    @Test
    void retained_messages_of_all_topics_share_one_rate() throws IOException {
        limit(new BrokerLimits.Rates(0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0));
        RawClient client = test.mqtt5().connect("a");
        client.send(retained(1, "t"), retained(2, "u"), retained(3, "v"));

        assertThat(client.next()).isEqualTo("40020001");
        assertThat(client.next()).isEqualTo("40020002");
        assertThat(client.next()).isEqualTo("4003000397");
    }

    private static byte[] retained(int packetId, String topic) {
        return Wire.retained(Wire.publish1(Wire.MQTT_5, packetId, topic, "x"));
    }

    @Test
    void messages_queued_for_all_who_are_away_share_one_rate() throws IOException {
        limit(new BrokerLimits.Rates(0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0));
        test.putToSleep("sleeper", "t");
        RawClient publisher = test.mqtt5().connect("p");

        for (int i = 1; i <= 3; i++) {
            publisher.send(Wire.publish1(Wire.MQTT_5, i, "t", "m" + i));
            assertThat(publisher.next()).startsWith("4002");
        }

        RawClient back = test.mqtt3();
        back.send(Wire.connect(Wire.MQTT_3, "sleeper", 0, 60, ""));
        assertThat(back.next()).isEqualTo("20020100");
        assertThat(back.nextPublish().payload()).isEqualTo("m1");
        assertThat(back.nextPublish().payload()).isEqualTo("m2");
        back.expectNothing();
    }
}
