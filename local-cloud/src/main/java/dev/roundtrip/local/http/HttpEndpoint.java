package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.mqtt.Connections;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers the HTTP requests on the gateways' port that are no upgrade to MQTT. Thread-safe. */
@FunctionalInterface
public interface HttpEndpoint {
    /** Knows no path. */
    HttpEndpoint NONE = (question, connections) -> CompletableFuture.completedFuture(Answer.notFound());

    /** Answers. Asked on a virtual thread, and may block it.
     *
     * @param question not yet verified
     * @param connections the broker's clients
     */
    CompletionStage<Answer> answer(Question question, Connections connections);

    /** Whether a request may be answered at all, as far as its head says: no body is taken of another. Must not block.
     *
     * @param head the request without its body
     */
    default boolean mayBeAnswered(SignedRequest head) {
        return true;
    }

    /** A request as it was sent.
     *
     * @param source where it comes from
     */
    record Question(SignedRequest request, InetAddress source) {}

    /** What to send back.
     *
     * @param headers beside {@code Content-Length}, {@code Date} and {@code Connection}
     */
    record Answer(int status, Map<String, String> headers, String body) {
        /** The data plane's way to say that there is no such path. */
        public static Answer notFound() {
            return new Answer(
                    404,
                    Map.of("content-type", "application/json"),
                    "{\"message\":\"Not Found\",\"traceId\":\"" + UUID.randomUUID() + "\"}");
        }

        byte[] bytes() {
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }
}
