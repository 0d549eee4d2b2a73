package dev.roundtrip.local.iot.data;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.QueryValues;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.Connections;
import dev.roundtrip.mqtt.DirectMessage;
import dev.roundtrip.mqtt.DirectOutcome;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** SendDirectMessage. Thread-safe. */
final class DirectMessages {
    private static final int DEFAULT_TIMEOUT = 5;
    private static final int MAX_TIMEOUT = 15;

    private final Connections connections;
    private final MessageReader messages;

    DirectMessages(Connections connections, BrokerLimits limits) {
        this.connections = connections;
        this.messages = new MessageReader(limits);
    }

    CompletionStage<HttpReply> send(OperationRequest request) throws Refusal {
        String clientId = DataPlane.clientId(request);
        String topic = request.query().required("topic");
        if (topic.startsWith("$")) {
            throw Refusal.invalid("the topic is reserved: a direct message has none that starts with $");
        }
        Publication content = messages.read(request, topic);
        return connections
                .send(clientId, message(content, request.query()))
                .thenCompose(outcome -> answer(request, outcome));
    }

    /** Without a confirmation nothing is waited for, so a timeout is not even read. */
    private static DirectMessage message(Publication content, QueryValues query) throws Refusal {
        if (!query.flag("confirmation")) {
            return new DirectMessage(content, Qos.AT_MOST_ONCE, Duration.ofSeconds(DEFAULT_TIMEOUT));
        }
        int timeout = query.number("timeout", DEFAULT_TIMEOUT, 1, MAX_TIMEOUT);
        return new DirectMessage(content, Qos.AT_LEAST_ONCE, Duration.ofSeconds(timeout));
    }

    private static CompletionStage<HttpReply> answer(OperationRequest request, DirectOutcome outcome) {
        return switch (outcome) {
            case SENT, CONFIRMED -> CompletableFuture.completedFuture(taken(request));
            case NOT_CONNECTED -> refused(ErrorType.RESOURCE_NOT_FOUND, "the client is not connected");
            case AWAY ->
                refused(
                        ErrorType.RESOURCE_NOT_FOUND,
                        "the client is not connected; its persistent session has not expired");
            case FORBIDDEN -> refused(ErrorType.FORBIDDEN, "no policy allows the client iot:Receive on this topic");
            case THROTTLED -> refused(ErrorType.THROTTLING, "the client has too many messages at once");
            case TOO_LARGE -> refused(ErrorType.REQUEST_ENTITY_TOO_LARGE, "the client takes no message of this size");
            case REFUSED -> refused(ErrorType.GATEWAY_TIMEOUT, "the client refused the message in its PUBACK");
            case UNCONFIRMED -> refused(ErrorType.GATEWAY_TIMEOUT, "the client did not confirm in time");
        };
    }

    /** What AWS IoT says to a message that it took. */
    static HttpReply taken(OperationRequest request) {
        return RestJson.ok(
                RestJson.MAPPER.createObjectNode().put("message", "OK").put("traceId", request.id()));
    }

    private static CompletionStage<HttpReply> refused(ErrorType type, String message) {
        return CompletableFuture.failedFuture(new Refusal(type, message));
    }
}
