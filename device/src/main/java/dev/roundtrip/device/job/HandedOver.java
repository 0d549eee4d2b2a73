package dev.roundtrip.device.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An execution as the service hands it over.
 *
 * @param jobId the job
 * @param number its execution number
 * @param version grows with each update; 0 when it is not known
 * @param document what is to be done
 * @param details its status details
 * @param queuedAt when it was queued, epoch seconds: another job with the same id has another time
 * @param elapsed the time since it was started, by the service's clock
 */
record HandedOver(
        String jobId,
        long number,
        long version,
        JsonNode document,
        StatusDetails details,
        long queuedAt,
        Duration elapsed) {
    private static final Pattern JOB_ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    /** @return null when there is none */
    static @Nullable HandedOver read(JsonNode answer) {
        JsonNode execution = answer.path("execution");
        String jobId = execution.path("jobId").asText();
        if (!JOB_ID.matcher(jobId).matches()) {
            return null;
        }
        long started = execution.path("startedAt").asLong();
        long now = answer.path("timestamp").asLong();
        return new HandedOver(
                jobId,
                execution.path("executionNumber").asLong(),
                execution.path("versionNumber").asLong(),
                execution.path("jobDocument"),
                StatusDetails.of(execution.path("statusDetails")),
                execution.path("queuedAt").asLong(),
                Duration.ofSeconds(started > 0 && now > started ? now - started : 0));
    }

    boolean isSame(HandedOver other) {
        return jobId.equals(other.jobId) && number == other.number && queuedAt == other.queuedAt;
    }
}
