package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.mqtt.packet.Properties;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageListenerTest {
    private static final Publication CONTENT = Publication.of("t", "x".getBytes(StandardCharsets.UTF_8));

    private final RecordedMessages told = new RecordedMessages();
    private @Nullable TestBroker open;

    @AfterEach
    void stop() throws IOException {
        if (open != null) {
            open.close();
        }
    }

    private TestBroker broker() {
        return broker(BrokerLimits.local());
    }

    private TestBroker broker(BrokerLimits limits) {
        TestBroker started =
                new TestBroker(settings -> settings.withMessages(told).withLimits(limits));
        open = started;
        return started;
    }

    private void expect(String... lines) {
        await().untilAsserted(() -> assertThat(told.lines).containsExactly(lines));
    }

    @Test
    void message_is_told_of_from_its_publisher_to_the_subscribers_acknowledgement() throws Exception {
        TestBroker test = broker();
        RawClient subscriber = test.mqtt5().connect("s").subscribe("t/+");
        RawClient publisher = test.mqtt5().connect("p");

        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t/1", "x"));
        assertThat(publisher.next()).isEqualTo("40020001");
        subscriber.send(Wire.pubAck(subscriber.nextPublish().packetId()));

        expect("published p t/1 1 SUCCESS", "matched s t/+ t/1", "sent s t/1 1", "acknowledged s t/1 0");
    }

    @Test
    void refusal_of_the_subscriber_is_told_with_its_reason() throws Exception {
        TestBroker test = broker();
        RawClient subscriber = test.mqtt5().connect("s").subscribe("t");
        RawClient publisher = test.mqtt5().connect("p");

        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"));
        subscriber.nextPublish();
        subscriber.send(Wire.hex("40030001" + "83"));

        expect("published p t 1 SUCCESS", "matched s t t", "sent s t 1", "acknowledged s t 131");
    }

    @Test
    void message_that_nobody_hears_is_told_with_what_the_publisher_is_told() throws Exception {
        TestBroker test =
                new TestBroker(settings -> settings.withMessages(told).withUnheard(BrokerSettings.Unheard.TOLD));
        open = test;
        RawClient publisher = test.mqtt5().connect("p");

        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"));

        assertThat(publisher.next()).isEqualTo("4003000110");
        expect("published p t 1 NO_MATCHING_SUBSCRIBERS", "unmatched t");
    }

    @Test
    void message_of_a_service_has_no_publisher() throws Exception {
        TestBroker test = broker();
        RawClient subscriber = test.mqtt5().connect("s").subscribe("#");

        test.broker
                .messages()
                .publish(new Messages.Outgoing(
                        CONTENT, Qos.AT_MOST_ONCE, Messages.Retention.NONE, OptionalLong.empty()));

        assertThat(subscriber.nextPublish().payload()).isEqualTo("x");
        expect("published null t 0 SUCCESS", "matched s # t", "sent s t 0");
    }

    @Test
    void direct_message_needs_no_subscription() throws Exception {
        TestBroker test = broker();
        RawClient client = test.mqtt5().connect("c");
        DirectMessage message = new DirectMessage(CONTENT, Qos.AT_LEAST_ONCE, Duration.ofMinutes(1));

        var unused = test.broker.connections().send("c", message);
        client.send(Wire.pubAck(client.nextPublish().packetId()));
        expect("published null t 1 SUCCESS", "sent c t 1", "acknowledged c t 0");
        told.lines.clear();
        unused = test.broker.connections().send("nobody", message);

        expect("published null t 1 SUCCESS", "dropped nobody t away");
    }

    @Test
    void message_that_policies_refuse_is_told_to_the_log_alone() throws Exception {
        TestBroker test = broker();
        RawClient publisher = test.mqtt5().connect("p");
        test.permissions = (action, resource) -> action != Action.PUBLISH;
        test.principalVersion.incrementAndGet();

        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"));

        assertThat(publisher.next()).isEqualTo("4003000187");
        assertThat(told.lines).isEmpty();
    }

    @Test
    void subscriber_that_may_not_receive_is_told_of() throws Exception {
        TestBroker test = broker();
        test.permissions = (action, resource) -> action != Action.RECEIVE;
        test.mqtt5().connect("s").subscribe("t");
        RawClient publisher = test.mqtt5().connect("p");

        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"));

        assertThat(publisher.next()).isEqualTo("40020001");
        expect("published p t 1 SUCCESS", "matched s t t", "dropped s t not_allowed");
    }

    @Test
    void message_that_expires_while_its_subscriber_is_away_is_told_of() throws Exception {
        TestBroker test = broker();
        test.putToSleep("s", "t");
        RawClient publisher = test.mqtt5().connect("p");
        String expiresInTwoSeconds = "0200000002";
        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", expiresInTwoSeconds, Wire.hex("78")));
        publisher.send(Wire.publish0(Wire.MQTT_5, "t", "not kept"));
        assertThat(publisher.next()).isEqualTo("40020001");
        publisher.expectNothing();

        test.clock.advance(Duration.ofSeconds(3));
        RawClient back = test.mqtt3();
        back.send(Wire.connect(Wire.MQTT_3, "s", 0, 60, ""));
        assertThat(back.next()).isEqualTo("20020100");

        expect(
                "published p t 1 SUCCESS",
                "matched s t t",
                "published p t 0 SUCCESS",
                "matched s t t",
                "dropped s t away",
                "dropped s t expired");
    }

    @Test
    void messages_end_with_their_session() throws Exception {
        TestBroker test = broker();
        test.putToSleep("s", "t");
        RawClient publisher = test.mqtt5().connect("p");
        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"));
        assertThat(publisher.next()).isEqualTo("40020001");

        test.mqtt5().connect("s");

        expect("published p t 1 SUCCESS", "matched s t t", "dropped s t session_ended");
    }

    @Test
    void message_for_which_there_is_no_room_is_told_of() throws Exception {
        BrokerLimits limits = BrokerLimits.local();
        TestBroker test = broker(limits.withSessions(limits.sessions().withMaxQueuedMessages(1)));
        test.putToSleep("s", "t");
        RawClient publisher = test.mqtt5().connect("p");

        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"), Wire.publish1(Wire.MQTT_5, 2, "t", "y"));
        assertThat(publisher.next()).isEqualTo("40020001");
        assertThat(publisher.next()).isEqualTo("40020002");

        expect(
                "published p t 1 SUCCESS",
                "matched s t t",
                "published p t 1 SUCCESS",
                "matched s t t",
                "dropped s t no_room");
    }

    @Test
    void publishes_above_the_quota_are_told_of() throws Exception {
        TestBroker test = broker(BrokerLimits.iotCore());
        RawClient publisher = test.mqtt5().connect("p");
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            publisher.send(Wire.publish1(Wire.MQTT_5, i, "t", ""));
            assertThat(publisher.next()).isEqualTo(String.format("4002%04x", i));
            expected.addAll(List.of("published p t 1 SUCCESS", "unmatched t"));
        }

        publisher.send(Wire.publish1(Wire.MQTT_5, 101, "t", ""));

        assertThat(publisher.next()).isEqualTo("4003006597");
        expected.addAll(List.of("published p t 1 QUOTA_EXCEEDED", "dropped null t quota"));
        assertThat(told.lines).isEqualTo(expected);
    }

    @Test
    void message_of_a_shared_subscription_is_told_with_the_member_that_gets_it() throws Exception {
        TestBroker test = broker();
        test.putToSleep("s", "$share/g/t");
        RawClient publisher = test.mqtt5().connect("p");
        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"), Wire.publish0(Wire.MQTT_5, "t", "lost"));
        assertThat(publisher.next()).isEqualTo("40020001");
        publisher.expectNothing();

        RawClient member = test.mqtt5().connect("m").subscribe("$share/g/t");
        assertThat(member.nextPublish().payload()).isEqualTo("x");

        expect(
                "published p t 1 SUCCESS",
                "published p t 0 SUCCESS",
                "dropped null t no_member",
                "matched m $share/g/t t",
                "sent m t 1");
    }

    @Test
    void will_and_retained_message_are_messages_too() throws Exception {
        TestBroker test = broker();
        RawClient dying = test.mqtt5();
        dying.send(Wire.connect(Wire.MQTT_5, "d", 0x06, 60, "", Wire.will(Wire.MQTT_5, "w", "gone")));
        assertThat(dying.next()).startsWith("20");
        RawClient publisher = test.mqtt5().connect("p");
        publisher.send(Wire.retained(Wire.publish1(Wire.MQTT_5, 1, "t", "x")));
        assertThat(publisher.next()).isEqualTo("40020001");

        RawClient subscriber = test.mqtt5().connect("s");
        subscriber.send(Wire.subscribe(Wire.MQTT_5, 1, 1, "t"));
        assertThat(subscriber.next()).startsWith("90");
        assertThat(subscriber.nextPublish().payload()).isEqualTo("x");
        dying.close();

        expect(
                "published p t 1 SUCCESS",
                "unmatched t",
                "matched s t t",
                "sent s t 1",
                "published d w 0 SUCCESS",
                "unmatched w");
    }

    @Test
    void properties_that_pass_through_are_text_of_a_bounded_length() throws Exception {
        List<Publication> contents = new ArrayList<>();
        TestBroker test = new TestBroker(settings -> settings.withMessages(new RecordedMessages() {
            @Override
            public void unmatched(Publication content) {
                contents.add(content);
            }
        }));
        open = test;
        RawClient publisher = test.mqtt5().connect("p");
        String properties = "0101" + "03000162" + "0800017a" + "09000201ff" + "2600016100013d" + "0200000009";

        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", properties, new byte[0]));
        assertThat(publisher.next()).isEqualTo("40020001");

        String text = "payloadFormatIndicator=1, contentType=b, responseTopic=z, correlationData=2 bytes, user.a==";
        Publication content = contents.getFirst();
        assertThat(content.describeProperties(1_000)).isEqualTo(text);
        assertThat(content.describeProperties(10)).isEqualTo(text.substring(0, 10));
        assertThat(Publication.of("t", Properties.NONE, new byte[0]).describeProperties(10))
                .isNull();
    }
}
