package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.RestJson;

/** Executions as things are shown them, with times in whole seconds. */
final class JobJson {
    /** Numbers stay as they were written. Rows of earlier versions may have a member twice. */
    private static final ObjectReader READER = JsonMapper.builder()
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .reader();

    private JobJson() {}

    /** An execution in a list. */
    static ObjectNode summary(JobExecution execution) {
        ObjectNode summary = RestJson.MAPPER
                .createObjectNode()
                .put("jobId", execution.jobId())
                .put("queuedAt", execution.queuedAt() / 1000)
                .put("lastUpdatedAt", execution.lastUpdatedAt() / 1000);
        if (execution.startedAt() != 0) {
            summary.put("startedAt", execution.startedAt() / 1000);
        }
        return summary.put("executionNumber", execution.number()).put("versionNumber", execution.version());
    }

    /** An execution by itself, without its document.
     *
     * @param now in milliseconds
     */
    static ObjectNode execution(JobExecution execution, long now) {
        ObjectNode shown = RestJson.MAPPER
                .createObjectNode()
                .put("jobId", execution.jobId())
                .put("thingName", execution.thing())
                .put("status", execution.status().name());
        if (!execution.statusDetails().isEmpty()) {
            shown.set("statusDetails", JobEvent.details(execution.statusDetails()));
        }
        shown.put("queuedAt", execution.queuedAt() / 1000);
        if (execution.startedAt() != 0) {
            shown.put("startedAt", execution.startedAt() / 1000);
        }
        shown.put("lastUpdatedAt", execution.lastUpdatedAt() / 1000);
        long end = execution.timers().next();
        if (end != 0) {
            shown.put("approximateSecondsBeforeTimedOut", Math.max(0, (end - now) / 1000));
        }
        return shown.put("versionNumber", execution.version()).put("executionNumber", execution.number());
    }

    /** The state of an execution. */
    static ObjectNode state(JobExecution execution) {
        ObjectNode state = RestJson.MAPPER
                .createObjectNode()
                .put("status", execution.status().name());
        if (!execution.statusDetails().isEmpty()) {
            state.set("statusDetails", JobEvent.details(execution.statusDetails()));
        }
        return state.put("versionNumber", execution.version());
    }

    /** A document that was JSON when the job was made. */
    static JsonNode parsed(String document) {
        try {
            return READER.readTree(document);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the document of a job is no JSON");
        }
    }
}
