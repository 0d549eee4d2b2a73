package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the broker holds for its clients has one bound, whatever holds it. */
class BoundsTest {
    private static final int PAYLOAD = 100_000;
    private static final long MAX_BYTES = 4L * 1024 * 1024;
    private static final int ROOM = (int) (MAX_BYTES / PAYLOAD);
    private static final String AN_HOUR = "1100000e10";
    private static final String TEN_SECONDS = "020000000a";

    private final TestBroker test =
            TestBroker.withLimits(limits -> limits.withMemory(new BrokerLimits.Memory(MAX_BYTES, 10_000)));

    @AfterEach
    void stop() throws IOException {
        test.close();
        assertThat(test.broker.counters().heldMessages()).isZero();
        assertThat(test.broker.counters().heldBytes()).isZero();
    }

    /** Who makes the broker hold messages. */
    enum Holder {
        SHARED_GROUP {
            @Override
            void prepare(TestBroker test) throws IOException {
                test.putToSleep("absent", "$share/g/t/#");
            }
        },
        PERSISTENT_SESSION {
            @Override
            void prepare(TestBroker test) throws IOException {
                test.putToSleep("absent", "t/#");
            }
        },
        MANY_PERSISTENT_SESSIONS {
            @Override
            void prepare(TestBroker test) throws IOException {
                for (int i = 0; i <= ROOM; i++) {
                    test.putToSleep("absent-" + i, "t/" + i);
                }
            }
        },
        RETAINED {
            @Override
            void prepare(TestBroker test) {}
        },
        UNACKNOWLEDGED {
            @Override
            void prepare(TestBroker test) throws IOException {
                RawClient silent = test.mqtt5().connect("silent").subscribe("t/#");
                Thread.ofVirtual().start(() -> readAll(silent));
            }
        };

        abstract void prepare(TestBroker test) throws IOException;

        private static void readAll(RawClient client) {
            try {
                while (!client.next().equals(RawClient.CLOSED)) {
                    // Reads, and acknowledges nothing.
                }
            } catch (IOException ended) {
                // So it is.
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void publisher_is_told_when_there_is_no_room_and_others_go_on(Holder holder) throws IOException {
        holder.prepare(test);
        RawClient publisher = test.mqtt5().connect("p");

        int taken = publishUntilRefused(holder, publisher, "");

        assertThat(taken).isBetween(ROOM / 2, ROOM);
        assertThat(test.broker.counters().heldBytes()).isBetween(MAX_BYTES / 2, MAX_BYTES);
        RawClient honest = test.mqtt5().connect("honest").subscribe("other");
        for (int i = 1; i <= 100; i++) {
            publisher.send(Wire.publish1(Wire.MQTT_5, i, "other", "x".repeat(10_000)));
            assertThat(honest.nextPublish().payload()).hasSize(10_000);
            assertThat(publisher.next()).isEqualTo("4002" + hex(i));
            honest.send(Wire.pubAck(i));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Holder.class,
            names = {"SHARED_GROUP", "PERSISTENT_SESSION", "MANY_PERSISTENT_SESSIONS", "RETAINED"})
    void expired_messages_go_first(Holder holder) throws IOException {
        holder.prepare(test);
        RawClient publisher = test.mqtt5().connect("p");
        publishUntilRefused(holder, publisher, TEN_SECONDS);

        test.clock.advance(Duration.ofSeconds(11));

        assertThat(publish(holder, publisher, 1, "")).isEqualTo("40020001");
        assertThat(test.broker.counters().heldBytes()).isLessThan(3L * PAYLOAD);
    }

    @Test
    void message_that_has_not_expired_survives_those_that_have() throws IOException {
        test.putToSleep("absent", "t");
        RawClient publisher = test.mqtt5().connect("p");
        assertThat(publish(Holder.PERSISTENT_SESSION, publisher, "t", "0200000e10"))
                .isEqualTo("40020001");
        String last = "40020001";
        while (last.equals("40020001")) {
            last = publish(Holder.PERSISTENT_SESSION, publisher, "t", TEN_SECONDS);
        }
        test.clock.advance(Duration.ofSeconds(11));

        assertThat(publish(Holder.PERSISTENT_SESSION, publisher, "t", "")).isEqualTo("40020001");

        RawClient back = test.mqtt3();
        back.send(Wire.connect(Wire.MQTT_3, "absent", 0, 60, ""));
        assertThat(back.next()).isEqualTo("20020100");
        assertThat(back.nextPublish().payload()).hasSize(PAYLOAD);
        assertThat(back.nextPublish().payload()).hasSize(PAYLOAD);
        back.expectNothing();
    }

    @Test
    void message_of_qos_1_for_two_reaches_nobody_when_there_is_no_room_for_one_of_them() throws IOException {
        test.putToSleep("absent", "t/#");
        RawClient publisher = test.mqtt5().connect("p");
        publishUntilRefused(Holder.PERSISTENT_SESSION, publisher, "");
        RawClient present = test.mqtt5().connect("present").subscribe("t/1");

        assertThat(publish(Holder.PERSISTENT_SESSION, publisher, 1, "")).isEqualTo("4003000197");

        present.expectNothing();
    }

    @Test
    void message_of_qos_0_for_a_client_that_does_not_read_is_dropped_and_counted_when_there_is_no_room()
            throws IOException {
        test.putToSleep("absent", "t/#");
        RawClient publisher = test.mqtt5().connect("p");
        publishUntilRefused(Holder.PERSISTENT_SESSION, publisher, "");
        RawClient slow = test.mqtt5().connect("slow").subscribe("slow");
        long before = test.broker.counters().dropped();

        for (int i = 0; i < 200; i++) {
            publisher.send(Wire.publish0(Wire.MQTT_5, "slow", "x".repeat(PAYLOAD)));
        }
        publisher.expectNothing();

        assertThat(test.broker.counters().dropped()).isGreaterThan(before);
        assertThat(test.broker.counters().heldBytes()).isLessThan(MAX_BYTES + 3L * PAYLOAD);
        assertThat(slow.nextPublish().payload()).hasSize(PAYLOAD);
    }

    @Test
    void clients_that_do_not_read_are_disconnected_once_nothing_more_can_be_held() throws IOException {
        long most = 20 * PAYLOAD;
        try (TestBroker small = TestBroker.withLimits(
                limits -> limits.withMemory(limits.memory().withMaxBytes(most)))) {
            for (int i = 0; i < 30; i++) {
                small.narrow(Wire.MQTT_5).connect("slow-" + i).subscribe("slow");
            }
            RawClient honest = small.mqtt5().connect("honest").subscribe("other");
            for (int i = 0; i < 1_000 && small.broker.counters().heldBytes() < most; i++) {
                honest.send(Wire.publish0(Wire.MQTT_5, "slow", "x".repeat(PAYLOAD)));
                honest.expectNothing();
            }
            assertThat(small.broker.counters().heldBytes()).isBetween(most, 2 * most);
            honest.send(Wire.publish1(Wire.MQTT_5, 1, "other", "x"));
            assertThat(honest.next()).isEqualTo("4003000197");

            // A socket that took its last bytes a moment ago has stalled ten seconds later.
            await().pollInterval(Duration.ofSeconds(1)).until(() -> {
                small.clock.advance(Duration.ofSeconds(10));
                return small.broker.counters().heldBytes() < most / 2;
            });
            honest.send(Wire.publish1(Wire.MQTT_5, 1, "other", "x"));
            assertThat(honest.next()).isIn("40020001", "320a00056f7468657200010078");
            assertThat(small.broker.counters().connected()).isBetween(1L, 30L);
        }
    }

    @Test
    void publisher_of_mqtt_3_gets_no_acknowledgement_and_goes_on() throws IOException {
        test.putToSleep("absent", "t/#");
        publishUntilRefused(Holder.PERSISTENT_SESSION, test.mqtt5().connect("p"), "");
        RawClient publisher = test.mqtt3().connect("p3");

        publisher.send(Wire.publish1(Wire.MQTT_3, 7, "t/1", "x".repeat(PAYLOAD)));

        publisher.expectNothing();
        publisher.send(Wire.publish1(Wire.MQTT_3, 8, "other", "x"));
        assertThat(publisher.next()).isEqualTo("40020008");
    }

    @Test
    void session_that_ends_makes_room() throws IOException {
        test.putToSleep("absent", "t/#");
        RawClient publisher = test.mqtt5().connect("p");
        publishUntilRefused(Holder.PERSISTENT_SESSION, publisher, "");

        RawClient fresh = test.mqtt3().connect("absent");

        fresh.expectNothing();
        assertThat(test.broker.counters().heldMessages()).isZero();
        assertThat(test.broker.counters().heldBytes()).isLessThan(PAYLOAD);
    }

    @Test
    void acknowledged_messages_make_room() throws IOException {
        RawClient client = test.mqtt5();
        client.send(Wire.connect(Wire.MQTT_5, "a", 0, 60, AN_HOUR));
        assertThat(client.next()).startsWith("20");
        client.subscribe("t/#");
        RawClient publisher = test.mqtt5().connect("p");

        for (int i = 1; i <= 3 * ROOM; i++) {
            assertThat(publish(Holder.UNACKNOWLEDGED, publisher, i, "")).isEqualTo("40020001");
            client.send(Wire.pubAck(client.nextPublish().packetId()));
        }

        client.expectNothing();
        assertThat(test.broker.counters().heldMessages()).isZero();
    }

    @Test
    void retained_message_is_replaced_by_one_that_is_no_larger_however_full_the_account_is() throws IOException {
        RawClient publisher = test.mqtt5().connect("p");
        publishUntilRefused(Holder.RETAINED, publisher, "");

        assertThat(publish(Holder.RETAINED, publisher, 1, "")).isEqualTo("40020001");

        assertThat(test.broker.counters().heldBytes()).isLessThan(MAX_BYTES);
    }

    @Test
    void number_of_messages_has_a_bound_too() throws IOException {
        try (TestBroker few = TestBroker.withLimits(
                limits -> limits.withMemory(limits.memory().withMaxMessages(80)))) {
            few.putToSleep("absent", "t");
            few.putToSleep("absent-too", "t");
            RawClient publisher = few.mqtt5().connect("p");

            for (int i = 1; i <= 35; i++) {
                publisher.send(Wire.publish1(Wire.MQTT_5, i, "t", "x"));
                assertThat(publisher.next()).isEqualTo("4002" + hex(i));
            }
            publisher.send(Wire.publish1(Wire.MQTT_5, 36, "t", "x"));

            assertThat(publisher.next()).isEqualTo("4003002497");
            assertThat(few.broker.counters().heldMessages()).isEqualTo(70);
        }
    }

    @Test
    void direct_message_beyond_the_bound_is_throttled() throws Exception {
        RawClient slow = test.mqtt5().connect("slow");
        byte[] payload = new byte[PAYLOAD];
        DirectMessage message =
                new DirectMessage(Publication.of("t", payload), Qos.AT_LEAST_ONCE, Duration.ofMinutes(1));

        for (int i = 0; i < 2 * ROOM; i++) {
            var unused = test.broker.connections().send("slow", message);
        }

        assertThat(test.broker
                        .connections()
                        .send("slow", message)
                        .toCompletableFuture()
                        .get())
                .isEqualTo(DirectOutcome.THROTTLED);
        assertThat(slow.nextPublish().payload()).hasSize(PAYLOAD);
    }

    private int publishUntilRefused(Holder holder, RawClient publisher, String properties) throws IOException {
        int taken = 0;
        String answer = publish(holder, publisher, taken, properties);
        while (answer.equals("40020001") && taken <= 2 * ROOM) {
            taken++;
            answer = publish(holder, publisher, taken, properties);
        }
        assertThat(answer).isEqualTo("4003000197");
        await().until(() -> test.broker.counters().heldBytes() <= MAX_BYTES);
        return taken;
    }

    private static String publish(Holder holder, RawClient publisher, int number, String properties)
            throws IOException {
        return publish(holder, publisher, "t/" + number, properties);
    }

    private static String publish(Holder holder, RawClient publisher, String topic, String properties)
            throws IOException {
        byte[] packet = Wire.publish1(Wire.MQTT_5, 1, topic, properties, new byte[PAYLOAD]);
        publisher.send(holder == Holder.RETAINED ? Wire.retained(packet) : packet);
        return publisher.next();
    }

    private static String hex(int packetId) {
        return HexFormat.of().toHexDigits((short) packetId).toLowerCase(Locale.ROOT);
    }
}
