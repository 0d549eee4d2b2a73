package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Publication;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A service that says to each requester what the requester said, in order for each thing. {@code block} waits until
 * the test opens the gate; {@code throw} is more than the service can bear.
 */
final class EchoService implements ReservedTopicService {
    final List<Request> taken = new CopyOnWriteArrayList<>();
    final List<String> subscribed = new CopyOnWriteArrayList<>();
    final List<String> disorder = new CopyOnWriteArrayList<>();
    volatile int publishes = 1;
    volatile int maxInFlight = Integer.MAX_VALUE;
    final CountDownLatch gate = new CountDownLatch(1);
    private final Map<String, Request> running = new ConcurrentHashMap<>();
    private final List<String> templates;

    EchoService() {
        this("$aws/things/+/echo/say");
    }

    EchoService(String... templates) {
        this.templates = List.of(templates);
    }

    @Override
    public List<String> requests() {
        return templates;
    }

    @Override
    public String orderOf(String topic) {
        String thing = topic.split("/", -1)[2];
        if (thing.equals("unordered")) {
            throw new IllegalStateException("this thing has no order");
        }
        return thing;
    }

    @Override
    public int publishesOf(String topic) {
        return publishes;
    }

    @Override
    public int maxInFlight() {
        return maxInFlight;
    }

    @Override
    public void refuse(Request request, Requester requester) {
        requester.answer(Publication.of(
                request.content().topic() + "/rejected", request.content().payload()));
    }

    @Override
    public boolean maySubscribe(String filter) {
        return !filter.startsWith("$aws/things/+/echo/");
    }

    @Override
    public void subscribed(String filter) {
        subscribed.add(filter);
    }

    @Override
    public void take(Request request, Requester requester) {
        String topic = request.content().topic();
        Request other = running.put(topic, request);
        if (other != null) {
            disorder.add(payload(other) + " and " + payload(request) + " at once");
        }
        taken.add(request);
        String payload = payload(request);
        try {
            if (payload.equals("throw")) {
                throw new IllegalStateException("more than I can bear");
            }
            if (payload.equals("block")) {
                gate.await();
            }
            requester.answer(Publication.of(topic + "/accepted", payload.getBytes(StandardCharsets.UTF_8)));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            running.remove(topic);
        }
    }

    /** The payloads that came in, in order. */
    List<String> payloads() {
        return taken.stream().map(EchoService::payload).toList();
    }

    static String payload(Request request) {
        return new String(request.content().payload(), StandardCharsets.UTF_8);
    }
}
