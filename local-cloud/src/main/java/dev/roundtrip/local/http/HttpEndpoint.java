package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.mqtt.Connections;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

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

    /** What a log says of a refusal.
     *
     * @param traceId as the answer has it
     * @param error AWS's name of the error
     * @param caller the ARN of the signer; null while nobody is known to have signed
     * @param denial null unless policies are the reason
     */
    record Refused(
            String traceId,
            String error,
            @Nullable String caller,
            @Nullable Denial denial) {}

    /** What policies do not allow.
     *
     * @param action as policies write it
     * @param statement which statement denies it, or that none allows it
     */
    record Denial(String action, String resource, String statement) {}

    /** What to send back.
     *
     * @param headers beside {@code Content-Length}, {@code Date} and {@code Connection}
     * @param refused for the log; null when it is no refusal
     */
    record Answer(
            int status,
            Map<String, String> headers,
            String body,
            @Nullable Refused refused) {
        /** One that is no refusal. */
        public Answer(int status, Map<String, String> headers, String body) {
            this(status, headers, body, null);
        }

        /** The data plane's way to say that there is no such path. */
        public static Answer notFound() {
            String traceId = UUID.randomUUID().toString();
            return new Answer(
                    404,
                    Map.of("content-type", "application/json"),
                    "{\"message\":\"Not Found\",\"traceId\":\"" + traceId + "\"}",
                    new Refused(traceId, "NotFound", null, null));
        }

        /** The same, with the signer's ARN for the log. */
        public Answer by(@Nullable String caller) {
            return refused == null
                    ? this
                    : new Answer(
                            status,
                            headers,
                            body,
                            new Refused(refused.traceId(), refused.error(), caller, refused.denial()));
        }

        byte[] bytes() {
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }
}
