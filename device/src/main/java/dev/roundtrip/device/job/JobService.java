package dev.roundtrip.device.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.transport.TopicPublisher;
import dev.roundtrip.device.update.LatestUpdate.Verdict;
import dev.roundtrip.device.update.PendingAnswers;
import dev.roundtrip.device.update.ServiceAnswer;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Topic;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a device asks of the service of jobs. Thread-safe; blocks until the answer. */
final class JobService {
    /** Source: AWS IoT Jobs, error codes: the request can be made again. */
    private static final Set<String> PASSING = Set.of("RequestThrottled", "InternalError");

    private final String prefix;
    private final JobRules rules;
    private final PendingAnswers answers;
    private final Consumer<String> troubles;

    /** What the device's tokens begin with; a token has 64 bytes at most. */
    private final String ours = UUID.randomUUID().toString().substring(0, 18);

    private final AtomicLong requests = new AtomicLong();

    /** Whether an execution still stands at the service. */
    enum Standing {
        STANDS,
        GONE,
        UNKNOWN
    }

    JobService(String prefix, JobRules rules, TopicPublisher publisher, Consumer<String> troubles) {
        this.prefix = prefix;
        this.rules = rules;
        this.answers = new PendingAnswers(publisher, rules.patience().answer());
        this.troubles = troubles;
    }

    /** Takes an answer. Never blocks. */
    void answered(boolean isAccepted, JsonNode body) {
        String token = body.path("clientToken").textValue();
        if (token != null) {
            boolean unused = answers.answered(token, new ServiceAnswer(isAccepted, body));
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
        ServiceAnswer answer = describe(execution, false);
        if (answer == null) {
            return Standing.UNKNOWN;
        }
        if (!answer.isAccepted()) {
            return isPassing(answer) ? Standing.UNKNOWN : Standing.GONE;
        }
        String status = answer.body().path("execution").path("status").asText();
        return status.equals("IN_PROGRESS") || status.equals("QUEUED") ? Standing.STANDS : Standing.GONE;
    }

    private @Nullable ServiceAnswer describe(HandedOver execution, boolean hasDocument) throws InterruptedException {
        return ask(
                execution.jobId() + "/get",
                Json.object().put("executionNumber", execution.number()).put("includeJobDocument", hasDocument));
    }

    /** @param refused told when the service takes no more updates of the execution */
    Verdict update(HandedOver execution, JobUpdate update, Runnable refused) throws InterruptedException {
        ObjectNode request =
                Json.object().put("status", update.status().name()).put("executionNumber", execution.number());
        ObjectNode details = request.putObject("statusDetails");
        update.details().pairs().forEach(details::put);
        if (rules.stepMinutes() != null && update.status() == JobUpdate.Status.IN_PROGRESS) {
            request.put("stepTimeoutInMinutes", rules.stepMinutes());
        }
        ServiceAnswer answer = ask(execution.jobId() + "/update", request);
        if (answer == null || (!answer.isAccepted() && isPassing(answer))) {
            return Verdict.AGAIN;
        }
        if (answer.isAccepted()) {
            return Verdict.TAKEN;
        }
        JsonNode state = answer.body().path("executionState").path("status");
        if (update.status() != JobUpdate.Status.IN_PROGRESS
                && update.status().name().equals(state.asText())) {
            // An earlier one was served, and its answer was lost.
            return Verdict.TAKEN;
        }
        String code = answer.body().path("code").asText();
        if (code.equals("InvalidRequest") || code.equals("InvalidJson") || code.equals("InvalidTopic")) {
            troubles.accept("the service of jobs refuses an update of job " + execution.jobId() + ": " + code);
        }
        refused.run();
        return Verdict.OVER;
    }

    boolean isPassing(ServiceAnswer answer) {
        return PASSING.contains(answer.body().path("code").asText());
    }

    private @Nullable ServiceAnswer ask(String verb, ObjectNode request) throws InterruptedException {
        String token = ours + "." + requests.incrementAndGet();
        return answers.ask(token, new Topic(prefix + verb), request.put("clientToken", token));
    }
}
