package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedSubscriptionTest {
    private static final int MESSAGES = 60;
    private final TestBroker test = new TestBroker();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.MQTT_3, Wire.MQTT_5})
    void each_message_goes_to_one_member_and_every_member_gets_some(int version) throws IOException {
        RawClient first = test.raw(version).connect("a").subscribe("$share/g/t/+");
        RawClient second = test.raw(version).connect("b").subscribe("$share/g/t/+");
        RawClient alone = test.raw(version).connect("c").subscribe("t/#");
        RawClient publisher = test.mqtt5().connect("p");

        for (int i = 1; i <= MESSAGES; i++) {
            publisher.send(Wire.publish0(Wire.MQTT_5, "t/1", "m" + i));
        }
        publisher.expectNothing();

        Set<String> ofFirst = drain(first);
        Set<String> ofSecond = drain(second);
        assertThat(ofFirst).isNotEmpty().doesNotContainAnyElementsOf(ofSecond);
        assertThat(ofFirst.size() + ofSecond.size()).isEqualTo(MESSAGES);
        assertThat(ofSecond).isNotEmpty();
        assertThat(drain(alone)).hasSize(MESSAGES);
    }

    @Test
    void messages_wait_for_the_group_while_its_persistent_members_are_away() throws IOException {
        RawClient member = test.mqtt3();
        member.send(Wire.connect(Wire.MQTT_3, "a", 0, 60, ""));
        assertThat(member.next()).isEqualTo("20020000");
        member.subscribe("$share/g/t").close();
        await().until(() -> test.broker.counters().connected() == 0);
        RawClient publisher = test.mqtt5().connect("p");
        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"), Wire.publish0(Wire.MQTT_5, "t", "lost"));
        assertThat(publisher.next()).isEqualTo("40020001");

        RawClient another = test.mqtt5().connect("b").subscribe("$share/g/t");

        assertThat(another.nextPublish().payload()).isEqualTo("x");
        another.expectNothing();
    }

    @Test
    void resumed_member_gets_what_waited() throws IOException {
        RawClient member = test.mqtt3();
        member.send(Wire.connect(Wire.MQTT_3, "a", 0, 60, ""));
        assertThat(member.next()).isEqualTo("20020000");
        member.subscribe("$share/g/t").close();
        await().until(() -> test.broker.counters().connected() == 0);
        RawClient publisher = test.mqtt5().connect("p");
        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"));
        assertThat(publisher.next()).isEqualTo("40020001");

        RawClient back = test.mqtt3();
        back.send(Wire.connect(Wire.MQTT_3, "a", 0, 60, ""));

        assertThat(back.next()).isEqualTo("20020100");
        assertThat(back.nextPublish().payload()).isEqualTo("x");
    }

    @Test
    void group_ends_with_its_last_member() throws IOException {
        RawClient member = test.mqtt5().connect("a").subscribe("$share/g/t");
        member.send(Wire.unsubscribe(Wire.MQTT_5, 2, "$share/g/t"), Wire.publish0(Wire.MQTT_5, "t", "x"));

        assertThat(member.next()).isEqualTo("b00400020000");
        member.expectNothing();
    }

    @Test
    void message_that_a_new_member_may_not_have_waits_for_the_next() throws IOException {
        RawClient member = persistent("a");
        member.subscribe("$share/g/t").close();
        await().until(() -> test.broker.counters().connected() == 0);
        RawClient publisher = test.mqtt5().connect("p");
        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"));
        assertThat(publisher.next()).isEqualTo("40020001");

        test.permissions = (action, resource) -> action != Action.RECEIVE;
        RawClient deaf = test.mqtt5().connect("b").subscribe("$share/g/t");
        deaf.expectNothing();
        test.permissions = (action, resource) -> true;
        RawClient next = test.mqtt5().connect("c").subscribe("$share/g/t");

        assertThat(next.nextPublish().payload()).isEqualTo("x");
        next.expectNothing();
    }

    @Test
    void message_that_no_member_may_have_stands_in_the_way_of_none_behind_it() throws IOException {
        persistent("a").subscribe("$share/g/x/#").close();
        await().until(() -> test.broker.counters().connected() == 0);
        RawClient publisher = test.mqtt5().connect("p");
        int packetId = 1;
        for (String topic : List.of("x/secret", "x/1", "x/secret", "x/2")) {
            publisher.send(Wire.publish1(Wire.MQTT_5, packetId++, topic, topic));
            assertThat(publisher.next()).startsWith("4002");
        }

        test.permissions = (action, resource) -> action != Action.RECEIVE || !resource.equals("x/secret");
        RawClient member = persistent("a");

        assertThat(member.nextPublish().payload()).isEqualTo("x/1");
        assertThat(member.nextPublish().payload()).isEqualTo("x/2");
        member.expectNothing();
    }

    @Test
    void member_that_comes_and_goes_while_messages_flow_misses_none() throws Exception {
        RawClient member = persistent("a").subscribe("$share/g/t");
        CompletableFuture<Void> flow = CompletableFuture.runAsync(this::publishAll);
        Set<String> received = new HashSet<>();

        while (received.size() < MESSAGES) {
            takeOne(member, received);
            member.close();
            member = persistent("a");
        }

        flow.get();
        assertThat(test.broker.counters().dropped()).isZero();
    }

    @Test
    void message_for_which_no_member_has_room_waits_until_one_has() throws IOException {
        try (TestBroker small = TestBroker.withLimits(
                limits -> limits.withSessions(limits.sessions().withMaxQueuedMessages(2)))) {
            RawClient member = small.mqtt5();
            member.send(Wire.connect(Wire.MQTT_5, "a", 0, 60, "1100000e10 210001"));
            assertThat(member.next()).startsWith("20");
            member.subscribe("$share/g/t");
            RawClient publisher = small.mqtt5().connect("p");
            for (int i = 1; i <= 5; i++) {
                publisher.send(Wire.publish1(Wire.MQTT_5, i, "t", "m" + i));
                assertThat(publisher.next()).startsWith("4002");
            }

            for (int i = 1; i <= 5; i++) {
                RawClient.Publish message = member.nextPublish();
                assertThat(message.payload()).isEqualTo("m" + i);
                member.send(Wire.pubAck(message.packetId()));
            }
            assertThat(small.broker.counters().dropped()).isZero();
        }
    }

    @Test
    void what_a_member_left_unacknowledged_goes_to_another_when_its_session_ends() throws IOException {
        RawClient first = test.mqtt5().connect("a").subscribe("$share/g/t");
        publish("t", "m1", "m2", "m3");
        assertThat(first.nextPublish().payload()).isEqualTo("m1");
        assertThat(first.nextPublish().payload()).isEqualTo("m2");
        RawClient.Publish acknowledged = first.nextPublish();
        first.send(Wire.pubAck(acknowledged.packetId()));
        first.expectNothing();
        RawClient second = test.mqtt5().connect("b").subscribe("$share/g/t");

        first.close();

        assertThat(second.nextPublish()).isEqualTo(new RawClient.Publish(false, 1, false, "t", 1, "", "m1"));
        assertThat(second.nextPublish()).isEqualTo(new RawClient.Publish(false, 1, false, "t", 2, "", "m2"));
        second.expectNothing();
    }

    @Test
    void what_a_member_left_unacknowledged_waits_for_the_group_when_only_absent_members_are_left() throws IOException {
        test.putToSleep("absent", "$share/g/t");
        RawClient member = test.mqtt5().connect("a").subscribe("$share/g/t");
        publish("t", "m1");
        assertThat(member.nextPublish().payload()).isEqualTo("m1");

        member.close();
        await().until(() -> test.broker.counters().sessions() == 2);

        RawClient back = persistent("absent");
        assertThat(back.nextPublish().payload()).isEqualTo("m1");
    }

    @Test
    void what_waits_for_a_persistent_member_goes_to_another_when_its_session_expires() throws IOException {
        RawClient member = test.mqtt5();
        member.send(Wire.connect(Wire.MQTT_5, "a", 0, 60, "110000001e"));
        assertThat(member.next()).startsWith("20");
        member.subscribe("$share/g/t");
        publish("t", "m1");
        assertThat(member.nextPublish().payload()).isEqualTo("m1");
        member.close();
        await().until(() -> test.broker.counters().connected() == 1);
        RawClient other = test.mqtt5().connect("b").subscribe("$share/g/t");
        other.expectNothing();

        test.clock.advance(Duration.ofSeconds(30));

        assertThat(other.nextPublish().payload()).isEqualTo("m1");
    }

    @Test
    void what_a_member_had_not_been_sent_goes_to_another_in_order_when_it_starts_afresh() throws IOException {
        RawClient narrow = test.mqtt5();
        narrow.send(Wire.connect(Wire.MQTT_5, "a", 0, 60, "1100000e10" + "210001"));
        assertThat(narrow.next()).startsWith("20");
        narrow.subscribe("$share/g/t");
        publish("t", "m1", "m2", "m3");
        assertThat(narrow.nextPublish().payload()).isEqualTo("m1");
        RawClient other = test.mqtt5().connect("b").subscribe("$share/g/t");

        test.mqtt5().connect("a").expectNothing();

        assertThat(other.nextPublish().payload()).isEqualTo("m1");
        assertThat(other.nextPublish().payload()).isEqualTo("m2");
        assertThat(other.nextPublish().payload()).isEqualTo("m3");
        other.expectNothing();
    }

    @Test
    void what_a_member_left_unacknowledged_is_gone_with_the_group() throws IOException {
        RawClient member = test.mqtt5().connect("a").subscribe("$share/g/t");
        publish("t", "m1");
        assertThat(member.nextPublish().payload()).isEqualTo("m1");

        member.close();

        await().until(() -> test.broker.counters().sessions() == 1);
        test.mqtt5().connect("b").subscribe("$share/g/t").expectNothing();
        assertThat(test.broker.counters().heldMessages()).isZero();
    }

    private void publish(String topic, String... payloads) throws IOException {
        RawClient publisher = test.mqtt5().connect("p");
        for (String payload : payloads) {
            publisher.send(Wire.publish1(Wire.MQTT_5, 1, topic, payload));
            assertThat(publisher.next()).isEqualTo("40020001");
        }
    }

    private void publishAll() {
        try {
            RawClient publisher = test.mqtt5().connect("p");
            for (int i = 1; i <= MESSAGES; i++) {
                publisher.send(Wire.publish1(Wire.MQTT_5, i, "t", "m" + i));
                assertThat(publisher.next()).startsWith("4002");
            }
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    private static void takeOne(RawClient member, Set<String> received) throws IOException {
        RawClient.Publish message = member.nextPublish();
        received.add(message.payload());
        member.send(Wire.pubAck(message.packetId()));
    }

    private RawClient persistent(String clientId) throws IOException {
        RawClient client = test.mqtt3();
        client.send(Wire.connect(Wire.MQTT_3, clientId, 0, 60, ""));
        assertThat(client.next()).startsWith("2002").endsWith("00");
        return client;
    }

    @Test
    void there_are_100_groups_and_no_more() throws IOException {
        for (int i = 0; i < 2; i++) {
            RawClient client = test.mqtt5().connect("c" + i);
            for (int j = 0; j < 50; j++) {
                client.subscribe("$share/g" + (50 * i + j) + "/t");
            }
        }
        RawClient late = test.mqtt5().connect("late");

        late.send(Wire.subscribe(Wire.MQTT_5, 1, 1, "$share/one-more/t"));

        assertThat(late.next()).isEqualTo("900400010097");
        late.subscribe("$share/g0/t");
    }

    @Test
    void a_group_has_100_members_and_no_more() throws IOException {
        for (int i = 0; i < 100; i++) {
            test.mqtt5().connect("m" + i).subscribe("$share/g/t");
        }
        RawClient late = test.mqtt5().connect("late");

        late.send(Wire.subscribe(Wire.MQTT_5, 1, 1, "$share/g/t"));

        assertThat(late.next()).isEqualTo("900400010097");
        late.subscribe("$share/h/t");
    }

    private static Set<String> drain(RawClient client) throws IOException {
        Set<String> payloads = new HashSet<>();
        client.send(Wire.ping());
        for (String packet = client.next(); !packet.equals("d000"); packet = client.next()) {
            assertThat(payloads.add(packet)).isTrue();
        }
        return payloads;
    }
}
