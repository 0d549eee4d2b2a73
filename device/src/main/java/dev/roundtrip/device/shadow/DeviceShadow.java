package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.shadow.ShadowAgent.Verdict;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.DeviceFeature;
import dev.roundtrip.device.transport.TopicPublisher;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One shadow of a device: asks for it after each connect, applies what is desired, and reports. Thread-safe.
 *
 * <p>One thread of its own handles everything, one thing after the other.
 */
public final class DeviceShadow implements DeviceFeature {
    private static final Pattern NAME = Pattern.compile("[$a-zA-Z0-9:_-]{1,64}");

    /** How much may wait for a handler, in bytes of payloads; our choice, more than the largest message of AWS IoT
     * Core. What is dropped is asked for again.
     */
    private static final int MOST_WAITING_BYTES = 256 * 1024;

    /** What a message takes beside its payload, about. */
    private static final int OVERHEAD = 512;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final String prefix;
    private final List<String> filters;
    private final ShadowBuilder description;
    private final ShadowAgent agent;
    private final TopicPublisher publisher;
    private final Consumer<String> troubles;
    private final ShadowThread thread;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean missed = new AtomicBoolean();
    private final LocalChanges changes = new LocalChanges();

    /** Of the thread alone. */
    private Duration pause = SHORTEST_PAUSE;

    /** The service wants a pause before the next report; of the thread alone. */
    private boolean resting;

    /** @param thing the device's name
     * @param name of the shadow; empty for the classic one
     * @param troubles told, in one sentence, what the service does not take
     */
    public DeviceShadow(
            String thing, String name, ShadowBuilder description, TopicPublisher publisher, Consumer<String> troubles) {
        this.prefix = "$aws/things/" + thing + "/shadow/" + (name.isEmpty() ? "" : "name/" + name + "/");
        this.filters = List.of(
                prefix + "get/accepted",
                prefix + "get/rejected",
                prefix + "update/accepted",
                prefix + "update/rejected",
                prefix + "update/delta");
        this.description = description;
        this.agent = description.agent();
        this.publisher = publisher;
        this.troubles = troubles;
        this.thread = new ShadowThread(thing, troubles);
    }

    /** Checks the name of a named shadow.
     *
     * @param subject what the message calls it
     * @throws IllegalArgumentException when no shadow can have this name
     */
    public static void checkName(String subject, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(subject + " has 1 to 64 of a-z A-Z 0-9 : _ - $");
        }
    }

    @Override
    public List<String> filters() {
        return filters;
    }

    @Override
    public void connected() {
        thread.run(() -> {
            agent.connected();
            pause = SHORTEST_PAUSE;
            resting = false;
        });
    }

    @Override
    public void subscribed() {
        thread.run(this::ask);
    }

    @Override
    public boolean deliver(Delivery delivery) {
        return deliver(delivery.topic(), delivery.payload());
    }

    /** Takes a message, if it is one of this shadow's. Never blocks.
     *
     * @return whether it is
     */
    public boolean deliver(String topic, byte[] payload) {
        if (!topic.startsWith(prefix) || !filters.contains(topic)) {
            return false;
        }
        int weight = payload.length + OVERHEAD;
        if (waiting.addAndGet(weight) > MOST_WAITING_BYTES) {
            waiting.addAndGet(-weight);
            if (missed.compareAndSet(false, true)) {
                thread.run(this::askLater);
            }
            return true;
        }
        thread.run(() -> {
            waiting.addAndGet(-weight);
            take(topic.substring(prefix.length()), payload);
        });
        return true;
    }

    /** Reports a change that the device made by itself. What is not confirmed is reported again after the next connect;
     * of two changes of one property the last one counts. Never blocks.
     *
     * @param value null removes the property
     * @throws IllegalArgumentException when there are too many properties, or the value is no JSON of up to 8 KB
     */
    public void report(String property, @Nullable Object value) {
        if (changes.add(property, description.tree(value))) {
            thread.run(this::takeChanges);
        }
    }

    private void takeChanges() {
        changes.take().forEach(agent::report);
        work();
    }

    private void ask() {
        missed.set(false);
        publish("get", agent.get());
        thread.after(PATIENCE, this::ask);
    }

    private void askLater() {
        thread.after(lengthened(), this::ask);
    }

    private Duration lengthened() {
        Duration now = pause;
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        return now;
    }

    private void take(String kind, byte[] payload) {
        JsonNode message;
        try {
            message = Json.read(payload);
        } catch (MalformedJsonException notOfTheService) {
            return;
        }
        switch (kind) {
            case "get/accepted" -> follow(agent.got(message), message);
            case "get/rejected" -> follow(agent.getRejected(message), message);
            case "update/accepted" -> follow(agent.accepted(message), message);
            case "update/rejected" -> follow(agent.rejected(message), message);
            default -> {
                agent.delta(message);
                work();
            }
        }
    }

    private void follow(Verdict verdict, JsonNode message) {
        switch (verdict) {
            case NOT_OURS -> {}
            case DONE -> {
                thread.cancel();
                pause = SHORTEST_PAUSE;
                rested();
            }
            case RETRY -> {
                resting = true;
                thread.after(lengthened(), agent.isKnown() ? this::rested : this::ask);
            }
            case GET_AGAIN -> askLater();
            case REFUSED -> {
                thread.cancel();
                troubles.accept("the shadow's service refuses a request: "
                        + message.path("code").asInt() + " "
                        + message.path("message").asText());
                work();
            }
        }
    }

    private void rested() {
        resting = false;
        work();
    }

    /** Applies what is due, and reports what is new. */
    private void work() {
        boolean more = true;
        while (more) {
            more = agent.applyNext();
        }
        if (resting) {
            return;
        }
        byte[] report = agent.nextReport();
        if (report != null) {
            publish("update", report);
            thread.after(PATIENCE, () -> {
                agent.unanswered();
                work();
            });
        }
    }

    private void publish(String verb, byte[] payload) {
        try {
            publisher.publish(new Topic(prefix + verb), payload, PATIENCE);
        } catch (TransportException gone) {
            // Asked again after the next connect, or when the wait is over.
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the thread; a handler that runs is interrupted. */
    @Override
    public void close() {
        thread.close();
    }
}
