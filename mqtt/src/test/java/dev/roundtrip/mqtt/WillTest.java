package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WillTest {
    private static final int CLEAN_WITH_WILL_OF_QOS_1 = 0x0E;
    private final TestBroker test = new TestBroker();
    private RawClient witness;

    @BeforeEach
    void listen() throws IOException {
        witness = test.mqtt3().connect("witness").subscribe("will/+");
    }

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @Test
    void will_is_not_sent_after_a_disconnect() throws IOException {
        RawClient mqtt5 = withWill(Wire.MQTT_5, "a");
        RawClient mqtt3 = withWill(Wire.MQTT_3, "b");

        mqtt5.send(Wire.disconnect());
        mqtt3.send(Wire.disconnect());

        assertThat(mqtt5.next()).isEqualTo(RawClient.CLOSED);
        assertThat(mqtt3.next()).isEqualTo(RawClient.CLOSED);
        witness.expectNothing();
    }

    @Test
    void will_is_sent_when_the_client_asks_for_it() throws IOException {
        withWill(Wire.MQTT_5, "a").send(Wire.hex("e00104"));

        assertThat(witness.nextPublish().topic()).isEqualTo("will/a");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99})
    void will_is_sent_when_the_client_says_that_something_failed(int reason) throws IOException {
        RawClient client = withWill(Wire.MQTT_5, "a");

        client.send(Wire.packet(0xE0, new byte[] {(byte) reason}));

        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        assertThat(witness.nextPublish().topic()).isEqualTo("will/a");
    }

    @Test
    void disconnect_with_a_reason_that_no_client_has_is_answered_and_the_will_is_sent() throws IOException {
        RawClient client = withWill(Wire.MQTT_5, "a");

        client.send(Wire.hex("e00105"));

        assertThat(client.next()).isEqualTo("e00181");
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        assertThat(witness.nextPublish().topic()).isEqualTo("will/a");
    }

    @Test
    void will_is_sent_when_the_connection_breaks() throws IOException {
        withWill(Wire.MQTT_5, "a").close();
        assertThat(witness.nextPublish()).isEqualTo(new RawClient.Publish(false, 1, false, "will/a", 1, "", "gone"));

        withWill(Wire.MQTT_3, "b").close();
        assertThat(witness.nextPublish().topic()).isEqualTo("will/b");
    }

    @Test
    void will_is_sent_when_the_client_breaks_the_protocol() throws IOException {
        withWill(Wire.MQTT_5, "a").send(Wire.hex("f000"));

        assertThat(witness.nextPublish().topic()).isEqualTo("will/a");
    }

    @Test
    void will_is_sent_when_another_takes_over() throws IOException {
        withWill(Wire.MQTT_5, "a");
        test.mqtt5().connect("a");

        assertThat(witness.nextPublish().topic()).isEqualTo("will/a");
    }

    @Test
    void will_is_sent_when_keep_alive_runs_out() throws IOException {
        withWill(Wire.MQTT_5, "a");
        test.clock.advance(Duration.ofSeconds(60));
        witness.expectNothing();

        test.clock.advance(Duration.ofSeconds(30));

        assertThat(witness.nextPublish().topic()).isEqualTo("will/a");
    }

    @Test
    void will_is_sent_when_somebody_disconnects_the_client() throws IOException {
        withWill(Wire.MQTT_5, "a");

        test.broker.connections().disconnect("a", DisconnectReason.API_INITIATED_DISCONNECT);

        assertThat(witness.nextPublish().topic()).isEqualTo("will/a");
    }

    @Test
    void retained_will_is_kept() throws IOException {
        RawClient client = test.mqtt5();
        client.send(Wire.connect(Wire.MQTT_5, "a", 0x26, 60, "", Wire.will(Wire.MQTT_5, "will/a", "gone")));
        assertThat(client.next()).startsWith("20");
        client.close();
        assertThat(witness.nextPublish().retain()).isFalse();

        witness.send(Wire.subscribe(Wire.MQTT_3, 2, 1, "will/a"));

        assertThat(witness.next()).isEqualTo("9003000201");
        assertThat(witness.nextPublish()).isEqualTo(new RawClient.Publish(false, 0, true, "will/a", 0, "", "gone"));
    }

    private RawClient withWill(int version, String clientId) throws IOException {
        RawClient client = test.raw(version);
        client.send(Wire.connect(
                version, clientId, CLEAN_WITH_WILL_OF_QOS_1, 60, "", Wire.will(version, "will/" + clientId, "gone")));
        assertThat(client.next()).startsWith("20");
        return client;
    }
}
