package dev.roundtrip.device;

import dev.roundtrip.device.responder.AnswerPublisher;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.DeviceFeature;
import dev.roundtrip.device.transport.DeviceTransport;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.device.transport.TransportListener;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Keeps a device subscribed, whatever happens to its connection, and publishes its answers. Thread-safe. */
final class Link implements AnswerPublisher, TransportListener {
    private static final Duration SUBSCRIBE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(5);
    /** A broker that is well answers sooner; our choice. */
    private static final Duration SILENCE = Duration.ofMillis(500);

    private static final Duration SHORTEST_PUBLISH = Duration.ofSeconds(1);
    private static final Duration BETWEEN_PUBLISHES = Duration.ofMillis(100);

    private final Target device;
    private final DeviceTransport transport;
    private final ConnectionListener listener;
    private final ReentrantLock telling = new ReentrantLock();
    private final Readiness readiness = new Readiness();
    private final List<DeviceFeature> features = new CopyOnWriteArrayList<>();
    private volatile Consumer<Delivery> deliveries = delivery -> {};
    private volatile boolean isCut;

    Link(Target device, DeviceTransport transport, ConnectionListener listener) {
        this.device = device;
        this.transport = transport;
        this.listener = listener;
    }

    /** Adds a feature, before the start. */
    void add(DeviceFeature feature) {
        features.add(feature);
    }

    /** Begins to connect; deliveries go to the consumer, on a thread of the network. */
    void start(Consumer<Delivery> consumer) {
        deliveries = consumer;
        transport.start(this);
    }

    /** @param doubt asked once, when nothing has been heard for a while: why the broker is not trusted */
    void awaitReady(Duration atMost, Supplier<Optional<String>> doubt) throws NotReadyException, InterruptedException {
        if (readiness.isSilentFor(atMost.compareTo(SILENCE) < 0 ? atMost : SILENCE)) {
            Thread.ofVirtual().name(device + "-probe").start(() -> doubt.get().ifPresent(this::connectFailed));
        }
        readiness.await(device, atMost);
    }

    /** From now on nothing is published. */
    void cut() {
        isCut = true;
    }

    /** From now on nothing is subscribed, and nothing that happens to the connection is told. */
    void end() {
        readiness.end();
    }

    @Override
    public void connected() {
        long connection = readiness.connected();
        Thread.ofVirtual().name(device + "-subscribe").start(() -> subscribe(connection));
    }

    private void subscribe(long connection) {
        try {
            while (readiness.isCurrent(connection)) {
                if (subscribed(connection)) {
                    return;
                }
                Thread.sleep(RETRY);
            }
        } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean subscribed(long connection) throws InterruptedException {
        try {
            transport.subscribe(Route.requestsTo(device), SUBSCRIBE);
            for (DeviceFeature feature : features) {
                feature.connected();
                for (String filter : feature.filters()) {
                    transport.subscribe(filter, SUBSCRIBE);
                }
                feature.subscribed();
            }
            tellIf(() -> readiness.ready(connection), new ConnectionEvent.Ready(device));
            return true;
        } catch (TransportException failed) {
            String reason = String.valueOf(failed.getMessage());
            tellIf(() -> readiness.notSubscribed(connection, reason), new ConnectionEvent.Refused(device, reason));
            return false;
        }
    }

    @Override
    public void connectFailed(String reason) {
        tellIf(() -> readiness.notConnected(reason), new ConnectionEvent.Refused(device, reason));
    }

    @Override
    public void disconnected(String reason) {
        String advice = reason
                + "; before it is ready that may mean that another client connects under this name, or that its policy"
                + " does not allow iot:Subscribe to "
                + Route.requestsTo(device);
        tellIf(() -> readiness.lost(reason, advice), new ConnectionEvent.Lost(device, reason));
    }

    /** Tells of a change; one after another, so that they are heard in the order in which they happened. */
    private void tellIf(BooleanSupplier isChange, ConnectionEvent event) {
        telling.lock();
        try {
            if (isChange.getAsBoolean()) {
                listener.on(event);
            }
        } finally {
            telling.unlock();
        }
    }

    @Override
    public void delivered(Delivery delivery) {
        for (DeviceFeature feature : features) {
            if (feature.deliver(delivery)) {
                return;
            }
        }
        deliveries.accept(delivery);
    }

    /** Publishes a message of a feature. */
    void publish(Topic topic, byte[] payload, Duration atMost) throws TransportException, InterruptedException {
        toTransport(new Answer(topic, payload, Delivery.NO_CORRELATION, atMost), atMost);
    }

    @Override
    public void publish(Answer answer) throws TransportException, InterruptedException {
        long until = System.nanoTime() + max(answer.expiry(), SHORTEST_PUBLISH).toNanos();
        while (true) {
            Duration left = Duration.ofNanos(until - System.nanoTime());
            try {
                toTransport(answer, max(left, Duration.ofMillis(1)));
                return;
            } catch (TransportException failed) {
                if (failed.isRefusal() || left.compareTo(BETWEEN_PUBLISHES) <= 0) {
                    throw failed;
                }
                Thread.sleep(BETWEEN_PUBLISHES);
                readiness.awaitChange(left);
            }
        }
    }

    private void toTransport(Answer answer, Duration atMost) throws TransportException, InterruptedException {
        if (isCut) {
            throw TransportException.refused("the power is off");
        }
        transport.publish(answer, atMost);
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
