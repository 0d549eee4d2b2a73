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
 * @param order where the request stands among others; null when it is not ordered
 * @param key what names its effect; null when nothing does
 * @param trace the trace that it belongs to; null when it belongs to none
 */
public record RequestMessage(
        Instant timestamp,
        JsonText request,
        WireId id,
        @Nullable Instant deadline,
        @Nullable Order order,
        @Nullable RequestKey key,
        @Nullable TraceParent trace) {
    private static final Pattern EPOCH_MILLIS = Pattern.compile("-?[0-9]{1,19}");
    private static final String REPLAY_ONLY = "only";

    /** Cuts both instants down to whole milliseconds. */
    public RequestMessage {
        timestamp = Instant.ofEpochMilli(timestamp.toEpochMilli());
        deadline = deadline == null ? null : Instant.ofEpochMilli(deadline.toEpochMilli());
    }

    /** A request without order, key and trace. */
    public RequestMessage(Instant timestamp, JsonText request, WireId id, @Nullable Instant deadline) {
        this(timestamp, request, id, deadline, null, null, null);
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
        if (order != null) {
            write(order, message);
        }
        if (key != null) {
            write(key, message);
        }
        if (trace != null) {
            message.put("traceparent", trace.value());
        }
        return Json.write(message);
    }

    private static void write(Order order, ObjectNode message) {
        message.put("sequence", order.sequence());
        if (order.after() != null) {
            message.put("after", order.after());
        }
        if (order.epoch() != null) {
            message.put("epoch", order.epoch().value());
        }
    }

    private static void write(RequestKey key, ObjectNode message) {
        message.put("key", key.value());
        if (key.digest() != null) {
            message.put("digest", key.digest());
        }
        message.put("keep", key.keepSeconds());
        if (key.replay() == RequestKey.Replay.ONLY) {
            message.put("replay", REPLAY_ONLY);
        }
    }

    /** Reads a payload; fields that the contract does not name are passed over.
     *
     * @throws MalformedMessageException when it is not a JSON object with {@code timestamp}, {@code request} and
     *     {@code id}, or one of the other fields breaks its rule
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
                    deadline(message.get("deadline")),
                    order(message),
                    key(message),
                    trace(message));
        } catch (IllegalArgumentException rule) {
            throw new MalformedMessageException(String.valueOf(rule.getMessage()));
        }
    }

    private static @Nullable Order order(ObjectNode message) throws MalformedMessageException {
        JsonNode sequence = message.get("sequence");
        JsonNode after = message.get("after");
        JsonNode epoch = message.get("epoch");
        if (sequence == null) {
            if (after != null || epoch != null) {
                throw new MalformedMessageException("after and epoch need sequence");
            }
            return null;
        }
        return new Order(
                wholeNumber("sequence", sequence),
                after == null ? null : Long.valueOf(wholeNumber("after", after)),
                epoch == null ? null : new Epoch(Payload.text(message, "epoch")));
    }

    private static @Nullable RequestKey key(ObjectNode message) throws MalformedMessageException {
        JsonNode replay = message.get("replay");
        JsonNode keep = message.get("keep");
        if (!message.has("key")) {
            if (replay != null || keep != null || message.has("digest")) {
                throw new MalformedMessageException("digest, keep and replay need key");
            }
            return null;
        }
        if (replay != null && !REPLAY_ONLY.equals(replay.textValue())) {
            throw new MalformedMessageException("replay can be only, or be left out");
        }
        long seconds = keep == null ? RequestKey.DEFAULT_KEEP_SECONDS : wholeNumber("keep", keep);
        return new RequestKey(
                Payload.text(message, "key"),
                message.has("digest") ? Payload.text(message, "digest") : null,
                Math.clamp(seconds, -1, Integer.MAX_VALUE),
                replay == null ? RequestKey.Replay.OR_RUN : RequestKey.Replay.ONLY);
    }

    /** One that breaks its rule is none: a trace decides nothing about the request. */
    private static @Nullable TraceParent trace(ObjectNode message) {
        String value = message.path("traceparent").textValue();
        return value == null ? null : TraceParent.read(value);
    }

    private static long wholeNumber(String field, JsonNode value) throws MalformedMessageException {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new MalformedMessageException(field + " must be a whole number");
        }
        return value.longValue();
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
