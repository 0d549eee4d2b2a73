package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a principal may do changes while it is connected. */
class PrincipalChangeTest {
    private final TestBroker test = new TestBroker();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private void change(Permissions permissions) {
        test.permissions = permissions;
        test.principalVersion.incrementAndGet();
    }

    @Test
    void publish_that_is_no_longer_allowed_is_refused_from_the_next_packet_on() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        client.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"));
        assertThat(client.next()).startsWith("40");

        change((action, resource) -> action != Action.PUBLISH);
        client.send(Wire.publish1(Wire.MQTT_5, 2, "t", "x"));

        assertThat(client.next()).startsWith("40").contains("87");
    }

    @Test
    void subscription_that_is_allowed_by_now_is_granted_to_who_is_connected() throws IOException {
        test.permissions = (action, resource) -> action != Action.SUBSCRIBE;
        RawClient client = test.mqtt5().connect("a");
        client.send(Wire.subscribe(Wire.MQTT_5, 1, 1, "t"));
        assertThat(client.next()).isEqualTo("900400010087");

        change((action, resource) -> true);

        client.subscribe("t");
    }

    @Test
    void message_that_may_no_longer_be_received_does_not_arrive() throws IOException {
        RawClient reader = test.mqtt5().connect("reader").subscribe("t");
        RawClient writer = test.mqtt5().connect("writer");

        change((action, resource) -> action != Action.RECEIVE);
        writer.send(Wire.publish1(Wire.MQTT_5, 1, "t", "x"));
        assertThat(writer.next()).startsWith("40");

        reader.expectNothing();
    }

    @Test
    void connection_whose_principal_is_no_longer_active_ends_without_a_packet_of_its_own() throws IOException {
        RawClient mqtt5 = test.mqtt5().connect("a");
        RawClient mqtt3 = test.mqtt3().connect("b");

        test.knowsEverybody = false;
        test.principalVersion.incrementAndGet();

        assertThat(mqtt5.next()).isEqualTo("e00187");
        assertThat(mqtt5.next()).isEqualTo(RawClient.CLOSED);
        assertThat(mqtt3.next()).isEqualTo(RawClient.CLOSED);
    }
}
