package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishTest {
    private final TestBroker test = new TestBroker();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.MQTT_3, Wire.MQTT_5})
    void publish_to_nobody_is_acknowledged_as_success(int version) throws IOException {
        RawClient client = test.raw(version).connect("a");

        client.send(Wire.publish1(version, 7, "nobody/listens", "x"));

        assertThat(client.next()).isEqualTo("40020007");
    }

    @ParameterizedTest
    @CsvSource({"4, 5", "5, 4", "4, 4", "5, 5"})
    void message_reaches_its_subscriber_whatever_both_speak(int publisherVersion, int subscriberVersion)
            throws IOException {
        RawClient subscriber = test.raw(subscriberVersion).connect("s").subscribe("t/+");
        RawClient publisher = test.raw(publisherVersion).connect("p");

        publisher.send(
                Wire.publish0(publisherVersion, "t/0", "zero"), Wire.publish1(publisherVersion, 1, "t/1", "one"));

        assertThat(subscriber.nextPublish()).isEqualTo(new RawClient.Publish(false, 0, false, "t/0", 0, "", "zero"));
        assertThat(subscriber.nextPublish()).isEqualTo(new RawClient.Publish(false, 1, false, "t/1", 1, "", "one"));
        assertThat(publisher.next()).isEqualTo("40020001");
    }

    @Test
    void properties_pass_through_in_their_order_and_expiry_says_what_remains() throws IOException {
        RawClient mqtt5 = test.mqtt5().connect("s5").subscribe("t");
        RawClient mqtt3 = test.mqtt3().connect("s3").subscribe("t");
        RawClient publisher = test.mqtt5().connect("p");
        String content = "03" + "0001" + "63";
        String response = "08" + "0001" + "72";
        String correlation = "09" + "0002" + "0102";
        String user = "26" + "0001" + "6b" + "0001" + "76";

        publisher.send(Wire.publish1(
                Wire.MQTT_5,
                1,
                "t",
                "0101" + content + "020000000a" + response + correlation + user + user,
                new byte[0]));

        assertThat(mqtt5.nextPublish().properties())
                .isEqualTo("020000000a" + "0101" + content + response + correlation + user + user);
        assertThat(mqtt3.nextPublish().topic()).isEqualTo("t");
    }

    @ParameterizedTest
    @CsvSource({
        "00000000, 00000001",
        "00000001, 00000001",
        "00093a80, 00093a80",
        "00093a81, 00093a80",
        "ffffffff, 00093a80"
    })
    void message_expiry_is_brought_between_one_second_and_a_week(String asked, String forwarded) throws IOException {
        RawClient client = test.mqtt5().connect("a").subscribe("t");

        client.send(Wire.publish1(Wire.MQTT_5, 1, "t", "02" + asked, new byte[0]));

        assertThat(client.next()).isEqualTo("40020001");
        assertThat(client.nextPublish().properties()).isEqualTo("02" + forwarded);
    }

    @Test
    void message_that_took_a_moment_is_still_of_use_for_the_second_that_has_begun() throws IOException {
        RawClient subscriber = test.mqtt5();
        subscriber.send(Wire.connect(Wire.MQTT_5, "s", 0x02, 60, "210001")); // One message in flight at a time.
        assertThat(subscriber.next()).startsWith("20");
        subscriber.subscribe("t");
        RawClient publisher = test.mqtt5().connect("p");
        publisher.send(
                Wire.publish1(Wire.MQTT_5, 1, "t", "", new byte[] {'1'}),
                Wire.publish1(Wire.MQTT_5, 2, "t", "0200000001", new byte[] {'2'}));
        assertThat(publisher.next()).isEqualTo("40020001");
        assertThat(publisher.next()).isEqualTo("40020002");
        assertThat(subscriber.nextPublish().payload()).isEqualTo("1");

        test.clock.advance(Duration.ofMillis(1));
        subscriber.send(Wire.pubAck(1));

        assertThat(subscriber.nextPublish().properties()).isEqualTo("0200000001");
    }

    @Test
    void message_has_128_kilobytes_at_most() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        client.send(Wire.publish1(Wire.MQTT_5, 1, "t", "", new byte[128 * 1024]));
        assertThat(client.next()).isEqualTo("40020001");

        client.send(Wire.publish1(Wire.MQTT_5, 2, "t", "", new byte[128 * 1024 + 1]));

        assertThat(client.next()).isEqualTo("e00197");
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    @Test
    void packet_of_more_than_146_kilobytes_is_refused_as_soon_as_it_is_announced() throws IOException {
        RawClient client = test.mqtt5().connect("a");

        client.send(new byte[] {0x30}, Wire.varint(146 * 1024 - 3));

        assertThat(client.next()).isEqualTo("e00195");
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    @Test
    void topic_of_eight_slashes_is_refused_and_only_mqtt_3_and_qos_0_lose_their_connection() throws IOException {
        RawClient mqtt5 = test.mqtt5().connect("a");
        RawClient mqtt3 = test.mqtt3().connect("b");

        mqtt5.send(Wire.publish1(Wire.MQTT_5, 1, "1/2/3/4/5/6/7/8/9", "x"));
        mqtt3.send(Wire.publish1(Wire.MQTT_3, 1, "1/2/3/4/5/6/7/8/9", "x"));

        assertThat(mqtt5.next()).isEqualTo("4003000190");
        assertThat(mqtt3.next()).isEqualTo(RawClient.CLOSED);
        mqtt5.send(Wire.publish0(Wire.MQTT_5, "1/2/3/4/5/6/7/8/9", "x"));
        assertThat(mqtt5.next()).isEqualTo("e00190");
    }

    @ParameterizedTest
    @CsvSource({"257 bytes of content type, 03, 257", "8193 bytes of correlation data, 09, 8193"})
    void property_that_is_too_large_is_refused(String what, String id, int size) throws IOException {
        RawClient client = test.mqtt5().connect("a");
        String property = id + String.format("%04x", size) + "61".repeat(size);

        client.send(Wire.publish1(Wire.MQTT_5, 1, "t", property, new byte[0]));

        assertThat(client.next()).isEqualTo("4003000197");
    }

    @Test
    void user_properties_have_eight_kilobytes_together() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        String half = "26" + "0001" + "6b" + String.format("%04x", 4095) + "61".repeat(4095);

        client.send(Wire.publish1(Wire.MQTT_5, 1, "t", half + half, new byte[0]));
        client.send(Wire.publish1(Wire.MQTT_5, 2, "t", half + half + "26" + "0001" + "6b" + "0000", new byte[0]));

        assertThat(client.next()).isEqualTo("40020001");
        assertThat(client.next()).isEqualTo("4003000297");
    }

    @Test
    void alias_stands_for_its_topic_once_it_was_named() throws IOException {
        RawClient client = test.mqtt5().connect("a").subscribe("t/#");

        client.send(
                Wire.publish1(Wire.MQTT_5, 1, "t/1", "230008", new byte[0]),
                Wire.publish1(Wire.MQTT_5, 2, "", "230008", new byte[0]));

        assertThat(client.next()).isEqualTo("40020001");
        assertThat(client.next()).isEqualTo("40020002");
        assertThat(client.nextPublish().topic()).isEqualTo("t/1");
        assertThat(client.nextPublish()).isEqualTo(new RawClient.Publish(false, 1, false, "t/1", 2, "", ""));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "alias 9 of 8, t, 230009, 94",
        "alias 0, t, 230000, 94",
        "alias that was never named, '', 230001, 82",
        "no topic, '', '', 82",
        "topic with a wildcard, t/#, '', 90",
        "reserved topic, $SYS/x, '', 90",
        "event of the broker, $aws/events/presence/connected/x, '', 90"
    })
    void unsound_publish_ends_the_connection_with_its_reason(
            String what, String topic, String properties, String reason) throws IOException {
        RawClient client = test.mqtt5().connect("a");

        client.send(Wire.publish1(Wire.MQTT_5, 1, topic, properties, new byte[0]));

        assertThat(client.next()).isEqualTo("e001" + reason);
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    @Test
    void qos_2_ends_the_connection() throws IOException {
        RawClient mqtt5 = test.mqtt5().connect("a");
        RawClient mqtt3 = test.mqtt3().connect("b");

        mqtt5.send(Wire.hex("34 06 0001 74 0001 00"));
        mqtt3.send(Wire.hex("34 05 0001 74 0001"));

        assertThat(mqtt5.next()).isEqualTo("e0019b");
        assertThat(mqtt5.next()).isEqualTo(RawClient.CLOSED);
        assertThat(mqtt3.next()).isEqualTo(RawClient.CLOSED);
    }

    @Test
    void malformed_packet_ends_its_own_connection_only() throws IOException {
        RawClient good = test.mqtt5().connect("good").subscribe("t");
        RawClient bad = test.mqtt5().connect("bad");

        bad.send(Wire.hex("30 03 0064 74"));

        assertThat(bad.next()).isEqualTo("e00181");
        assertThat(bad.next()).isEqualTo(RawClient.CLOSED);
        good.expectNothing();
    }

    @Test
    void auth_packet_ends_the_connection() throws IOException {
        RawClient client = test.mqtt5().connect("a");

        client.send(Wire.hex("f000"));

        assertThat(client.next()).isEqualTo("e00182");
    }

    @Test
    void forbidden_publish_is_refused_and_only_mqtt_3_and_qos_0_lose_their_connection() throws IOException {
        test.permissions = (action, resource) -> action != Action.PUBLISH || resource.equals("allowed");
        RawClient mqtt5 = test.mqtt5().connect("a");
        RawClient mqtt3 = test.mqtt3().connect("b");

        mqtt5.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"), Wire.publish1(Wire.MQTT_5, 2, "allowed", "x"));
        mqtt3.send(Wire.publish1(Wire.MQTT_3, 1, "t", "x"));

        assertThat(mqtt5.next()).isEqualTo("4003000187");
        assertThat(mqtt5.next()).isEqualTo("40020002");
        assertThat(mqtt3.next()).isEqualTo(RawClient.CLOSED);
        mqtt5.send(Wire.publish0(Wire.MQTT_5, "t", "x"));
        assertThat(mqtt5.next()).isEqualTo("e00187");
        assertThat(mqtt5.next()).isEqualTo(RawClient.CLOSED);
    }

    @Test
    void forbidden_delivery_does_not_happen() throws IOException {
        test.permissions = (action, resource) -> action != Action.RECEIVE || resource.equals("t/allowed");
        RawClient client = test.mqtt5().connect("a").subscribe("t/#");

        client.send(Wire.publish0(Wire.MQTT_5, "t/secret", "x"), Wire.publish0(Wire.MQTT_5, "t/allowed", "y"));

        assertThat(client.nextPublish().payload()).isEqualTo("y");
    }

    @Test
    void more_unacknowledged_messages_than_announced_end_the_connection() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        byte[] burst = {};
        for (int i = 1; i <= 101; i++) {
            burst = Wire.join(burst, Wire.publish1(Wire.MQTT_5, i, "t", ""));
        }

        client.send(burst);

        String last = client.next();
        while (last.startsWith("40")) {
            last = client.next();
        }
        assertThat(last).isEqualTo("e00193");
    }

    @Test
    void no_more_are_in_flight_to_a_client_than_it_takes() throws IOException {
        RawClient client = test.mqtt5();
        client.send(Wire.connect(Wire.MQTT_5, "a", 0x02, 60, "210002"));
        assertThat(client.next()).startsWith("20");
        client.subscribe("t");
        RawClient publisher = test.mqtt5().connect("p");

        for (int i = 1; i <= 3; i++) {
            publisher.send(Wire.publish1(Wire.MQTT_5, i, "t", "m" + i));
            assertThat(publisher.next()).isEqualTo("4002000" + i);
        }

        assertThat(client.nextPublish().payload()).isEqualTo("m1");
        assertThat(client.nextPublish().payload()).isEqualTo("m2");
        client.expectNothing();
        client.send(Wire.pubAck(1));
        assertThat(client.nextPublish().payload()).isEqualTo("m3");
    }

    @Test
    void unacknowledged_message_is_given_up_after_16_minutes_of_mqtt_5_and_an_hour_of_mqtt_3() throws IOException {
        RawClient mqtt5 = test.mqtt5().connect("a").subscribe("t");
        RawClient mqtt3 = test.mqtt3().connect("b").subscribe("t");
        mqtt5.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"));
        assertThat(mqtt5.next()).isEqualTo("40020001");
        assertThat(mqtt5.nextPublish().qos()).isEqualTo(1);
        assertThat(mqtt3.nextPublish().qos()).isEqualTo(1);

        for (int i = 0; i < 16; i++) {
            test.clock.advance(Duration.ofMinutes(1));
            mqtt5.expectNothing();
            mqtt3.expectNothing();
        }
        await().until(() -> test.broker.counters().dropped() == 1);

        for (int i = 0; i < 44; i++) {
            test.clock.advance(Duration.ofMinutes(1));
            mqtt5.expectNothing();
            mqtt3.expectNothing();
        }
        await().until(() -> test.broker.counters().dropped() == 2);
    }

    @Test
    void message_larger_than_the_client_takes_is_not_sent() throws IOException {
        RawClient client = test.mqtt5();
        client.send(Wire.connect(Wire.MQTT_5, "a", 0x02, 60, "2700000200"));
        assertThat(client.next()).startsWith("20");
        client.subscribe("t");

        client.send(Wire.publish0(Wire.MQTT_5, "t", "x".repeat(512)), Wire.publish0(Wire.MQTT_5, "t", "small"));

        assertThat(client.nextPublish().payload()).isEqualTo("small");
    }

    @Test
    void large_messages_arrive_whole() throws IOException {
        RawClient client = test.mqtt5().connect("a").subscribe("t");
        String payload = "0123456789abcdef".repeat(8 * 1024);

        for (int i = 1; i <= 20; i++) {
            client.send(Wire.publish1(Wire.MQTT_5, i, "t", "", payload.getBytes(StandardCharsets.UTF_8)));
            assertThat(client.next()).isEqualTo("40020" + String.format("%03x", i));
            assertThat(client.nextPublish().payload()).isEqualTo(payload);
            client.send(Wire.pubAck(i));
        }
    }

    @Test
    void basic_ingest_reaches_no_subscriber() throws IOException {
        RawClient client = test.mqtt5().connect("a").subscribe("$aws/rules/#");

        client.send(Wire.publish1(Wire.MQTT_5, 1, "$aws/rules/r/t", "x"));

        assertThat(client.next()).isEqualTo("40020001");
        client.expectNothing();
    }

    @Test
    void slow_reader_loses_messages_and_costs_bounded_memory() throws IOException {
        try (TestBroker small = TestBroker.withLimits(
                limits -> limits.withSessions(limits.sessions().withMaxQueuedMessages(10)))) {
            RawClient slow = small.mqtt5().connect("slow").subscribe("t");
            RawClient publisher = small.mqtt3().connect("p");

            int sent = 0;
            while (small.broker.counters().dropped() == 0 && sent < 10_000) {
                sent++;
                publisher.send(Wire.publish1(Wire.MQTT_3, 1, "t", "x".repeat(100_000)));
                assertThat(publisher.next()).isEqualTo("40020001");
            }

            assertThat(small.broker.counters().dropped()).isPositive();
            assertThat(slow.nextPublish().payload()).hasSize(100_000);
        }
    }
}
