package dev.roundtrip.device.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.update.ServiceAnswer;
import dev.roundtrip.device.update.ServiceTopics;
import dev.roundtrip.protocol.Json;
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
    String status(HandedOver execution) throws InterruptedException {
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

    /** Sends an update, which re-arms the step timer where there is one.
     *
     * @return its answer, null when none came
     */
    @Nullable ServiceAnswer update(HandedOver execution, ObjectNode request, boolean isLast) throws InterruptedException {
        if (rules.stepMinutes() != null && !isLast) {
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
