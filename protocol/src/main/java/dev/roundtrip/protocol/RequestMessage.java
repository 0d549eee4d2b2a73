package dev.roundtrip.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a device is sent.
 *
 * @param timestamp when the gateway wrote it, whole milliseconds
 * @param request the JSON value that the caller gave, JSON null included, as it was written
 * @param id the call, as the topic names it
 * @param deadline after this instant nobody waits and the device must not run it, whole milliseconds; null from a
 *     gateway of the AWS sample, which sends none
 */
public record RequestMessage(
        Instant timestamp,
        JsonText request,
        WireId id,
        @Nullable Instant deadline) {
    private static final Pattern EPOCH_MILLIS = Pattern.compile("-?[0-9]{1,19}");

    /** Cuts both instants down to whole milliseconds. */
    public RequestMessage {
        timestamp = Instant.ofEpochMilli(timestamp.toEpochMilli());
        deadline = deadline == null ? null : Instant.ofEpochMilli(deadline.toEpochMilli());
    }

    /** Writes the payload, UTF-8. */
    public byte[] encode() {
        ObjectNode message = Json.object();
        message.put("timestamp", Long.toString(timestamp.toEpochMilli()));
        message.set("request", Json.asWritten(request));
        message.put("id", id.toString());
        if (deadline != null) {
            message.put("deadline", deadline.toEpochMilli());
        }
        return Json.write(message);
    }

    /** Reads a payload; fields that the contract does not name are passed over.
     *
     * @throws MalformedMessageException when it is not a JSON object with the fields, of which {@code deadline} alone
     *     may be absent
     */
    public static RequestMessage decode(byte[] payload) throws MalformedMessageException {
        Envelope envelope = Payload.read(payload, "request");
        ObjectNode message = envelope.members();
        JsonText request = envelope.content();
        if (request == null) {
            throw new MalformedMessageException("request is missing");
        }
        try {
            return new RequestMessage(
                    epochMillis(Payload.text(message, "timestamp")),
                    request,
                    WireId.of(Payload.text(message, "id")),
                    deadline(message.get("deadline")));
        } catch (MalformedNameException notAnId) {
            throw new MalformedMessageException(String.valueOf(notAnId.getMessage()));
        }
    }

    private static @Nullable Instant deadline(@Nullable JsonNode deadline) throws MalformedMessageException {
        if (deadline == null) {
            return null;
        }
        if (!deadline.isIntegralNumber() || !deadline.canConvertToLong()) {
            throw new MalformedMessageException("deadline must be a whole number of epoch milliseconds");
        }
        return Instant.ofEpochMilli(deadline.longValue());
    }

    private static Instant epochMillis(String text) throws MalformedMessageException {
        try {
            // Long.parseLong alone would also take a plus sign, and digits that are not ASCII.
            if (EPOCH_MILLIS.matcher(text).matches()) {
                return Instant.ofEpochMilli(Long.parseLong(text));
            }
        } catch (NumberFormatException tooLarge) {
            // Told below.
        }
        throw new MalformedMessageException("timestamp must be a string of epoch milliseconds");
    }
}
