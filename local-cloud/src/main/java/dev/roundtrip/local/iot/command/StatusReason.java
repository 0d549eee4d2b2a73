package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why an execution has its status. Immutable.
 *
 * @param description null when there is none
 */
record StatusReason(String code, @Nullable String description) {
    /** What the cloud says when the time is over. */
    static final StatusReason NO_RESPONSE = new StatusReason("$NO_RESPONSE_FROM_DEVICE", null);

    /** What the local cloud says when it ended before it noted whether the device was sent the request. */
    static final StatusReason SENT_AGAIN = new StatusReason(
            "$REQUEST_SENT_AGAIN",
            "The local cloud was ended while it sent the request; it may have been sent before.");

    /** Source: {@code StatusReasonCode} and {@code StatusReasonDescription} of service model {@code iot-2015-05-28}. */
    private static final Pattern CODE = Pattern.compile("[A-Z0-9_-]{1,64}");

    private static final Pattern DESCRIPTION = Pattern.compile("\\P{C}{0,1024}");
    private static final String CODE_NAME = "reasonCode";
    private static final String DESCRIPTION_NAME = "reasonDescription";

    /** Reads what a device gives as the reason.
     *
     * @throws UpdateRefusal when it is none
     */
    static StatusReason read(JsonNode reason) throws UpdateRefusal {
        JsonNode code = reason.path(CODE_NAME);
        JsonNode description = reason.path(DESCRIPTION_NAME);
        if (!code.isTextual() || !CODE.matcher(code.textValue()).matches()) {
            throw new UpdateRefusal(UpdateError.INVALID_REQUEST, "reasonCode must match " + CODE);
        }
        if (description.isMissingNode() || description.isNull()) {
            return new StatusReason(code.textValue(), null);
        }
        if (!description.isTextual()
                || !DESCRIPTION.matcher(description.textValue()).matches()) {
            throw new UpdateRefusal(
                    UpdateError.INVALID_REQUEST,
                    "reasonDescription must have at most 1024 characters, and none that controls");
        }
        return new StatusReason(code.textValue(), description.textValue());
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put(CODE_NAME, code);
        return description == null ? json : json.put(DESCRIPTION_NAME, description);
    }

    /** @param json what {@link #json} made */
    static StatusReason of(JsonNode json) {
        return new StatusReason(
                json.path(CODE_NAME).asText(), json.path(DESCRIPTION_NAME).textValue());
    }
}
