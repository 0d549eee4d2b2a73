package dev.roundtrip.device.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.update.Sender;
import dev.roundtrip.device.update.ServiceAnswer;
import dev.roundtrip.device.update.Verdict;
import dev.roundtrip.protocol.Json;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends updates of one execution, one after the other. Each names the version that it follows, so that one which comes
 * late does not undo another. Used by one thread at a time.
 */
final class ExecutionUpdates implements Sender<JobUpdate> {
    /** Source: AWS IoT Jobs, error codes. The request itself is wrong, and is refused when it is repeated. */
    private static final Set<String> WRONG = Set.of("InvalidRequest", "InvalidJson", "InvalidTopic");

    /** Source: the same. The execution has another version than the update expects. */
    private static final String OTHER_VERSION = "VersionMismatch";

    private final HandedOver execution;
    private final JobService service;
    private final Runnable gone;

    /** What the service has, as far as is known; 0 when it is not known. */
    private long version;

    /** @param gone told when the execution is over */
    ExecutionUpdates(HandedOver execution, JobService service, Runnable gone) {
        this.execution = execution;
        this.service = service;
        this.gone = gone;
        this.version = execution.version();
    }

    /** Sends an update. Where the service refuses it, the execution itself is asked for: a refusal may be about the
     * update alone.
     */
    @Override
    public Verdict send(JobUpdate update) throws InterruptedException {
        ServiceAnswer answer = ask(update, update.details().pairs());
        if (isOfAnotherVersion(answer)) {
            // An earlier update was served, and its answer was lost; or somebody else has changed the execution.
            answer = ask(update, update.details().pairs());
        }
        if (answer == null || (!answer.isAccepted() && JobService.isPassing(answer))) {
            return Verdict.AGAIN;
        }
        return answer.isAccepted() ? Verdict.TAKEN : refused(update, answer);
    }

    /** Whether the update may be sent again at once, with the version that the service has. */
    private boolean isOfAnotherVersion(@Nullable ServiceAnswer answer) {
        if (answer == null || answer.isAccepted() || !JobService.code(answer).equals(OTHER_VERSION)) {
            return false;
        }
        JsonNode state = answer.body().path("executionState");
        version = state.path("versionNumber").asLong();
        return state.path("status").asText().equals(JobUpdate.Status.IN_PROGRESS.name());
    }

    private Verdict refused(JobUpdate update, ServiceAnswer answer) throws InterruptedException {
        String status = answer.body().path("executionState").path("status").asText();
        if (status.isEmpty()) {
            status = service.status(execution);
        }
        if (update.isLast() && update.status().name().equals(status)) {
            // An earlier one was served, and its answer was lost.
            return Verdict.TAKEN;
        }
        return switch (status) {
            case "" -> Verdict.AGAIN;
            case "IN_PROGRESS", "QUEUED" ->
                WRONG.contains(JobService.code(answer)) ? wrong(update, JobService.code(answer)) : Verdict.AGAIN;
            default -> {
                gone.run();
                yield Verdict.OVER;
            }
        };
    }

    /** How an execution ended is told without details rather than not at all. */
    private Verdict wrong(JobUpdate update, String code) throws InterruptedException {
        service.tell("refuses an update of job " + execution.jobId() + ": " + code);
        if (!update.isLast()) {
            return Verdict.REFUSED;
        }
        ServiceAnswer answer = ask(update, null);
        return answer == null || JobService.isPassing(answer)
                ? Verdict.AGAIN
                : answer.isAccepted() ? Verdict.TAKEN : Verdict.REFUSED;
    }

    private @Nullable ServiceAnswer ask(JobUpdate update, @Nullable Map<String, String> details)
            throws InterruptedException {
        ObjectNode request =
                Json.object().put("status", update.status().name()).put("executionNumber", execution.number());
        if (version > 0) {
            request.put("expectedVersion", version);
        }
        if (details != null) {
            ObjectNode written = request.putObject("statusDetails");
            details.forEach(written::put);
        }
        ServiceAnswer answer = service.update(execution, request, update.isLast());
        if (answer != null && answer.isAccepted() && version > 0) {
            version++;
        }
        return answer;
    }
}
