package dev.roundtrip.device.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Updates of an execution, as the service reads them. */
final class UpdateText {
    /** The status of an execution that goes on. */
    static final String IN_PROGRESS = "IN_PROGRESS";

    private UpdateText() {}

    static ObjectNode inProgress(@Nullable StatusReason reason) {
        return update(IN_PROGRESS, reason);
    }

    /** A result that does not fit into a message is left out, and the reason says so where there is none: how the
     * execution ended stays true.
     */
    static ObjectNode of(ExecutionResult result) {
        ObjectNode update = update(result.status().name(), result.reason());
        if (!result.values().isEmpty()) {
            ObjectNode values = update.putObject("result");
            result.values().forEach((name, value) -> {
                ObjectNode written = values.putObject(name);
                switch (value) {
                    case ResultValue.Text text -> written.put("s", text.value());
                    case ResultValue.Flag flag -> written.put("b", flag.value());
                    case ResultValue.Bytes bytes -> written.put("bin", bytes.value());
                }
            });
        }
        if (Json.write(update).length > Json.MAX_PAYLOAD_BYTES) {
            return update(
                    result.status().name(),
                    Objects.requireNonNullElseGet(
                            result.reason(),
                            () -> new StatusReason("RESULT_TOO_LARGE", "the result is larger than a message can be")));
        }
        return update;
    }

    private static ObjectNode update(String status, @Nullable StatusReason reason) {
        ObjectNode update = Json.object().put("status", status);
        if (reason != null) {
            ObjectNode written = update.putObject("statusReason").put("reasonCode", reason.code());
            if (!reason.description().isEmpty()) {
                written.put("reasonDescription", reason.description());
            }
        }
        return update;
    }
}
