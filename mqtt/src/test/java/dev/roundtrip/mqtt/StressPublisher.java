package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.mqtt.StressLedger.Sent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Publishes messages of QoS 1, waits for each PUBACK, and notes both; time passes meanwhile. Used by one thread at a
 * time.
 */
final class StressPublisher {
    private static final Duration EXPIRY = Duration.ofSeconds(1);
    private static final String EXPIRY_PROPERTY = "0200000001";
    private static final int BURST = 300;
    private static final int LONGEST_PAUSE = 3_000_000;
    private static final Duration STEP = Duration.ofMillis(200);

    private final StressLedger ledger;
    private final TestClock clock;
    private final RawClient connection;
    private final String clientId;
    private final String state;
    private final List<String> busy;
    private final String quiet;
    private final RandomGenerator random;

    /** A connected publisher.
     *
     * @param state the topic whose messages are retained, and that nobody else publishes to
     */
    StressPublisher(
            TestBroker test,
            StressLedger ledger,
            String clientId,
            String state,
            List<String> busy,
            String quiet,
            RandomGenerator random)
            throws IOException {
        this.ledger = ledger;
        this.clock = test.clock;
        this.clientId = clientId;
        this.state = state;
        this.busy = busy;
        this.quiet = quiet;
        this.random = random;
        this.connection = test.mqtt5().connect(clientId);
    }

    /** Publishes until everybody else is done: a burst to the busy topics perhaps, and then now and then to the quiet
     * one.
     */
    void publishUntil(BooleanSupplier done) throws IOException {
        int burst = random.nextBoolean() ? BURST : 0;
        for (int i = 0; !done.getAsBoolean(); i++) {
            boolean bursts = i < burst;
            if (!bursts) {
                LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE));
            }
            int kind = random.nextInt(10);
            if (kind == 0) {
                publish(state, true, false);
            } else {
                publish(bursts ? busy.get(random.nextInt(busy.size())) : quiet, false, kind == 1);
            }
            if (random.nextInt(20) == 0) {
                clock.advance(STEP);
            }
        }
    }

    private void publish(String topic, boolean retained, boolean expires) throws IOException {
        Sent message = ledger.sending(clientId, topic, retained, expires ? EXPIRY.toNanos() : Message.NEVER);
        byte[] payload = Integer.toString(message.number).getBytes(StandardCharsets.UTF_8);
        byte[] packet = Wire.publish1(Wire.MQTT_5, 1, topic, expires ? EXPIRY_PROPERTY : "", payload);
        connection.send(retained ? Wire.retained(packet) : packet);
        assertThat(connection.next()).isEqualTo("40020001");
        message.acknowledged(clock.nanos());
    }

    /** Forgets what is retained. */
    void end() throws IOException {
        connection.send(Wire.retained(Wire.publish1(Wire.MQTT_5, 1, state, "", new byte[0])), Wire.disconnect());
        assertThat(connection.next()).isEqualTo("40020001");
        assertThat(connection.next()).isEqualTo(RawClient.CLOSED);
    }
}
