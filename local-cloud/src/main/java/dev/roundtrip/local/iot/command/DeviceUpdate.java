package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.iot.document.DocumentFormat;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a device reports about an execution. Members that nobody asks for are passed over. Immutable by convention.
 *
 * @param result in the form of the API, {@code {"name":{"S":…}}}; empty when there is none
 */
record DeviceUpdate(ExecutionStatus status, @Nullable StatusReason reason, ObjectNode result) {
    /** Source: {@code CommandExecutionResultName} of service model {@code iot-2015-05-28}. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,32}");

    /** Reads an update.
     *
     * @throws UpdateRefusal when it is malformed
     */
    static DeviceUpdate read(JsonNode root) throws UpdateRefusal {
        JsonNode reason = root.path("statusReason");
        return new DeviceUpdate(
                status(root.path("status")),
                reason.isMissingNode() || reason.isNull() ? null : StatusReason.read(reason),
                result(root.path("result")));
    }

    /** Reads a document that must be an object.
     *
     * @throws UpdateRefusal when it is none
     */
    static ObjectNode document(DocumentFormat format, byte[] payload) throws UpdateRefusal {
        try {
            if (format.read(payload) instanceof ObjectNode root) {
                return root;
            }
        } catch (IOException malformed) {
            // Told below: its message may quote the payload.
        }
        throw new UpdateRefusal(
                UpdateError.INVALID_JSON, "The payload must be an object in " + format.name() + " that is not deep");
    }

    private static ExecutionStatus status(JsonNode status) throws UpdateRefusal {
        return ExecutionStatus.of(status.asText())
                .filter(known -> status.isTextual() && known != ExecutionStatus.CREATED)
                .orElseThrow(() -> new UpdateRefusal(
                        UpdateError.INVALID_REQUEST,
                        "status must be one of IN_PROGRESS, SUCCEEDED, FAILED, REJECTED, TIMED_OUT"));
    }

    private static ObjectNode result(JsonNode given) throws UpdateRefusal {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        if (given.isMissingNode() || given.isNull()) {
            return result;
        }
        if (!given.isObject() || given.isEmpty()) {
            throw invalid("result must be an object with a member");
        }
        for (Map.Entry<String, JsonNode> member : given.properties()) {
            if (!NAME.matcher(member.getKey()).matches()) {
                throw invalid("the name of a result must match " + NAME);
            }
            result.set(member.getKey(), value(member.getValue()));
        }
        return result;
    }

    private static ObjectNode value(JsonNode given) throws UpdateRefusal {
        if (given.isObject() && given.size() == 1) {
            ObjectNode value = JsonNodeFactory.instance.objectNode();
            JsonNode text = given.path("s");
            JsonNode flag = given.path("b");
            JsonNode bytes = given.path("bin");
            if (text.isTextual() && !text.textValue().isEmpty()) {
                return value.put("S", text.textValue());
            }
            if (flag.isBoolean()) {
                return value.put("B", flag.booleanValue());
            }
            try {
                if ((bytes.isTextual() || bytes.isBinary()) && bytes.binaryValue().length > 0) {
                    return value.put("BIN", bytes.binaryValue());
                }
            } catch (IOException malformed) {
                // Told below.
            }
        }
        throw invalid("a result has exactly one of s, a string, b, a boolean, and bin, bytes in Base64");
    }

    private static UpdateRefusal invalid(String message) {
        return new UpdateRefusal(UpdateError.INVALID_REQUEST, message);
    }
}
