package dev.roundtrip.device.update;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.TopicPublisher;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.Topic;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The topics on which a device and one service talk, and the requests that wait for answers there. Thread-safe. */
public final class ServiceTopics {
    /** Characters of a trouble that are told: some are the service's; our choice. */
    private static final int MAX_TROUBLE = 500;

    private final String prefix;
    private final List<String> filters;
    private final PendingAnswers answers;
    private final Consumer<String> troubles;

    /** @param prefix what all topics begin with, with a slash at the end
     * @param verbs what follows in the filters to which the device subscribes
     * @param troubles told, in one sentence, what the service does not take
     */
    public ServiceTopics(
            String prefix, List<String> verbs, TopicPublisher publisher, Patience patience, Consumer<String> troubles) {
        this.prefix = prefix;
        this.filters = verbs.stream().map(prefix::concat).toList();
        this.answers = new PendingAnswers(publisher, patience.answer());
        this.troubles = troubles;
    }

    /** What the device subscribes to. */
    public List<String> filters() {
        return filters;
    }

    /** What follows the prefix in a message's topic; null when the message is not of this service. */
    public @Nullable String verb(Delivery delivery) {
        String topic = delivery.topic();
        return topic.startsWith(prefix) ? topic.substring(prefix.length()) : null;
    }

    /** A message's JSON; null when it has none. */
    public static @Nullable JsonNode json(Delivery delivery) {
        try {
            return Json.read(delivery.payload());
        } catch (MalformedJsonException notOfTheService) {
            return null;
        }
    }

    /** Publishes a request, and waits for its answer; as {@link PendingAnswers#ask}.
     *
     * @param verb what follows the prefix in the request's topic
     */
    public @Nullable ServiceAnswer ask(String key, String verb, JsonNode body) throws InterruptedException {
        return answers.ask(key, new Topic(prefix + verb), body);
    }

    /** An answer came. Never blocks. */
    public void answered(String key, ServiceAnswer answer) {
        boolean unused = answers.answered(key, answer);
    }

    /** Tells what the service does not take, one sentence. A listener that breaks ends nothing. */
    public void tell(String trouble) {
        try {
            troubles.accept(PlainText.of(trouble, MAX_TROUBLE));
        } catch (RuntimeException defect) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, defect);
        }
    }
}
