package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
        byte[] retained = Wire.retained(Wire.publish1(Wire.MQTT_5, 1, "t", "x"));

        client.send(retained, retained);

        assertThat(client.next()).isEqualTo("40020001");
        assertThat(client.next()).isEqualTo("4003000197");
    }

    @Test
    void stored_messages_come_ten_a_second() throws IOException {
        test.putToSleep("sleeper", "t");
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
    void message_that_the_store_holds_back_costs_the_connection_nothing() throws IOException {
        RawClient sleeper = test.mqtt5();
        sleeper.send(Wire.connect(Wire.MQTT_5, "sleeper", 0, 60, "1100000e10"));
        assertThat(sleeper.next()).startsWith("20");
        sleeper.subscribe("t");
        sleeper.send(Wire.disconnect());
        assertThat(sleeper.next()).isEqualTo(RawClient.CLOSED);
        RawClient publisher = test.mqtt5().connect("p");
        for (int i = 1; i <= 11; i++) {
            publisher.send(Wire.publish1(Wire.MQTT_5, i, "t", ""));
            assertThat(publisher.next()).startsWith("4002");
        }
        test.clock.advance(Duration.ofSeconds(1));
        RawClient back = test.mqtt5();
        back.send(Wire.connect(Wire.MQTT_5, "sleeper", 0, 60, "1100000e10"));
        assertThat(back.next()).startsWith("20");
        for (int i = 1; i <= 10; i++) {
            assertThat(back.nextPublish().packetId()).isEqualTo(i);
        }

        // Each ping has the broker look at the eleventh once more.
        for (int i = 0; i < 100; i++) {
            back.expectNothing();
        }

        back.send(Wire.publish1(Wire.MQTT_5, 1, "elsewhere", ""));
        assertThat(back.next()).isEqualTo("40020001");
    }

    @Test
    void connection_is_slowed_to_512_kilobytes_a_second_and_loses_nothing() throws Exception {
        assertThat(BrokerLimits.iotCore().rates().bytesPerConnection()).isEqualTo(512 * 1024);
        RawClient busy = test.mqtt5().connect("busy").subscribe("t");
        RawClient idle = test.mqtt5().connect("idle");
        String payload = "x".repeat(120 * 1024);

        for (int i = 1; i <= 10; i++) {
            busy.send(Wire.publish0(Wire.MQTT_5, "t", payload));
        }
        CompletableFuture<List<String>> received = CompletableFuture.supplyAsync(
                () -> IntStream.range(0, 10).mapToObj(i -> payload(busy)).toList());
        for (int i = 0; i < 20; i++) {
            idle.expectNothing();
        }

        assertThat(received).isNotDone();
        assertThat(received.get(30, TimeUnit.SECONDS)).hasSize(10).containsOnly(payload);
    }

    private static String payload(RawClient client) {
        try {
            return client.nextPublish().payload();
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    @Test
    void account_has_the_quotas_of_iot_core() {
        assertThat(BrokerLimits.iotCore().rates())
                .isEqualTo(new BrokerLimits.Rates(100, 512 * 1024, 1, 3_000, 20_000, 20_000, 3_000, 1, 500, 500, 10));
    }

    @Test
    void local_cloud_has_no_rates() {
        assertThat(BrokerLimits.local().rates()).isEqualTo(BrokerLimits.Rates.UNLIMITED);
    }
}
