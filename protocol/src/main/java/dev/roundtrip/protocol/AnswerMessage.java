package dev.roundtrip.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a device sends back: its answer, or that it failed. */
public sealed interface AnswerMessage {

    /** The call that is answered, as the device wrote it: nothing promises that it is one of ours. */
    String id();

    /** The device did what it was asked.
     *
     * @param id see {@link AnswerMessage#id()}
     * @param response any JSON value, JSON null included, as the device wrote it
     */
    record Answered(String id, JsonText response) implements AnswerMessage {}

    /** The device tried and failed, or refused.
     *
     * @param id see {@link AnswerMessage#id()}
     * @param error why
     */
    record Failed(String id, DeviceError error) implements AnswerMessage {}

    /** Writes the payload, UTF-8. */
    default byte[] encode() {
        ObjectNode message = Json.object().put("id", id());
        switch (this) {
            case Answered answered -> message.set("response", Json.asWritten(answered.response()));
            case Failed failed ->
                message.putObject("error")
                        .put("code", failed.error().code())
                        .put("message", failed.error().message());
        }
        return Json.write(message);
    }

    /** Reads a payload; fields that the contract does not name are passed over.
     *
     * @throws MalformedMessageException when it is not a JSON object with {@code id} and exactly one of
     *     {@code response} and {@code error}
     */
    static AnswerMessage decode(byte[] payload) throws MalformedMessageException {
        Envelope envelope = Payload.read(payload, "response");
        ObjectNode message = envelope.members();
        String id = Payload.text(message, "id");
        JsonText response = envelope.content();
        JsonNode error = message.get("error");
        if (response != null && error == null) {
            return new Answered(id, response);
        }
        if (response == null && error instanceof ObjectNode details) {
            return new Failed(
                    id,
                    new DeviceError(
                            details.path("code").asText(""),
                            details.path("message").asText("")));
        }
        throw new MalformedMessageException("an answer has exactly one of response and error, and error is an object");
    }
}
