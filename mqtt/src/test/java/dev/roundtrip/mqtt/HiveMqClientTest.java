package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that others wrote agrees with what the tests with bytes say. */
class HiveMqClientTest {
    private final TestBroker test = new TestBroker();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @Test
    void mqtt_5_client_connects_subscribes_publishes_and_receives() throws Exception {
        Mqtt5BlockingClient client = test.hiveMq("a").useMqttVersion5().buildBlocking();

        Mqtt5ConnAck connAck =
                client.connectWith().keepAlive(45).sessionExpiryInterval(7200).send();

        assertThat(connAck.getServerKeepAlive()).hasValue(45);
        assertThat(connAck.getSessionExpiryInterval()).hasValue(3600);
        assertThat(connAck.getRestrictions().getReceiveMaximum()).isEqualTo(100);
        assertThat(connAck.getRestrictions().getMaximumQos()).isEqualTo(MqttQos.AT_LEAST_ONCE);
        assertThat(connAck.getRestrictions().getTopicAliasMaximum()).isEqualTo(8);
        assertThat(connAck.getRestrictions().areSubscriptionIdentifiersAvailable())
                .isFalse();
        try (Mqtt5BlockingClient.Mqtt5Publishes publishes = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.subscribeWith().topicFilter("t/+").qos(MqttQos.AT_LEAST_ONCE).send();
            client.publishWith()
                    .topic("t/1")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload("hello".getBytes(StandardCharsets.UTF_8))
                    .contentType("text/plain")
                    .responseTopic("answers")
                    .correlationData(new byte[] {1, 2})
                    .messageExpiryInterval(60)
                    .userProperties()
                    .add("k", "v")
                    .applyUserProperties()
                    .send();

            Mqtt5Publish received = publishes.receive(10, TimeUnit.SECONDS).orElseThrow();

            assertThat(received.getPayloadAsBytes()).asString().isEqualTo("hello");
            assertThat(received.getContentType()).hasToString("Optional[text/plain]");
            assertThat(received.getResponseTopic()).hasToString("Optional[answers]");
            assertThat(received.getCorrelationData().orElseThrow().remaining()).isEqualTo(2);
            assertThat(received.getMessageExpiryInterval()).hasValue(60);
            assertThat(received.getUserProperties().asList()).hasSize(1);
        }
        client.disconnect();
    }

    @Test
    void mqtt_3_client_resumes_its_session() throws Exception {
        Mqtt3BlockingClient client = test.hiveMq("a").useMqttVersion3().buildBlocking();
        client.connectWith().cleanSession(false).send();
        client.subscribeWith().topicFilter("t").qos(MqttQos.AT_LEAST_ONCE).send();
        client.disconnect();
        Mqtt5BlockingClient publisher = test.hiveMq("p").useMqttVersion5().buildBlocking();
        publisher.connect();
        for (int i = 0; i < 300; i++) {
            publisher
                    .publishWith()
                    .topic("t")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(new byte[] {(byte) i})
                    .send();
        }

        try (Mqtt3BlockingClient.Mqtt3Publishes publishes = client.publishes(MqttGlobalPublishFilter.ALL)) {
            assertThat(client.connectWith().cleanSession(false).send().isSessionPresent())
                    .isTrue();
            for (int i = 0; i < 300; i++) {
                Mqtt3Publish received = publishes.receive(10, TimeUnit.SECONDS).orElseThrow();
                assertThat(received.getPayloadAsBytes()).containsExactly(i);
            }
        }
        client.disconnect();
        publisher.disconnect();
    }

    @Test
    void many_messages_in_both_directions_all_arrive() throws Exception {
        Mqtt5BlockingClient echo = test.hiveMq("echo").useMqttVersion5().buildBlocking();
        echo.connect();
        echo.toAsync()
                .subscribeWith()
                .topicFilter("request/#")
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(request -> echo.toAsync()
                        .publishWith()
                        .topic(request.getTopic().toString().replace("request", "answer"))
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send())
                .send()
                .get(10, TimeUnit.SECONDS);
        Mqtt5BlockingClient asker = test.hiveMq("asker").useMqttVersion5().buildBlocking();
        asker.connect();
        try (Mqtt5BlockingClient.Mqtt5Publishes answers = asker.publishes(MqttGlobalPublishFilter.ALL)) {
            asker.subscribeWith()
                    .topicFilter("answer/#")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
            for (int i = 0; i < 2_000; i++) {
                asker.toAsync()
                        .publishWith()
                        .topic("request/" + i)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send();
            }
            for (int i = 0; i < 2_000; i++) {
                assertThat(answers.receive(10, TimeUnit.SECONDS).orElseThrow().getTopic())
                        .hasToString("answer/" + i);
            }
        }
        assertThat(test.broker.counters().dropped()).isZero();
        asker.disconnect();
        echo.disconnect();
    }
}
