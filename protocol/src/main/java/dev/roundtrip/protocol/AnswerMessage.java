package dev.roundtrip.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What a device sends back: its answer, that the method failed, or that it did not run. */
public sealed interface AnswerMessage {

    /** The call that is answered, as the device wrote it: nothing promises that it is one of ours. */
    String id();

    /** What the device says of order and keys. */
    DeviceMemory memory();

    /** The method ran and returned.
     *
     * @param id see {@link AnswerMessage#id()}
     * @param response any JSON value, JSON null included, as the device wrote it
     * @param memory see {@link AnswerMessage#memory()}
     */
    record Answered(String id, JsonText response, DeviceMemory memory) implements AnswerMessage {

        /** An answer to a request without order and key. */
        public Answered(String id, JsonText response) {
            this(id, response, DeviceMemory.NONE);
        }
    }

    /** The method ran and failed.
     *
     * @param id see {@link AnswerMessage#id()}
     * @param error why
     * @param memory see {@link AnswerMessage#memory()}
     */
    record Failed(String id, DeviceError error, DeviceMemory memory) implements AnswerMessage {

        /** An answer to a request without order and key. */
        public Failed(String id, DeviceError error) {
            this(id, error, DeviceMemory.NONE);
        }
    }

    /** The method did not run, and will not run for this request.
     *
     * @param id see {@link AnswerMessage#id()}
     * @param refusal why
     * @param memory see {@link AnswerMessage#memory()}
     */
    record Refused(String id, DeviceRefusal refusal, DeviceMemory memory) implements AnswerMessage {

        /** An answer to a request without order and key. */
        public Refused(String id, DeviceRefusal refusal) {
            this(id, refusal, DeviceMemory.NONE);
        }
    }

    /** Writes the payload, UTF-8. */
    default byte[] encode() {
        ObjectNode message = Json.object().put("id", id());
        switch (this) {
            case Answered answered -> message.set("response", Json.asWritten(answered.response()));
            case Failed failed ->
                message.putObject("error")
                        .put("code", failed.error().code())
                        .put("message", failed.error().message());
            case Refused refused -> {
                DeviceRefusal refusal = refused.refusal();
                ObjectNode written =
                        message.putObject("refused").put("code", refusal.code()).put("message", refusal.message());
                if (refusal.retryAfterSeconds() != null) {
                    written.put("retryAfter", refusal.retryAfterSeconds());
                }
            }
        }
        memory().writeTo(message);
        return Json.write(message);
    }

    /** Reads a payload. Fields that the contract does not name are passed over. A code, a message, a time, a lane or a
     * key that breaks its rule does not make the answer unreadable: see {@link DeviceError#asFarAsReadable} and
     * {@link DeviceMemory}.
     *
     * @throws MalformedMessageException when it is not a JSON object with {@code id} and exactly one of
     *     {@code response}, {@code error} and {@code refused}
     */
    static AnswerMessage decode(byte[] payload) throws MalformedMessageException {
        Envelope envelope = Payload.read(payload, "response");
        ObjectNode message = envelope.members();
        String id = Payload.text(message, "id");
        JsonText response = envelope.content();
        JsonNode error = message.get("error");
        JsonNode refused = message.get("refused");
        int outcomes = (response == null ? 0 : 1) + (error == null ? 0 : 1) + (refused == null ? 0 : 1);
        if (outcomes == 1) {
            if (response != null) {
                return new Answered(id, response, DeviceMemory.readFrom(message));
            }
            if (error instanceof ObjectNode details) {
                return new Failed(
                        id,
                        DeviceError.asFarAsReadable(
                                details.path("code").asText(""),
                                details.path("message").asText("")),
                        DeviceMemory.readFrom(message));
            }
            if (refused instanceof ObjectNode details) {
                return new Refused(
                        id,
                        DeviceRefusal.asFarAsReadable(
                                details.path("code").asText(""),
                                details.path("message").asText(""),
                                wholeNumber(details.path("retryAfter"))),
                        DeviceMemory.readFrom(message));
            }
        }
        throw new MalformedMessageException(
                "an answer has exactly one of response, error and refused; error and refused are objects");
    }

    private static @Nullable Long wholeNumber(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong() ? Long.valueOf(value.longValue()) : null;
    }
}
