package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.iot.document.DocumentFormat;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One run of a command on one device. Immutable by convention.
 *
 * @param reason null when nobody gave one
 * @param result in the form of the API; empty when there is none
 * @param request what the execution was asked for with
 * @param lastUpdatedAt also of the creation
 * @param startedAt when the device said that it runs; null before
 * @param completedAt when the device said how it ended; null before
 */
record CommandExecution(
        ExecutionKey key,
        ExecutionState state,
        @Nullable StatusReason reason,
        ObjectNode result,
        Request request,
        Instant createdAt,
        Instant lastUpdatedAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt) {
    /** Source: AWS IoT Device Management quotas, "command execution retention". */
    static final Duration RETENTION = Duration.ofDays(180);

    /** What an execution is asked for with. Immutable by convention.
     *
     * @param parameters in the form of the API; empty when there are none
     * @param timeoutSeconds 1 or more
     * @param clientToken the same request with the same token is the same execution; empty for none
     */
    record Request(String commandId, ObjectNode parameters, long timeoutSeconds, String clientToken) {
        /** Whether it asks for the same, whatever the token. */
        boolean isLike(Request other) {
            return commandId.equals(other.commandId)
                    && parameters.equals(other.parameters)
                    && timeoutSeconds == other.timeoutSeconds;
        }
    }

    static CommandExecution created(ExecutionKey key, Request request, Instant now) {
        return new CommandExecution(
                key,
                ExecutionState.CREATED,
                null,
                JsonNodeFactory.instance.objectNode(),
                request,
                now,
                now,
                null,
                null);
    }

    /** When its time is over. */
    Instant deadline() {
        return createdAt.plusSeconds(request.timeoutSeconds);
    }

    /** When it is forgotten. */
    Instant timeToLive() {
        return createdAt.plus(RETENTION);
    }

    /** The execution after a report of its device. What the report does not have is gone: it is of the former status.
     * That the request was perhaps sent twice stays, where the report gives no reason of its own.
     *
     * @param next the state that the report leads to
     */
    CommandExecution reported(ExecutionState next, DeviceUpdate update, Instant now) {
        return new CommandExecution(
                key,
                next,
                update.reason() == null && StatusReason.SENT_AGAIN.equals(reason) ? reason : update.reason(),
                update.result(),
                request,
                createdAt,
                now,
                next == ExecutionState.IN_PROGRESS && startedAt == null ? now : startedAt,
                next.isTerminal() ? now : completedAt);
    }

    /** The execution whose request is sent again. */
    CommandExecution sentAgain(Instant now) {
        return new CommandExecution(
                key, state, StatusReason.SENT_AGAIN, result, request, createdAt, now, startedAt, completedAt);
    }

    /** The execution whose time is over. */
    CommandExecution overdue(Instant now) {
        return new CommandExecution(
                key,
                ExecutionState.OVERDUE,
                StatusReason.NO_RESPONSE,
                result,
                request,
                createdAt,
                now,
                startedAt,
                completedAt);
    }

    byte[] row() {
        ObjectNode row = JsonNodeFactory.instance
                .objectNode()
                .put("state", state.name())
                .put("command", request.commandId)
                .put("timeout", request.timeoutSeconds)
                .put("token", request.clientToken)
                .put("createdAt", createdAt.toEpochMilli())
                .put("lastUpdatedAt", lastUpdatedAt.toEpochMilli());
        row.set("parameters", request.parameters);
        row.set("result", result);
        if (reason != null) {
            row.set("reason", reason.json());
        }
        Moments.put(row, "startedAt", startedAt);
        Moments.put(row, "completedAt", completedAt);
        return DocumentFormat.JSON.write(row);
    }

    /** @param row what {@link #row} made */
    static CommandExecution of(ExecutionKey key, byte[] row) {
        try {
            JsonNode json = RestJson.MAPPER.readTree(row);
            return new CommandExecution(
                    key,
                    ExecutionState.valueOf(json.path("state").asText()),
                    json.has("reason") ? StatusReason.of(json.path("reason")) : null,
                    json.withObject("/result"),
                    new Request(
                            json.path("command").asText(),
                            json.withObject("/parameters"),
                            json.path("timeout").asLong(),
                            json.path("token").asText()),
                    Moments.of(json, "createdAt"),
                    Moments.of(json, "lastUpdatedAt"),
                    Moments.orNull(json, "startedAt"),
                    Moments.orNull(json, "completedAt"));
        } catch (IOException damaged) {
            throw new IllegalStateException("the row of the execution " + key.id() + " cannot be read", damaged);
        }
    }
}
