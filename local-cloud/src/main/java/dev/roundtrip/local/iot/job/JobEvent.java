package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.iot.configuration.EventConfigurations;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** An event about a job or an execution, published where events of its type are on.
 *
 * <p>Source: AWS IoT developer guide, "Jobs events".
 *
 * @param topic below {@code $aws/events/}
 * @param message the names of things are in it; their ARNs are made when it is published
 */
record JobEvent(String topic, ObjectNode message) {
    private static final String JOB = "JOB";
    private static final String EXECUTION = "JOB_EXECUTION";

    /** The thing of an execution, until its ARN is known. */
    static final String THING = "thingName";

    /** The event of a job that came into its status. */
    static List<JobEvent> ofJob(Snapshot rows, Job job, long now) {
        return switch (job.status()) {
            case COMPLETED, DELETION_IN_PROGRESS ->
                ofJob(rows, job, job.status().name(), now);
            case CANCELED -> ofJob(rows, job, "CANCELLATION_IN_PROGRESS", now);
            case SCHEDULED, IN_PROGRESS -> List.of();
        };
    }

    /** The event of a job.
     *
     * @param word {@code COMPLETED}, {@code CANCELLATION_IN_PROGRESS}, {@code CANCELED}, {@code DELETION_IN_PROGRESS}
     *     or {@code DELETED}
     */
    static List<JobEvent> ofJob(Snapshot rows, Job job, String word, long now) {
        if (!EventConfigurations.isEnabled(rows, JOB)) {
            return List.of();
        }
        ObjectNode message = head(JOB, word.toLowerCase(Locale.ROOT), now)
                .put("jobId", job.id())
                .put("status", word)
                .put("targetSelection", job.targetSelection().name());
        job.targets().forEach(message.putArray("targets")::add);
        message.put("description", job.description())
                .put("createdAt", job.times().createdAt())
                .put("lastUpdatedAt", job.times().lastUpdatedAt());
        if (job.times().completedAt() != 0) {
            message.put("completedAt", job.times().completedAt());
            message.set("jobProcessDetails", processDetails(JobRows.counts(rows, job.id())));
        }
        if (!job.ending().comment().isEmpty()) {
            message.put("comment", job.ending().comment());
        }
        return List.of(new JobEvent("job/" + job.id() + "/" + word.toLowerCase(Locale.ROOT), message));
    }

    /** How many things are in which status, as AWS's model has it. */
    static ObjectNode processDetails(JobCounts counts) {
        return RestJson.MAPPER
                .createObjectNode()
                .put("numberOfCanceledThings", counts.of(ExecutionStatus.CANCELED))
                .put("numberOfSucceededThings", counts.of(ExecutionStatus.SUCCEEDED))
                .put("numberOfFailedThings", counts.of(ExecutionStatus.FAILED))
                .put("numberOfRejectedThings", counts.of(ExecutionStatus.REJECTED))
                .put("numberOfQueuedThings", counts.of(ExecutionStatus.QUEUED))
                .put("numberOfInProgressThings", counts.of(ExecutionStatus.IN_PROGRESS))
                .put("numberOfRemovedThings", counts.of(ExecutionStatus.REMOVED))
                .put("numberOfTimedOutThings", counts.of(ExecutionStatus.TIMED_OUT));
    }

    /** The event of an execution that is over. */
    static List<JobEvent> ofExecution(Snapshot rows, JobExecution execution, long now) {
        return of(rows, execution, execution.status().name(), now);
    }

    /** The event of an execution that is deleted. */
    static List<JobEvent> ofDeleted(Snapshot rows, JobExecution execution, long now) {
        return of(rows, execution, "DELETED", now);
    }

    private static List<JobEvent> of(Snapshot rows, JobExecution execution, String word, long now) {
        if (!EventConfigurations.isEnabled(rows, EXECUTION)) {
            return List.of();
        }
        String operation = word.toLowerCase(Locale.ROOT);
        ObjectNode message = head(EXECUTION, operation, now)
                .put("jobId", execution.jobId())
                .put(THING, execution.thing())
                .put("status", word);
        message.set("statusDetails", details(execution.statusDetails()));
        return List.of(new JobEvent("jobExecution/" + execution.jobId() + "/" + operation, message));
    }

    private static ObjectNode head(String type, String operation, long now) {
        return RestJson.MAPPER
                .createObjectNode()
                .put("eventType", type)
                .put("eventId", UUID.randomUUID().toString())
                .put("timestamp", now / 1000)
                .put("operation", operation);
    }

    /** Details in the order of their names. */
    static ObjectNode details(Map<String, String> statusDetails) {
        ObjectNode details = RestJson.MAPPER.createObjectNode();
        new TreeMap<>(statusDetails).forEach(details::put);
        return details;
    }
}
