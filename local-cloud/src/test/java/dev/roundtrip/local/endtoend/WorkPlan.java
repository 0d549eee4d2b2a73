package dev.roundtrip.local.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Json;

/** What a device is asked to do: the document of a job, or the payload of a command.
 *
 * @param steps each has one effect
 * @param millis how long a step takes
 * @param end how it ends
 */
record WorkPlan(int steps, int millis, End end) {
    /** How work ends. */
    enum End {
        SUCCEEDED,
        FAILED,
        /** Before the first step. */
        REJECTED,
        /** It goes on until it is stopped; a job alone. */
        NEVER,
        /** The device's process ends after the last step, and the work succeeds in the next one; a job alone. */
        REBOOT
    }

    /** As JSON. */
    String document() {
        return Json.object()
                .put("operation", "play")
                .put("steps", steps)
                .put("millis", millis)
                .put("end", end.name())
                .toString();
    }

    static WorkPlan read(JsonNode document) {
        return new WorkPlan(
                document.path("steps").asInt(),
                document.path("millis").asInt(),
                End.valueOf(document.path("end").asText()));
    }
}
