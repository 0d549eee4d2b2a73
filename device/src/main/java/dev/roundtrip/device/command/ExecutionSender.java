package dev.roundtrip.device.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.update.Sender;
import dev.roundtrip.device.update.ServiceAnswer;
import dev.roundtrip.device.update.ServiceTopics;
import dev.roundtrip.device.update.Verdict;
import dev.roundtrip.protocol.Json;
import java.util.Set;

/** Sends updates of one execution, one after the other. Used by one thread at a time. */
final class ExecutionSender implements Sender<ObjectNode> {
    /** Source: AWS IoT Commands, troubleshooting. The update can be made again. */
    private static final Set<String> PASSING = Set.of("DataConflict", "InternalError", "RequestThrottled");

    /** What the service says when an earlier update has ended the execution already. */
    private static final Set<String> ENDED = Set.of("TerminalStateReached", "InvalidStateTransition");

    /** What the service says when it has no such execution. */
    private static final String UNKNOWN = "ResourceNotFound";

    private final String id;
    private final ServiceTopics topics;
    private final String response;

    /** Whether an answer may be that to an earlier update, and whether the execution may have ended already. */
    private boolean isUnanswered;

    private boolean mayHaveEnded;

    ExecutionSender(String id, ServiceTopics topics) {
        this.id = id;
        this.topics = topics;
        this.response = id + "/response/json";
    }

    @Override
    public Verdict send(ObjectNode update) throws InterruptedException {
        ServiceAnswer answer = topics.ask(id, response, update);
        if (answer == null) {
            isUnanswered = true;
            return Verdict.AGAIN;
        }
        String status = update.path("status").asText();
        boolean isLast = !status.equals(UpdateText.IN_PROGRESS);
        boolean isDoubtful = isLast && isUnanswered;
        isUnanswered = false;
        String error = answer.isAccepted() ? "" : answer.body().path("error").asText();
        boolean hasEnded = ENDED.contains(error);
        if (isDoubtful && (answer.isAccepted() || hasEnded)) {
            // Answers name no update: this one may be late. The last word is said once more; who had it says so.
            mayHaveEnded = true;
            return Verdict.AGAIN;
        }
        if (answer.isAccepted()) {
            return Verdict.TAKEN;
        }
        if (PASSING.contains(error)) {
            return Verdict.AGAIN;
        }
        if (!(hasEnded && mayHaveEnded)) {
            topics.tell("the service of commands refuses an update of execution " + id + ": " + error);
        }
        if (!isLast) {
            // The service may refuse progress and still take the last word, as after its own TIMED_OUT.
            return Verdict.REFUSED;
        }
        return hasEnded || error.equals(UNKNOWN) || update.size() == 1 ? Verdict.OVER : sendAlone(status);
    }

    /** How an execution ended is told without a result rather than not at all. */
    private Verdict sendAlone(String status) throws InterruptedException {
        ServiceAnswer answer = topics.ask(id, response, Json.object().put("status", status));
        if (answer == null) {
            isUnanswered = true;
            return Verdict.AGAIN;
        }
        if (answer.isAccepted()) {
            return Verdict.TAKEN;
        }
        return PASSING.contains(answer.body().path("error").asText()) ? Verdict.AGAIN : Verdict.OVER;
    }
}
