package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Room that is taken is given back exactly once, whatever ends a message: clients do everything that ends one, at
 * random, on four event loops, under an account so small that it is full most of the time.
 */
class HeldMessagesTest {
    private static final int THREADS = 4;
    private static final int CONNECTIONS = 40;
    private static final long SEED = 20_261_127;
    private static final List<String> CLIENTS = List.of("a", "b", "c", "d", "e", "f");
    private static final List<String> TOPICS = List.of("t/1", "t/2", "t/3");
    private static final List<String> FILTERS = List.of("t/1", "t/#", "+/2", "$share/g/t/#", "$share/h/t/3");
    private static final BrokerLimits.Memory SMALL = new BrokerLimits.Memory(100_000, 60);

    @Test
    void nothing_is_held_once_everything_has_ended() throws Exception {
        try (TestBroker test = new TestBroker(settings -> settings.withThreads(THREADS)
                        .withLimits(settings.limits().withMemory(SMALL)));
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Callable<Void>> crowds = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(SEED + i);
                crowds.add(() -> {
                    for (int connection = 0; connection < CONNECTIONS; connection++) {
                        new Guest(test, random).comeAndGo();
                    }
                    return null;
                });
            }
            for (Future<Void> crowd : threads.invokeAll(crowds)) {
                crowd.get();
            }
            assertThat(test.broker.counters().dropped()).isPositive();
            assertThat(test.broker.counters().acknowledged()).isPositive();

            endEverything(test);

            assertThat(test.broker.counters().retained()).isZero();
            await().until(() -> test.broker.counters().heldMessages() == 0
                    && test.broker.counters().heldBytes() == 0);
        }
    }

    private static void endEverything(TestBroker test) throws IOException {
        for (String client : CLIENTS) {
            var unused = test.broker.connections().delete(client, Set.of(Connections.Forgotten.WILL));
        }
        test.clock.advance(Duration.ofHours(2));
        await().until(() -> test.broker.counters().sessions() == 0);
        RawClient cleaner = test.mqtt5().connect("cleaner");
        for (String topic : TOPICS) {
            cleaner.send(Wire.retained(Wire.publish0(Wire.MQTT_5, topic, "")));
        }
        cleaner.expectNothing();
        cleaner.send(Wire.disconnect());
        assertThat(cleaner.next()).isEqualTo(RawClient.CLOSED);
    }

    /** One connection of one of the clients. */
    private static final class Guest {
        private final TestBroker test;
        private final Random random;
        private final RawClient client;

        Guest(TestBroker test, Random random) throws IOException {
            this.test = test;
            this.random = random;
            this.client = test.mqtt5();
        }

        void comeAndGo() throws IOException {
            try (client) {
                String expiry = random.nextInt(3) == 0 ? "" : "110000001e";
                boolean clean = random.nextInt(4) == 0;
                byte[] will = random.nextInt(3) == 0 ? Wire.will(Wire.MQTT_5, oneOf(TOPICS), "will") : new byte[0];
                int flags = (clean ? 2 : 0) | (will.length > 0 ? 4 | random.nextInt(2) << 3 : 0);
                client.send(Wire.connect(Wire.MQTT_5, oneOf(CLIENTS), flags, 60, expiry, will));
                boolean here = client.next().startsWith("20");
                for (int i = random.nextInt(20); here && i > 0; i--) {
                    here = doOneThing();
                }
                if (random.nextBoolean()) {
                    client.send(Wire.disconnect());
                }
            } catch (IOException takenOver) {
                // Another guest has come under the same name.
            }
        }

        private boolean doOneThing() throws IOException {
            switch (random.nextInt(10)) {
                case 0, 1 -> client.send(Wire.subscribe(Wire.MQTT_5, 1, random.nextInt(2), oneOf(FILTERS)));
                case 2 -> client.send(Wire.unsubscribe(Wire.MQTT_5, 1, oneOf(FILTERS)));
                case 3 -> client.send(Wire.retained(publish()));
                case 4 -> client.send(Wire.publish0(Wire.MQTT_5, oneOf(TOPICS), "x".repeat(random.nextInt(2_000))));
                case 5 -> test.clock.advance(Duration.ofMillis(random.nextInt(500)));
                default -> client.send(publish());
            }
            return random.nextInt(3) > 0 || hearAndAcknowledge();
        }

        private byte[] publish() {
            String expiry = random.nextBoolean() ? "" : "0200000001";
            return Wire.publish1(Wire.MQTT_5, 1, oneOf(TOPICS), expiry, new byte[random.nextInt(5_000)]);
        }

        /** Hears what came so far; acknowledges most of it. */
        private boolean hearAndAcknowledge() throws IOException {
            client.send(Wire.ping());
            while (true) {
                String packet = client.next();
                if (packet.equals("d000")) {
                    return true;
                }
                if (packet.equals(RawClient.CLOSED) || packet.startsWith("e0")) {
                    return false;
                }
                if ((packet.startsWith("32") || packet.startsWith("33") || packet.startsWith("3a"))
                        && random.nextInt(4) > 0) {
                    client.send(Wire.pubAck(packetId(packet)));
                }
            }
        }

        private static int packetId(String packet) {
            byte[] bytes = Wire.hex(packet);
            int at = 2;
            while ((bytes[at - 1] & 128) != 0) {
                at++;
            }
            at += 2 + (bytes[at + 1] & 255);
            return ((bytes[at] & 255) << 8) | (bytes[at + 1] & 255);
        }

        private String oneOf(List<String> values) {
            return values.get(random.nextInt(values.size()));
        }
    }
}
