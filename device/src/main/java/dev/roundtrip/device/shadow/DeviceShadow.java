package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.shadow.ShadowAgent.Verdict;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One shadow of a device: asks for it after each connect, applies what is desired, and reports. Thread-safe.
 *
 * <p>One thread of its own handles everything, one thing after the other.
 */
public final class DeviceShadow implements AutoCloseable {
    /** How many properties a device reports at most; our choice. AWS IoT takes 8 KB of state. */
    private static final int MOST_PROPERTIES = 256;

    /** How many messages wait for a handler at most; our choice. What is dropped is asked for again. */
    private static final int MOST_WAITING = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final long CLOSE_SECONDS = 2;

    private final String prefix;
    private final ShadowBuilder description;
    private final ShadowAgent agent;
    private final Publisher publisher;
    private final Consumer<String> troubles;
    private final ScheduledExecutorService thread;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean missed = new AtomicBoolean();
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /** What comes after the present wait; of the thread alone. */
    private @Nullable ScheduledFuture<?> next;

    private Duration pause = SHORTEST_PAUSE;

    /** Publishes at QoS 1. */
    @FunctionalInterface
    public interface Publisher {
        /** @throws TransportException when the broker does not take it, or does not say so in time */
        void publish(Topic topic, byte[] payload, Duration atMost) throws TransportException, InterruptedException;
    }

    /** @param thing the device's name
     * @param name of the shadow; empty for the classic one
     * @param troubles told, in one sentence, what the service does not take
     */
    public DeviceShadow(
            String thing, String name, ShadowBuilder description, Publisher publisher, Consumer<String> troubles) {
        this.prefix = "$aws/things/" + thing + "/shadow/" + (name.isEmpty() ? "" : "name/" + name + "/");
        this.description = description;
        this.agent = description.agent();
        this.publisher = publisher;
        this.troubles = troubles;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(thing + "-shadow").factory());
    }

    /** What the device subscribes to. */
    public List<String> filters() {
        return List.of(
                prefix + "get/accepted",
                prefix + "get/rejected",
                prefix + "update/accepted",
                prefix + "update/rejected",
                prefix + "update/delta");
    }

    /** The device is connected, and subscribes to nothing yet. Never blocks. */
    public void connected() {
        run(() -> {
            agent.connected();
            pause = SHORTEST_PAUSE;
        });
    }

    /** The device subscribes to all filters. Never blocks. */
    public void subscribed() {
        run(this::ask);
    }

    /** Takes a message, if it is one of this shadow's. Never blocks.
     *
     * @return whether it is
     */
    public boolean deliver(String topic, byte[] payload) {
        if (!topic.startsWith(prefix) || !filters().contains(topic)) {
            return false;
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            if (missed.compareAndSet(false, true)) {
                run(this::askLater);
            }
            return true;
        }
        run(() -> {
            waiting.decrementAndGet();
            take(topic.substring(prefix.length()), payload);
        });
        return true;
    }

    /** Reports a change that the device made by itself. What is not confirmed is reported again after the next connect.
     *
     * @param value null removes the property
     * @throws IllegalArgumentException when there are too many properties, or the value is no JSON
     */
    public void report(String property, @Nullable Object value) {
        JsonNode tree = description.tree(value);
        if (property.equals(ShadowAgent.ACKS) || (reported.size() >= MOST_PROPERTIES && !reported.contains(property))) {
            throw new IllegalArgumentException(
                    "a device reports at most " + MOST_PROPERTIES + " properties, and not '" + ShadowAgent.ACKS + "'");
        }
        reported.add(property);
        run(() -> {
            agent.report(property, tree);
            work();
        });
    }

    private void run(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException defect) {
                    troubles.accept(
                            "the shadow has a defect: " + defect.getClass().getName());
                }
            });
        } catch (RejectedExecutionException closed) {
            // The device is closed.
        }
    }

    private void ask() {
        missed.set(false);
        publish("get", agent.get());
        after(PATIENCE, this::ask);
    }

    private void askLater() {
        after(lengthened(), this::ask);
    }

    private Duration lengthened() {
        Duration now = pause;
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        return now;
    }

    private void after(Duration time, Runnable task) {
        cancel();
        try {
            next = thread.schedule(() -> run(task), time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // The device is closed.
        }
    }

    private void cancel() {
        ScheduledFuture<?> before = next;
        if (before != null) {
            before.cancel(false);
            next = null;
        }
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
                cancel();
                pause = SHORTEST_PAUSE;
                work();
            }
            case RETRY -> after(lengthened(), agent.isKnown() ? this::work : this::ask);
            case GET_AGAIN -> askLater();
            case REFUSED -> {
                cancel();
                troubles.accept("the shadow's service refuses a request: "
                        + message.path("code").asInt() + " "
                        + message.path("message").asText());
                work();
            }
        }
    }

    /** Applies what is due, and reports what is new. */
    private void work() {
        boolean more = true;
        while (more) {
            more = agent.applyNext();
        }
        byte[] report = agent.nextReport();
        if (report != null) {
            publish("update", report);
            after(PATIENCE, () -> {
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
        thread.shutdownNow();
        try {
            boolean unused = thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
