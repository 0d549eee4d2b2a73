package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.mqtt.packet.Publication;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultInjectorTest {
    private final LinkedBlockingQueue<InFlightMessage> passages = new LinkedBlockingQueue<>();
    private TestBroker test = TestBroker.interferedWith(passages::add);

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private InFlightMessage next() throws InterruptedException {
        InFlightMessage inFlight = passages.poll(10, TimeUnit.SECONDS);
        if (inFlight == null) {
            throw new AssertionError("no message came by");
        }
        return inFlight;
    }

    @Test
    void message_is_acknowledged_at_once_and_arrives_when_and_as_often_as_interference_likes() throws Exception {
        RawClient subscriber = test.mqtt5().connect("s").subscribe("t");
        RawClient publisher = test.mqtt5().connect("p");

        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "first"), Wire.publish1(Wire.MQTT_5, 2, "t", "second"));
        assertThat(publisher.next()).isEqualTo("40020001");
        assertThat(publisher.next()).isEqualTo("40020002");
        InFlightMessage first = next();
        InFlightMessage second = next();
        second.deliver();
        first.deliver();
        first.deliver();

        assertThat(subscriber.nextPublish().payload()).isEqualTo("second");
        assertThat(subscriber.nextPublish().payload()).isEqualTo("first");
        assertThat(subscriber.nextPublish().payload()).isEqualTo("first");
        assertThat(first.publisher()).isEqualTo("p");
        assertThat(first.subscriber()).isEqualTo("s");
        assertThat(first.topic()).isEqualTo("t");
        assertThat(first.untilExpiry()).isNull();
    }

    @Test
    void expired_message_arrives_only_where_expiry_is_passed_over() throws Exception {
        RawClient subscriber = test.mqtt5().connect("s").subscribe("t");
        RawClient publisher = test.mqtt5().connect("p");
        String expiresInTwoSeconds = "0200000002";

        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", expiresInTwoSeconds, Wire.hex("78")));
        InFlightMessage inFlight = next();
        assertThat(inFlight.untilExpiry()).isEqualTo(Duration.ofSeconds(2));
        test.clock.advance(Duration.ofSeconds(3));
        assertThat(inFlight.untilExpiry()).isEqualTo(Duration.ofSeconds(-1));
        inFlight.deliver();
        inFlight.deliverThoughExpired();
        publisher.send(Wire.publish1(Wire.MQTT_5, 2, "t", "end"));
        next().deliver();

        assertThat(subscriber.nextPublish().payload()).isEqualTo("x");
        assertThat(subscriber.nextPublish().payload()).isEqualTo("end");
    }

    @Test
    void one_injector_meets_all_copies_of_a_message_and_another_one_the_next() throws Exception {
        RawClient one = test.mqtt5().connect("one").subscribe("t");
        RawClient other = test.mqtt5().connect("other").subscribe("t");
        RawClient publisher = test.mqtt5().connect("p");
        LinkedBlockingQueue<InFlightMessage> laterPassages = new LinkedBlockingQueue<>();
        test.broker.inject(inFlight -> {
            test.broker.inject(laterPassages::add);
            passages.add(inFlight);
        });

        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "first"));
        next().deliver();
        next().deliver();
        publisher.send(Wire.publish1(Wire.MQTT_5, 2, "t", "second"));

        assertThat(one.nextPublish().payload()).isEqualTo("first");
        assertThat(other.nextPublish().payload()).isEqualTo("first");
        assertThat(laterPassages.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(laterPassages.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(passages).isEmpty();
    }

    @Test
    void injector_stays_over_a_restart_and_no_injector_lets_messages_pass() throws Exception {
        test.broker.restart(Duration.ZERO);
        RawClient subscriber = test.mqtt5().connect("s").subscribe("t");
        RawClient publisher = test.mqtt5().connect("p");

        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "met"));
        assertThat(next().topic()).isEqualTo("t");
        test.broker.inject(FaultInjector.NONE);
        publisher.send(Wire.publish1(Wire.MQTT_5, 2, "t", "passed"));

        assertThat(subscriber.nextPublish().payload()).isEqualTo("passed");
        assertThat(passages).isEmpty();
    }

    @Test
    void cut_client_is_told_nothing_and_may_come_back() throws Exception {
        RawClient client = test.mqtt5().connect("c");

        assertThat(test.broker.connections().cut("c")).isTrue();

        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        assertThat(test.broker.connections().cut("c")).isFalse();
        test.mqtt5().connect("c");
        assertThat(test.broker.counters().connected()).isEqualTo(1);
    }

    @Test
    void restarted_broker_listens_on_the_same_ports_and_remembers_nothing() throws Exception {
        int devicePort = test.broker.devicePort();
        int gatewayPort = test.broker.gatewayPort();
        RawClient client = test.mqtt5().connect("c").subscribe("t");

        test.broker.restart(Duration.ofMillis(50));

        assertThat(client.next()).as("server shutting down").isEqualTo("e0018b");
        assertThat(test.broker.devicePort()).isEqualTo(devicePort);
        assertThat(test.broker.gatewayPort()).isEqualTo(gatewayPort);
        assertThat(test.broker.counters().subscriptions()).isZero();
        test.mqtt5().connect("c");
        assertThat(test.broker.connections().subscriptions("c")).isEmpty();
    }

    @Test
    void closed_broker_does_not_start_again() throws Exception {
        test.broker.close();

        test.broker.restart(Duration.ZERO);

        assertThat(test.broker.counters().connected()).isZero();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("broker") && thread.isAlive());
    }

    @Test
    void requests_answers_and_messages_of_services_meet_the_injector() throws Exception {
        String topic = "$aws/things/pump/echo/say";
        EchoService echo = new EchoService();
        test.close();
        test = TestBroker.serving(UnaryOperator.identity(), echo);
        test.broker.inject(passages::add);
        RawClient subscriber = test.mqtt5().connect("s").subscribe("$aws/told");
        RawClient client = test.mqtt5().connect("c");

        client.send(Wire.publish1(Wire.MQTT_5, 1, topic, "x"));
        assertThat(client.next()).isEqualTo("40020001");
        InFlightMessage request = next();
        assertThat(echo.taken).isEmpty();
        request.deliver();
        InFlightMessage answer = next();
        answer.deliver();
        answer.deliver();
        test.broker.servicePublisher().publish(Publication.of("$aws/told", new byte[] {'y'}));
        InFlightMessage told = next();
        told.deliver();

        assertThat(request.publisher() + " to " + request.subscriber()).isEqualTo("c to null");
        assertThat(answer.publisher() + " to " + answer.subscriber()).isEqualTo("null to c");
        assertThat(told.publisher() + " to " + told.subscriber()).isEqualTo("null to s");
        assertThat(client.nextPublish().topic()).isEqualTo(topic + "/accepted");
        assertThat(client.nextPublish().topic()).isEqualTo(topic + "/accepted");
        assertThat(subscriber.nextPublish().payload()).isEqualTo("y");
    }
}
