package dev.roundtrip.device;

import dev.roundtrip.device.operation.MethodCaller;
import dev.roundtrip.device.responder.AnswerPublisher;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MalformedMessageException;
import dev.roundtrip.protocol.RequestMessage;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls of the device's own methods, which never leave the device. Thread-safe. */
final class LocalCalls implements MethodCaller, AnswerPublisher {
    /** Who asks, where a method asks for the deployment. */
    private static final ClientPrefix JOBS = new ClientPrefix("jobs");

    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Target device;
    private final AnswerPublisher others;
    private final Duration longest;
    private final boolean remembersKeys;
    private final Map<String, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();
    private volatile Consumer<Delivery> responder = delivery -> {};

    /** @param others takes answers to calls of others
     * @param longest how far in the future a deadline may be
     */
    LocalCalls(Target device, AnswerPublisher others, Duration longest, boolean remembersKeys) {
        this.device = device;
        this.others = others;
        this.longest = longest;
        this.remembersKeys = remembersKeys;
    }

    /** Who runs the methods; given before the first call. */
    void responder(Consumer<Delivery> runs) {
        responder = runs;
    }

    @Override
    public @Nullable AnswerMessage call(LocalCall call) throws InterruptedException {
        Route route = new Route(JOBS, call.id(), device, call.method());
        Instant now = Instant.now();
        Instant last = now.plus(longest);
        // A job may wait for days; its call is made now, and has no more time than any other.
        Instant deadline = call.deadline() == null || call.deadline().isAfter(last) ? last : call.deadline();
        RequestMessage message =
                new RequestMessage(now, call.request(), route.wireId(), deadline, null, call.key(), null);
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        String topic = route.answerTopic().value();
        if (waiting.putIfAbsent(topic, answer) != null) {
            throw new IllegalStateException("this call is at work");
        }
        try {
            responder.accept(
                    new Delivery(route.requestTopic().value(), message.encode(), Delivery.NO_CORRELATION, null));
            Duration left = Duration.between(now, deadline);
            return AnswerMessage.decode(
                    answer.get((left.isNegative() ? GRACE : left.plus(GRACE)).toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException unanswered) {
            return null;
        } catch (ExecutionException | MalformedMessageException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            waiting.remove(topic);
        }
    }

    @Override
    public boolean remembersKeys() {
        return remembersKeys;
    }

    @Override
    public void publish(Answer answer) throws TransportException, InterruptedException {
        CompletableFuture<byte[]> ours = waiting.get(answer.topic().value());
        if (ours == null) {
            others.publish(answer);
        } else {
            boolean unused = ours.complete(answer.payload());
        }
    }
}
