package dev.roundtrip.device.update;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.transport.TopicPublisher;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Requests to a service that wait for their answers. Holds as many as threads ask. Thread-safe. */
public final class PendingAnswers {
    private final Map<String, CompletableFuture<ServiceAnswer>> waiting = new ConcurrentHashMap<>();
    private final TopicPublisher publisher;
    private final Duration patience;

    /** @param patience for how long an answer is waited for */
    public PendingAnswers(TopicPublisher publisher, Duration patience) {
        this.publisher = publisher;
        this.patience = patience;
    }

    /** Publishes a request, and waits for its answer.
     *
     * @param key by which the answer is known; one request with it at a time
     * @return null when no answer came in time, or the broker did not take the request: it may have been served
     * @throws InterruptedException when the thread is interrupted
     */
    public @Nullable ServiceAnswer ask(String key, Topic topic, JsonNode body) throws InterruptedException {
        CompletableFuture<ServiceAnswer> answer = new CompletableFuture<>();
        if (waiting.putIfAbsent(key, answer) != null) {
            throw new IllegalStateException("there is a request with this key already");
        }
        try {
            publisher.publish(topic, Json.write(body), patience);
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TransportException | TimeoutException unanswered) {
            return null;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            waiting.remove(key);
        }
    }

    /** An answer came. Never blocks.
     *
     * @return whether somebody waited for it
     */
    public boolean answered(String key, ServiceAnswer answer) {
        CompletableFuture<ServiceAnswer> request = waiting.get(key);
        return request != null && request.complete(answer);
    }
}
