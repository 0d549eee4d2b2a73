package dev.roundtrip.local.endtoend;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.device.responder.Limits;
import dev.roundtrip.device.responder.Responder;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.CrtMqtt5Transport;
import dev.roundtrip.device.transport.CrtNetwork;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.device.transport.TransportListener;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Topic;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.method.Methods;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A device that keeps the contract, but for one rudeness between it and its connection. It has {@code echo} and
 * {@code count}.
 */
final class RudeDevice implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String name;
    private final Rudeness rudeness;
    private final CrtNetwork network = new CrtNetwork();
    private final CrtMqtt5Transport transport;
    private final Responder honest;
    private final BlockingQueue<Boolean> connections = new LinkedBlockingQueue<>();
    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Thread subscriber = Thread.ofVirtual().unstarted(this::subscribe);
    private final Thread reader = Thread.ofVirtual().unstarted(this::read);

    /** The request's own topic, by the id under which the honest half knows the request. */
    private final Map<String, String> renamed = new ConcurrentHashMap<>();

    /** What is rude. Called by one thread for deliveries, and by many for answers. */
    interface Rudeness {

        default void receive(Delivery delivery, RudeDevice device) throws Exception {
            device.take(delivery);
        }

        default void answer(Answer answer, RudeDevice device) throws TransportException, InterruptedException {
            device.say(answer);
        }

        /** Whether it subscribes on a connection, not the first one. */
        default boolean subscribesAgain() {
            return true;
        }
    }

    private RudeDevice(Login login, Rudeness rudeness) throws TransportException {
        this.name = login.clientId().toString();
        this.rudeness = rudeness;
        this.transport = new CrtMqtt5Transport(network, login);
        AtomicInteger count = new AtomicInteger();
        Methods methods = new Methods(
                Map.of(
                        new Method("echo"), (request, call) -> request,
                        new Method("count"), (request, call) -> JsonText.of(IntNode.valueOf(count.incrementAndGet()))),
                null);
        this.honest = new Responder(
                login.clientId(),
                Limits.DEFAULT,
                Behaviour.honest(methods).handler(),
                new Responder.Environment(
                        DeviceClock.system(), answer -> rudeness.answer(answer, this), CommandListener.none()));
    }

    /** Connects, and waits until requests reach it. */
    static RudeDevice connect(Login login, Rudeness rudeness) throws Exception {
        RudeDevice device = new RudeDevice(login, rudeness);
        device.subscriber.start();
        device.reader.start();
        device.transport.start(device.new Listener());
        if (!device.ready.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            device.close();
            throw new AssertionError("the device is not ready");
        }
        return device;
    }

    /** Gives a delivery to the honest half. */
    void take(Delivery delivery) {
        honest.deliver(delivery);
    }

    /** Gives a changed payload to the honest half. */
    void take(Delivery delivery, ObjectNode payload) {
        take(new Delivery(delivery.topic(), Json.write(payload), delivery.correlation(), delivery.expiry()));
    }

    /** Gives a request to the honest half as one that it never saw; its answer goes where the request wants it. */
    void takeAsNew(Delivery delivery) throws MalformedJsonException {
        String id = UUID.randomUUID().toString();
        String[] levels = delivery.topic().split("/", 4);
        renamed.put(id, delivery.topic());
        ObjectNode payload = payload(delivery).put("id", id);
        take(new Delivery(
                levels[0] + "/" + levels[1] + "/" + levels[2] + "/" + id,
                Json.write(payload),
                delivery.correlation(),
                delivery.expiry()));
    }

    static ObjectNode payload(Delivery delivery) throws MalformedJsonException {
        return (ObjectNode) Json.read(delivery.payload());
    }

    /** Publishes an answer of the honest half. */
    void say(Answer answer) throws TransportException, InterruptedException {
        String own = renamed.get(answer.topic().value().split("/", 3)[1]);
        if (own == null) {
            transport.publish(answer, PATIENCE);
            return;
        }
        try {
            ObjectNode payload = (ObjectNode) Json.read(answer.payload());
            say(own, payload.put("id", own.split("/", 4)[3]));
        } catch (MalformedJsonException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Publishes this where the answer to the request belongs. */
    void say(String requestTopic, ObjectNode payload) throws TransportException, InterruptedException {
        String[] levels = requestTopic.split("/", 4);
        Topic topic = new Topic(levels[2] + "/" + levels[3] + "/" + name + "/" + levels[1] + "/ack");
        transport.publish(new Answer(topic, Json.write(payload), Delivery.NO_CORRELATION, PATIENCE), PATIENCE);
    }

    private void subscribe() {
        try {
            for (boolean isFirst = true; connections.take(); isFirst = false) {
                if (isFirst || rudeness.subscribesAgain()) {
                    transport.subscribe(name + "/#", PATIENCE);
                    ready.countDown();
                }
            }
        } catch (TransportException | InterruptedException ended) {
            // The test is over.
        }
    }

    private void read() {
        try {
            while (true) {
                rudeness.receive(deliveries.take(), this);
            }
        } catch (InterruptedException | TransportException ended) {
            // The test is over.
        } catch (Exception defect) {
            throw new AssertionError("the rude device broke", Objects.requireNonNull(defect));
        }
    }

    private final class Listener implements TransportListener {
        @Override
        public void connected() {
            connections.add(true);
        }

        @Override
        public void connectFailed(String reason) {}

        @Override
        public void disconnected(String reason) {}

        @Override
        public void delivered(Delivery delivery) {
            deliveries.add(delivery);
        }
    }

    @Override
    public void close() {
        subscriber.interrupt();
        reader.interrupt();
        honest.close();
        transport.close();
        network.close();
    }
}
