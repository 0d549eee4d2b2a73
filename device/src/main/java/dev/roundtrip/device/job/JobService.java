package dev.roundtrip.device.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.update.ServiceAnswer;
import dev.roundtrip.device.update.ServiceTopics;
import dev.roundtrip.device.update.Verdict;
import dev.roundtrip.protocol.Json;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What a device asks of the service of jobs. Thread-safe; blocks until the answer. */
final class JobService {
    /** Source: AWS IoT Jobs, error codes: the request can be made again. */
    private static final Set<String> PASSING = Set.of("RequestThrottled", "InternalError");

    /** Source: the same. There is no such execution any more, or it is over. */
    private static final Set<String> ENDED = Set.of("ResourceNotFound", "TerminalStateReached");

    /** Source: the same. The request itself is wrong, and is refused when it is repeated. */
    private static final Set<String> WRONG = Set.of("InvalidRequest", "InvalidJson", "InvalidTopic");

    private final ServiceTopics topics;
    private final JobRules rules;

    /** What the device's tokens begin with; a token has 64 bytes at most. */
    private final String ours = UUID.randomUUID().toString().substring(0, 18);

    private final AtomicLong requests = new AtomicLong();

    /** Whether an execution still stands at the service. */
    enum Standing {
        STANDS,
        GONE,
        UNKNOWN
    }

    JobService(ServiceTopics topics, JobRules rules) {
        this.topics = topics;
        this.rules = rules;
    }

    /** Takes an answer. Never blocks. */
    void answered(boolean isAccepted, JsonNode body) {
        String token = body.path("clientToken").textValue();
        if (token != null) {
            topics.answered(token, new ServiceAnswer(isAccepted, body));
        }
    }

    /** Starts the next execution, or gets the one that is in progress.
     *
     * @return its answer, null when none came
     */
    @Nullable ServiceAnswer startNext() throws InterruptedException {
        ObjectNode request = Json.object();
        if (rules.stepMinutes() != null) {
            request.put("stepTimeoutInMinutes", rules.stepMinutes());
        }
        return ask("start-next", request);
    }

    /** @return the document; null when the service does not give it now */
    @Nullable JsonNode document(HandedOver execution) throws InterruptedException {
        ServiceAnswer answer = describe(execution, true);
        if (answer == null || !answer.isAccepted()) {
            return null;
        }
        JsonNode document = answer.body().path("execution").path("jobDocument");
        return document.isObject() ? document : null;
    }

    Standing standing(HandedOver execution) throws InterruptedException {
        String status = status(execution);
        return switch (status) {
            case "" -> Standing.UNKNOWN;
            case "IN_PROGRESS", "QUEUED" -> Standing.STANDS;
            default -> Standing.GONE;
        };
    }

    /** @return the execution's status; {@code GONE} when there is none any more, empty when nobody knows */
    private String status(HandedOver execution) throws InterruptedException {
        ServiceAnswer answer = describe(execution, false);
        if (answer == null) {
            return "";
        }
        if (!answer.isAccepted()) {
            return ENDED.contains(code(answer)) ? Standing.GONE.name() : "";
        }
        JsonNode found = answer.body().path("execution");
        // Another job may have the id of one that was deleted.
        boolean isOther = found.has("queuedAt") && found.path("queuedAt").asLong() != execution.queuedAt();
        return isOther ? Standing.GONE.name() : found.path("status").asText();
    }

    private @Nullable ServiceAnswer describe(HandedOver execution, boolean hasDocument) throws InterruptedException {
        return ask(
                execution.jobId() + "/get",
                Json.object().put("executionNumber", execution.number()).put("includeJobDocument", hasDocument));
    }

    /** Sends an update. Where the service refuses it, the execution itself is asked for: a refusal may be about the
     * update alone.
     *
     * @param gone told when the execution is over
     */
    Verdict update(HandedOver execution, JobUpdate update, Runnable gone) throws InterruptedException {
        ServiceAnswer answer = send(execution, update, update.details().pairs());
        if (answer == null || (!answer.isAccepted() && isPassing(answer))) {
            return Verdict.AGAIN;
        }
        if (answer.isAccepted()) {
            return Verdict.TAKEN;
        }
        String status = answer.body().path("executionState").path("status").asText();
        if (status.isEmpty()) {
            status = status(execution);
        }
        if (update.isLast() && update.status().name().equals(status)) {
            // An earlier one was served, and its answer was lost.
            return Verdict.TAKEN;
        }
        return switch (status) {
            case "" -> Verdict.AGAIN;
            case "IN_PROGRESS", "QUEUED" ->
                WRONG.contains(code(answer)) ? refused(execution, update, code(answer)) : Verdict.AGAIN;
            default -> {
                gone.run();
                yield Verdict.OVER;
            }
        };
    }

    /** How an execution ended is told without details rather than not at all. */
    private Verdict refused(HandedOver execution, JobUpdate update, String code) throws InterruptedException {
        tell("refuses an update of job " + execution.jobId() + ": " + code);
        if (!update.isLast()) {
            return Verdict.REFUSED;
        }
        ServiceAnswer answer = send(execution, update, null);
        return answer == null || isPassing(answer)
                ? Verdict.AGAIN
                : answer.isAccepted() ? Verdict.TAKEN : Verdict.REFUSED;
    }

    private @Nullable ServiceAnswer send(HandedOver execution, JobUpdate update, @Nullable Map<String, String> details)
            throws InterruptedException {
        ObjectNode request =
                Json.object().put("status", update.status().name()).put("executionNumber", execution.number());
        if (details != null) {
            ObjectNode written = request.putObject("statusDetails");
            details.forEach(written::put);
        }
        if (rules.stepMinutes() != null && !update.isLast()) {
            request.put("stepTimeoutInMinutes", rules.stepMinutes());
        }
        return ask(execution.jobId() + "/update", request);
    }

    /** Tells what the service does, one sentence without its subject. */
    void tell(String trouble) {
        topics.tell("the service of jobs " + trouble);
    }

    static boolean isPassing(ServiceAnswer answer) {
        return PASSING.contains(code(answer));
    }

    static String code(ServiceAnswer answer) {
        return answer.body().path("code").asText();
    }

    private @Nullable ServiceAnswer ask(String verb, ObjectNode request) throws InterruptedException {
        String token = ours + "." + requests.incrementAndGet();
        return topics.ask(token, verb, request.put("clientToken", token));
    }
}
