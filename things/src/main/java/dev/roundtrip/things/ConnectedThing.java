package dev.roundtrip.things;

import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.CrtMqtt5Transport;
import dev.roundtrip.device.transport.CrtNetwork;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.device.transport.TransportListener;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.Topic;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The connection of one thing, with MQTT 5 and its own certificate. It renews itself. Thread-safe. */
final class ConnectedThing implements AutoCloseable {
    /** For an acknowledgement by the broker; our choice. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration EXPIRY = Duration.ofMinutes(1);

    private final Target name;
    private final CrtMqtt5Transport transport;
    private final CountDownLatch connected = new CountDownLatch(1);
    private volatile String trouble = "the broker does not answer";

    /** Hears of a thing's connection. Called on a thread of the network: must not block or throw. */
    interface Listener {
        /** Connected, the first time or again; there is no subscription. */
        void connected();

        /** Lost; it will be renewed. */
        void lost(String reason);

        void received(Delivery message);
    }

    /** Begins to connect.
     *
     * @throws ThingsException when its certificate or key cannot be used
     */
    ConnectedThing(CrtNetwork network, ThingLogin thing, Listener listener) throws ThingsException {
        this.name = thing.thing();
        try {
            this.transport = new CrtMqtt5Transport(network, thing.login());
        } catch (TransportException unusable) {
            throw new ThingsException(words(unusable), unusable);
        }
        transport.start(new TransportListener() {
            @Override
            public void connected() {
                connected.countDown();
                listener.connected();
            }

            @Override
            public void connectFailed(String reason) {
                trouble = reason;
            }

            @Override
            public void disconnected(String reason) {
                trouble = reason;
                listener.lost(reason);
            }

            @Override
            public void delivered(Delivery delivery) {
                listener.received(delivery);
            }
        });
    }

    Target name() {
        return name;
    }

    /** Blocks until it is connected for the first time.
     *
     * @throws ThingsException when that takes longer
     */
    void awaitConnected(Duration atMost) throws ThingsException, InterruptedException {
        if (!connected.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new ThingsException(name + " cannot connect: " + trouble);
        }
    }

    /** Publishes at QoS 1 and returns when the broker has acknowledged it.
     *
     * @throws ThingsException when it does not
     */
    void publish(Topic topic, byte[] payload) throws ThingsException, InterruptedException {
        try {
            transport.publish(new Answer(topic, payload, Delivery.NO_CORRELATION, EXPIRY), PATIENCE);
        } catch (TransportException failed) {
            throw new ThingsException(words(failed), failed);
        }
    }

    /** @throws ThingsException when the broker does not grant it */
    void subscribe(String filter) throws ThingsException, InterruptedException {
        try {
            transport.subscribe(filter, PATIENCE);
        } catch (TransportException failed) {
            throw new ThingsException(words(failed), failed);
        }
    }

    /** The transport sends answers alone where it is used otherwise. */
    private static String words(TransportException failed) {
        return String.valueOf(failed.getMessage())
                .replace("'s answer on ", "'s message on ")
                .replace("confirm the answer in time", "acknowledge the message in time")
                .replaceFirst("^the answer failed", "the message failed");
    }

    @Override
    public void close() {
        transport.close();
    }
}
