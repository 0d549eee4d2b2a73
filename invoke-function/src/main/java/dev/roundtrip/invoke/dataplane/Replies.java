package dev.roundtrip.invoke.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.dataplane.DataPlane.Connected;
import dev.roundtrip.invoke.dataplane.DataPlane.Connection;
import dev.roundtrip.invoke.dataplane.DataPlane.Disconnected;
import dev.roundtrip.invoke.dataplane.DataPlane.NotConnected;
import dev.roundtrip.invoke.dataplane.DataPlane.Perhaps;
import dev.roundtrip.invoke.dataplane.DataPlane.Refused;
import dev.roundtrip.invoke.dataplane.DataPlane.Sent;
import dev.roundtrip.invoke.dataplane.DataPlane.SessionFate;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the data plane's replies mean. */
final class Replies {
    /** Source: service model {@code iot-data-2015-05-28}; a server that is none of AWS IoT has another 404. */
    private static final String UNKNOWN_CLIENT = "ResourceNotFoundException";

    private Replies() {}

    /** A reply over HTTP.
     *
     * @param errorType of the header {@code x-amzn-ErrorType}, empty when there is none
     * @param date of the header {@code Date}, cut to the second; null when there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
    record Reply(int status, String errorType, @Nullable Instant date, byte[] body) {
        boolean isUnknownClient() {
            return status == 404 && errorType.startsWith(UNKNOWN_CLIENT);
        }

        @Nullable JsonNode json() {
            try {
                return Json.read(body);
            } catch (MalformedJsonException notJson) {
                return null;
            }
        }
    }

    /** What SendDirectMessage's reply says of the command. Where the server failed, or says what SendDirectMessage does
     * not, nobody knows. Source: service model
     * {@code iot-data-2015-05-28}, the operation's errors. */
    static Sent sent(Reply reply) {
        if (reply.isUnknownClient()) {
            return new NotConnected();
        }
        return switch (reply.status()) {
            case 400, 401, 403, 404 ->
                new Refused(
                        new InvocationResult.Unavailable("the broker refused the direct message: " + describe(reply)));
            case 413 ->
                new Refused(new InvocationResult.TooLarge("the broker or the device takes no message of this size"));
            case 429 ->
                new Refused(new InvocationResult.Throttled("the broker has reached a limit of direct messages"));
            default -> new Perhaps();
        };
    }

    static String describe(Reply reply) {
        String type = reply.errorType().replaceFirst(":.*", "");
        return type.matches("[A-Za-z]{1,64}") ? reply.status() + " " + type : Integer.toString(reply.status());
    }

    /** What GetConnection's reply says; null when it is none. */
    static @Nullable Connection connection(Reply reply) {
        if (reply.isUnknownClient()) {
            return new DataPlane.Unknown();
        }
        JsonNode record = reply.status() == 200 ? reply.json() : null;
        if (record == null || !record.path("connected").isBoolean()) {
            return null;
        }
        if (record.path("connected").booleanValue()) {
            return new Connected();
        }
        JsonNode since = record.path("disconnectedSince");
        boolean ended = record.path("cleanSession").asBoolean(false)
                && record.path("sessionExpiry").asLong(0) == 0;
        return new Disconnected(
                since.canConvertToLong() && since.longValue() > 0 ? Instant.ofEpochMilli(since.longValue()) : null,
                record.path("disconnectReason").textValue(),
                ended ? SessionFate.ENDED : SessionFate.MAY_WAIT);
    }

    /** Some of a session's subscriptions.
     *
     * @param nextToken asks for the next page; null on the last one
     */
    record Page(List<String> filters, @Nullable String nextToken) {}

    /** What ListSubscriptions' reply says; null when it is none, or has no filter where one should be. */
    static @Nullable Page subscriptions(Reply reply) {
        if (reply.isUnknownClient()) {
            return new Page(List.of(), null);
        }
        JsonNode page = reply.status() == 200 ? reply.json() : null;
        if (page == null || !page.path("subscriptions").isArray()) {
            return null;
        }
        List<String> filters = new ArrayList<>();
        for (JsonNode each : page.path("subscriptions")) {
            String filter = each.path("topicFilter").textValue();
            if (filter == null) {
                return null;
            }
            filters.add(filter);
        }
        JsonNode token = page.path("nextToken");
        if (token.isMissingNode() || token.isNull()) {
            return new Page(filters, null);
        }
        return token.isTextual() ? new Page(filters, token.textValue()) : null;
    }
}
