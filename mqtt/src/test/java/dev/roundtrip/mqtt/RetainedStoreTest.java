package dev.roundtrip.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a publisher hears of a retained message, while a disk is slow or full. */
class RetainedStoreTest {
    private static final byte[] LARGEST = new byte[128 * 1024];

    private final HeldStore store = new HeldStore();
    private final TestBroker test = new TestBroker(settings -> settings.withRetained(store));

    @AfterEach
    void close() throws IOException {
        test.close();
    }

    @Test
    void retained_message_is_acknowledged_when_it_is_stored_and_what_follows_it_not_before() throws IOException {
        RawClient client = test.mqtt5().connect("publisher");
        client.send(
                retained(1, "t/1", "stored".getBytes(UTF_8)),
                retained(2, "t/1", "refused".getBytes(UTF_8)),
                Wire.publish1(Wire.MQTT_5, 3, "t/2", "", new byte[] {'x'}));
        await().until(() -> store.waiting() == 2);
        client.expectNothing();

        store.storeNext();
        assertThat(client.next()).isEqualTo("40020001");
        store.refuseNext();
        assertThat(client.next()).isEqualTo("4003000297");
        assertThat(client.next()).isEqualTo("40020003");

        client.send(Wire.subscribe(Wire.MQTT_5, 4, 1, "t/1"));
        assertThat(client.next()).startsWith("90");
        assertThat(client.nextPublish().payload()).isEqualTo("stored");
    }

    @Test
    void publisher_that_is_faster_than_the_disk_is_refused_and_everybody_else_goes_on() throws IOException {
        RawClient client = test.mqtt5().connect("publisher");
        for (int id = 1; id <= 65; id++) {
            client.send(retained(id, "t/" + id, LARGEST));
        }
        await().until(() -> store.waiting() > 60);

        RawClient other = test.mqtt5().connect("other");
        other.send(Wire.publish1(Wire.MQTT_5, 1, "t/1", "", new byte[] {'x'}));
        assertThat(other.next()).isEqualTo("40020001");
        other.send(retained(2, "t/1", LARGEST));
        assertThat(other.next()).isEqualTo("4003000297");

        int taken = store.waiting();
        for (int id = 1; id <= taken; id++) {
            store.storeNext();
            assertThat(client.next()).isEqualTo("4002%04x".formatted(id));
        }
        for (int id = taken + 1; id <= 65; id++) {
            assertThat(client.next()).isEqualTo("4003%04x97".formatted(id));
        }
        other.send(retained(3, "t/1", LARGEST));
        await().until(() -> store.waiting() == 1);
        store.storeNext();
        assertThat(other.next()).isEqualTo("40020003");
        assertThat(store.all()).hasSize(taken);
    }

    private static byte[] retained(int packetId, String topic, byte[] payload) {
        return Wire.retained(Wire.publish1(Wire.MQTT_5, packetId, topic, "", payload));
    }
}
