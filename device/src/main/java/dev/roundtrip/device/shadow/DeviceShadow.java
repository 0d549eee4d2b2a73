package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One shadow of a device: asks for it after each connect, applies what is desired, and reports. Thread-safe.
 *
 * <p>One thread of its own handles everything, one thing after the other.
 */
public final class DeviceShadow implements DeviceFeature {
    private static final Pattern NAME = Pattern.compile("[$a-zA-Z0-9:_-]{1,64}");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String prefix;
    private final List<String> filters;
    private final ShadowBuilder description;
    private final ShadowAgent agent;
    private final TopicPublisher publisher;
    private final Troubles troubles;
    private final ShadowThread thread;
    private final LocalChanges changes = new LocalChanges();
    private final Inbox inbox = new Inbox();
    private final AtomicBoolean missed = new AtomicBoolean();

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
        this.troubles = new Troubles(troubles);
        this.thread = new ShadowThread(thing + "-shadow", troubles);
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
            troubles.connected();
            thread.cancel();
            thread.shortenPause();
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
        if (inbox.add(payload)) {
            thread.run(() -> {
                inbox.remove(payload);
                take(topic.substring(prefix.length()), payload);
            });
        } else if (missed.compareAndSet(false, true)) {
            thread.run(() -> {
                agent.missed();
                askLater();
            });
        }
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
        request("get", agent.get(), this::ask);
    }

    private void askLater() {
        thread.afterPause(this::ask);
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
            default -> take(agent.delta(message));
        }
    }

    /** A delta leaves the request that is under way alone. */
    private void take(Verdict ofDelta) {
        if (ofDelta == Verdict.GET_AGAIN) {
            askLater();
        } else {
            work();
        }
    }

    private void follow(Verdict verdict, JsonNode message) {
        switch (verdict) {
            case NOT_OURS -> {}
            case DONE -> {
                thread.cancel();
                thread.shortenPause();
                rested();
            }
            case RETRY -> retry();
            case DENIED -> {
                tell("the shadow's service does not allow a request, which is sent again", message);
                retry();
            }
            case GET_AGAIN -> askLater();
            case SMALLER -> {
                thread.cancel();
                work();
            }
            case REFUSED -> {
                thread.cancel();
                tell("the shadow's service refuses what is reported of a property, until the next connect", message);
                work();
            }
        }
    }

    private void retry() {
        resting = true;
        thread.afterPause(agent.isKnown() ? this::rested : this::ask);
    }

    private void tell(String what, JsonNode rejection) {
        troubles.tell(what + ": " + rejection.path("code").asInt() + " "
                + rejection.path("message").asText());
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
            request("update", report, () -> {
                agent.unanswered();
                work();
            });
        }
    }

    /** Publishes, and does the same again when no answer comes, or the broker refuses the message. */
    private void request(String verb, byte[] payload, Runnable again) {
        try {
            publisher.publish(new Topic(prefix + verb), payload, PATIENCE);
        } catch (TransportException failed) {
            if (failed.isRefusal()) {
                troubles.tell("the shadow cannot publish, and tries it again: " + failed.getMessage());
                thread.afterPause(again);
                return;
            }
            // Lost: asked again after the next connect, or when the wait is over.
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
        thread.after(PATIENCE, again);
    }

    /** Ends the thread; a handler that runs is interrupted. */
    @Override
    public void close() {
        thread.close();
    }
}
