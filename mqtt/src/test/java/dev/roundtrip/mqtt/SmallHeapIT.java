package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker whose heap has 200 MB holds what it can, refuses the rest, and goes on serving clients that keep up. */
class SmallHeapIT {
    private static final long QUARTER_OF_HEAP = 50L * 1024 * 1024;
    private static final int LARGEST = 128 * 1024;
    private static final int BATCH = 20;
    private static final int MOST_BATCHES = 20_000;
    private static final String TAKEN = "40020001";
    private static final String NO_ROOM = "4003000197";
    private static final String AN_HOUR = "1100000e10";

    private final List<RawClient> clients = new ArrayList<>();
    private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
    private SmallHeapBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = new SmallHeapBroker(TestBroker.AUTHORITY.server());
    }

    @AfterEach
    void stop() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        readers.shutdownNow();
        broker.close();
    }

    /** How a broker is brought to hold more than it can. */
    enum Shape {
        GROUP {
            @Override
            void fill(SmallHeapIT test) throws IOException {
                test.absent("absent", "$share/g/t");
                test.publishUntilRefused("t", LARGEST);
            }
        },
        GROUP_WITH_TINY_MESSAGES {
            @Override
            void fill(SmallHeapIT test) throws IOException {
                test.absent("absent", "$share/g/t");
                test.publishUntilRefused("t", 0);
            }
        },
        MANY_SESSIONS {
            @Override
            void fill(SmallHeapIT test) throws IOException {
                for (int i = 0; i < 50; i++) {
                    test.absent("absent-" + i, "t/" + i);
                    if (!test.publish(test.connect("p"), "t/" + i, LARGEST).equals(TAKEN)) {
                        return;
                    }
                }
                throw new AssertionError("never refused");
            }
        },
        MANY_SESSIONS_WITH_THE_SAME_TINY_MESSAGES {
            @Override
            void fill(SmallHeapIT test) throws IOException {
                for (int i = 0; i < 20; i++) {
                    test.absent("absent-" + i, "t");
                }
                test.publishUntilRefused("t", 0);
            }
        },
        RETAINED {
            @Override
            void fill(SmallHeapIT test) throws IOException {
                RawClient publisher = test.connect("p");
                String answer = TAKEN;
                for (int i = 0; answer.equals(TAKEN); i++) {
                    publisher.send(Wire.retained(Wire.publish1(Wire.MQTT_5, 1, "t/" + i, "", new byte[LARGEST])));
                    answer = publisher.next();
                }
                assertThat(answer).isEqualTo(NO_ROOM);
            }
        },
        UNACKNOWLEDGED {
            @Override
            void fill(SmallHeapIT test) throws IOException {
                for (int i = 0; i < 6; i++) {
                    RawClient silent = test.connect("silent-" + i).subscribe("t");
                    test.readers.execute(() -> readAll(silent));
                }
                test.publishUntilRefused("t", LARGEST);
            }
        },
        CLIENTS_THAT_DO_NOT_READ {
            @Override
            void fill(SmallHeapIT test) throws IOException {
                for (int i = 0; i < 100; i++) {
                    test.connect("slow-" + i).subscribe("t");
                }
                RawClient publisher = test.connect("p");
                for (int i = 0; i < 200; i++) {
                    publisher.send(Wire.publish0(Wire.MQTT_5, "t", "x".repeat(LARGEST)));
                    publisher.expectNothing();
                }
            }
        };

        abstract void fill(SmallHeapIT test) throws IOException;

        private static void readAll(RawClient client) {
            try {
                while (!client.next().equals(RawClient.CLOSED)) {
                    // Reads, and acknowledges nothing.
                }
            } catch (IOException ended) {
                // So it is.
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void broker_with_a_small_heap_survives_and_serves_clients_that_keep_up(Shape shape) throws IOException {
        shape.fill(this);

        assertThat(broker.heldBytes()).isBetween(QUARTER_OF_HEAP / 3, QUARTER_OF_HEAP);
        RawClient honest = connect("honest").subscribe("other");
        for (int i = 1; i <= 100; i++) {
            honest.send(Wire.publish1(Wire.MQTT_5, i, "other", "x".repeat(10_000)));
            if (!honest.next().startsWith("32")) {
                assertThat(honest.next()).startsWith("32");
            } else {
                assertThat(honest.next()).startsWith("4002");
            }
            honest.send(Wire.pubAck(i));
        }
        assertThat(broker.isAlive()).isTrue();
    }

    private void absent(String clientId, String filter) throws IOException {
        RawClient client = client();
        client.send(Wire.connect(Wire.MQTT_5, clientId, 0, 60, AN_HOUR));
        assertThat(client.next()).startsWith("20");
        client.subscribe(filter).send(Wire.disconnect());
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    private void publishUntilRefused(String topic, int bytes) throws IOException {
        RawClient publisher = connect("p");
        String answer = TAKEN;
        for (int i = 0; answer.equals(TAKEN); i++) {
            assertThat(i).isLessThan(MOST_BATCHES);
            answer = publish(publisher, topic, bytes);
        }
        assertThat(answer).isEqualTo(NO_ROOM);
    }

    /** Publishes some messages at once, and returns what the last one is answered. */
    private String publish(RawClient publisher, String topic, int bytes) throws IOException {
        byte[] one = Wire.publish1(Wire.MQTT_5, 1, topic, "", new byte[bytes]);
        byte[][] packets = new byte[BATCH][];
        for (int i = 0; i < BATCH; i++) {
            packets[i] = one;
        }
        publisher.send(packets);
        String answer = "";
        for (int i = 0; i < BATCH; i++) {
            answer = publisher.next();
        }
        return answer;
    }

    private RawClient connect(String clientId) throws IOException {
        return client().connect(clientId);
    }

    private RawClient client() throws IOException {
        RawClient client = new RawClient(TestBroker.deviceTls(), broker.devicePort(), Wire.MQTT_5);
        clients.add(client);
        return client;
    }
}
