package dev.roundtrip.device.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which handler carries a document out. Immutable.
 *
 * @param handlers by operation
 * @param other of every other document; null when they are rejected
 * @param rules how jobs are carried out
 * @param mapper reads documents
 */
public record JobTable(
        Map<String, JobHandler> handlers, @Nullable JobHandler other, JobRules rules, ObjectMapper mapper) {

    /** Copies the handlers. */
    public JobTable {
        handlers = Map.copyOf(handlers);
    }

    /** Carries a job out. Whatever its handler does, something becomes of it. */
    JobResult handle(RunningJob job) {
        try {
            checkTimeout(job.document().path("timeoutSeconds"));
            return Objects.requireNonNullElseGet(
                    handler(job.document()).handle(job), () -> JobResult.failed("the handler gave no result"));
        } catch (JobRejectedException rejected) {
            return JobResult.rejected(String.valueOf(rejected.getMessage()));
        } catch (Exception | Error ended) {
            // An interrupt may come out of a handler as any exception.
            if (job.ending() != null || ended instanceof InterruptedException) {
                return JobResult.stopped();
            }
            return JobResult.failed("the handler broke: " + ended.getClass().getName());
        }
    }

    /** The device's own deadline of an execution, from its start; null when there is none. */
    @Nullable Duration deadline(JsonNode document) {
        long seconds = document.path("timeoutSeconds").asLong();
        return seconds > 0 && seconds <= DeviceJobs.MAX_TIMEOUT_SECONDS
                ? Duration.ofSeconds(seconds)
                : rules.deadline();
    }

    private static void checkTimeout(JsonNode seconds) throws JobRejectedException {
        boolean isRight = seconds.isIntegralNumber()
                && seconds.canConvertToLong()
                && seconds.asLong() >= 1
                && seconds.asLong() <= DeviceJobs.MAX_TIMEOUT_SECONDS;
        if (!seconds.isMissingNode() && !isRight) {
            throw new JobRejectedException(
                    "the document's timeoutSeconds is no number from 1 to " + DeviceJobs.MAX_TIMEOUT_SECONDS);
        }
    }

    private JobHandler handler(JsonNode document) throws JobRejectedException {
        JsonNode operation = document.path("operation");
        JobHandler ours = operation.isTextual() ? handlers.get(operation.textValue()) : null;
        if (ours != null) {
            return ours;
        }
        if (other != null) {
            return other;
        }
        String known = "; this device knows " + String.join(", ", new TreeSet<>(handlers.keySet()));
        if (operation.isTextual()) {
            throw new JobRejectedException(
                    "the document's operation '" + operation.textValue() + "' is unknown" + known);
        }
        throw new JobRejectedException("the document has no text 'operation'" + known);
    }
}
