package dev.roundtrip.local.iot.data;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.HttpEndpoint;
import dev.roundtrip.local.http.operation.ErrorType;
import dev.roundtrip.local.http.operation.QueryValues;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.Connections;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Serves {@code /connections/…}: SendDirectMessage, GetConnection, ListSubscriptions, DeleteConnection. Thread-safe.
 *
 * <p>Source: AWS IoT developer guide, "Direct messaging" and "Managing MQTT connections", 2026, and service model {@code iot-data-2015-05-28}.
 */
public final class DataPlane implements HttpEndpoint {
    private static final Pattern PATH = Pattern.compile("/connections/([^/]+)(/messages|/subscriptions)?");
    private static final int MAX_CLIENT_ID_BYTES = 128;

    private final Callers callers;
    private final DirectMessages messages;

    /** @param limits of messages and topics */
    public DataPlane(Callers callers, BrokerLimits limits) {
        this.callers = callers;
        this.messages = new DirectMessages(limits);
    }

    @Override
    public boolean mayBeAnswered(SignedRequest head) {
        return callers.mayBeSigned(head);
    }

    @Override
    public CompletionStage<Answer> answer(Question question, Connections connections) {
        Optional<Callers.Sender> sender = callers.authenticate(question.request(), question.source());
        if (sender.isEmpty()) {
            return CompletableFuture.completedFuture(Answers.refused(ErrorType.FORBIDDEN, "Forbidden"));
        }
        Matcher path = PATH.matcher(question.request().path());
        if (!path.matches()) {
            return CompletableFuture.completedFuture(UnservedOperation.answer(question.request()));
        }
        try {
            String clientId = QueryValues.decode(path.group(1).replace("+", "%2B"));
            if (clientId.startsWith("$") || clientId.getBytes(StandardCharsets.UTF_8).length > MAX_CLIENT_ID_BYTES) {
                throw new Refusal(
                        ErrorType.INVALID_REQUEST,
                        "a client id has 1 to " + MAX_CLIENT_ID_BYTES + " bytes and no $ in front");
            }
            Addressed addressed = new Addressed(
                    question.request(),
                    clientId,
                    new QueryValues(question.request().query()),
                    sender.get());
            return serve(addressed, path.group(2) == null ? "" : path.group(2), connections)
                    .thenApply(answer -> answer.by(sender.get().arn()));
        } catch (Refusal refusal) {
            return CompletableFuture.completedFuture(
                    Answers.refused(refusal.type(), String.valueOf(refusal.getMessage()), refusal.denial())
                            .by(sender.get().arn()));
        }
    }

    /** A request that is about a client, from somebody known. */
    record Addressed(SignedRequest request, String clientId, QueryValues parameters, Callers.Sender sender) {

        void demand(DataAction action) throws Refusal {
            demand(action, null, " on this client");
        }

        /** @param what is concerned, in the sender's answer */
        void demand(DataAction action, @Nullable String topic, String what) throws Refusal {
            if (!sender.may(action, clientId, topic)) {
                String statement = sender.refusal(action, clientId, topic);
                throw new Refusal(
                        ErrorType.FORBIDDEN,
                        "no policy allows " + action.iamName() + what,
                        new HttpEndpoint.Denial(action.iamName(), clientId, statement));
            }
        }
    }

    private CompletionStage<Answer> serve(Addressed addressed, String part, Connections connections) throws Refusal {
        return switch (addressed.request().method() + " " + part) {
            case "POST /messages" -> messages.send(addressed, connections);
            case "GET " -> CompletableFuture.completedFuture(ConnectionRecords.get(addressed, connections));
            case "GET /subscriptions" ->
                CompletableFuture.completedFuture(ConnectionRecords.list(addressed, connections));
            case "DELETE " -> CompletableFuture.completedFuture(ConnectionRecords.delete(addressed, connections));
            default ->
                throw new Refusal(
                        ErrorType.METHOD_NOT_ALLOWED,
                        "this path does not take " + addressed.request().method());
        };
    }
}
