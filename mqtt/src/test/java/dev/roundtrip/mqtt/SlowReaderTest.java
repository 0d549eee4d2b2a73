package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do not read for a while, because they write or because they are slow. */
class SlowReaderTest {
    private static final int CALLS = 100;
    private static final String LARGE = "x".repeat(120 * 1024);

    private final TestBroker test = new TestBroker();
    private final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() throws IOException {
        test.close();
        others.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.MQTT_3, Wire.MQTT_5})
    void device_of_one_thread_that_blocks_in_its_own_writes_answers_every_call(int version) throws Exception {
        RawClient caller = test.mqtt5().connect("caller").subscribe("answers");
        RawClient device = test.narrow(version).connect("device").subscribe("commands");
        RawClient asking = test.mqtt5().connect("asking");

        Future<Integer> answered = others.submit(() -> answerAll(device, version));
        for (int i = 1; i <= CALLS; i++) {
            asking.send(Wire.publish1(Wire.MQTT_5, i, "commands", LARGE));
            assertThat(asking.next()).startsWith("4002");
        }

        for (int i = 0; i < CALLS; i++) {
            RawClient.Publish answer = caller.nextPublish();
            assertThat(answer.payload()).hasSize(LARGE.length());
            caller.send(Wire.pubAck(answer.packetId()));
        }
        assertThat(answered.get(60, TimeUnit.SECONDS)).isEqualTo(CALLS);
        assertThat(test.broker.counters().dropped()).isZero();
    }

    /** Reads one packet at a time, and answers each command before it reads on; returns how many commands there were.
     */
    private static int answerAll(RawClient device, int version) throws IOException {
        int commands = 0;
        int acknowledged = 0;
        while (acknowledged < CALLS) {
            String packet = device.next();
            if (packet.startsWith("40")) {
                acknowledged++;
            } else {
                assertThat(packet).startsWith("32");
                commands++;
                device.send(Wire.pubAck(commands), Wire.publish1(version, commands, "answers", LARGE));
            }
        }
        return commands;
    }

    @Test
    void message_of_qos_1_waits_for_a_client_that_does_not_read_and_one_of_qos_0_does_not() throws Exception {
        RawClient slow = test.narrow(Wire.MQTT_5).connect("slow");
        slow.send(Wire.subscribe(Wire.MQTT_5, 1, 1, "sure"), Wire.subscribe(Wire.MQTT_5, 2, 0, "perhaps"));
        assertThat(slow.next()).startsWith("90");
        assertThat(slow.next()).startsWith("90");
        RawClient publisher = test.mqtt5().connect("publisher");

        for (int i = 1; i <= 200; i++) {
            publisher.send(Wire.publish0(Wire.MQTT_5, "perhaps", LARGE));
        }
        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "sure", "last"));
        assertThat(publisher.next()).isEqualTo("40020001");

        int arrived = 0;
        RawClient.Publish next = slow.nextPublish();
        while (next.topic().equals("perhaps")) {
            arrived++;
            next = slow.nextPublish();
        }
        assertThat(next.payload()).isEqualTo("last");
        assertThat(arrived).isBetween(1, 199);
        assertThat(test.broker.counters().dropped()).isEqualTo(200 - arrived);
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.MQTT_3, Wire.MQTT_5})
    void client_that_writes_before_it_reads_gets_each_acknowledgement(int version) throws Exception {
        RawClient client = test.narrow(version).connect("a");
        int many = version == Wire.MQTT_5 ? 100 : 60_000;

        Future<?> written = others.submit(() -> {
            for (int i = 1; i <= many; i++) {
                client.send(Wire.publish1(version, i, "t", ""));
            }
            return null;
        });
        await().atMost(Duration.ofSeconds(60))
                .until(() -> test.broker.counters().published() >= many / 4);

        for (int i = 1; i <= many; i++) {
            assertThat(client.next()).isEqualTo(String.format("4002%04x", i));
        }
        written.get(60, TimeUnit.SECONDS);
        client.expectNothing();
    }
}
