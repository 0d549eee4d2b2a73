package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.mqtt.packet.Publication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServicePublisherTest {
    private static final String DELTA = "$aws/things/x/shadow/update/delta";
    private static final Publication CONTENT = Publication.of(DELTA, "{}".getBytes(StandardCharsets.UTF_8));

    private final TestBroker test = new TestBroker();
    private final ServicePublisher publisher = test.broker.servicePublisher();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @Test
    void service_publishes_to_a_reserved_topic_before_and_after_a_restart() throws Exception {
        publisher.publish(CONTENT);
        assertThat(publisher.hasReceivers(DELTA)).isFalse();
        for (int start = 1; start <= 2; start++) {
            RawClient subscriber = test.mqtt5().connect("s").subscribe("$aws/things/x/shadow/#");

            assertThat(publisher.hasReceivers(DELTA)).isTrue();
            publisher.publish(CONTENT);

            assertThat(subscriber.nextPublish()).isEqualTo(new RawClient.Publish(false, 1, false, DELTA, 1, "", "{}"));
            test.broker.restart(Duration.ZERO);
        }
        assertThat(publisher.hasReceivers(DELTA)).isFalse();
    }

    @Test
    void service_is_heard_by_those_alone_who_may_receive() throws Exception {
        test.permissions = (action, resource) -> action != Action.RECEIVE;
        RawClient subscriber = test.mqtt5().connect("s").subscribe(DELTA);

        publisher.publish(CONTENT);

        subscriber.expectNothing();
    }
}
