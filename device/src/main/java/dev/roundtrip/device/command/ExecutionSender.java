package dev.roundtrip.device.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.update.Sender;
import dev.roundtrip.device.update.ServiceAnswer;
import dev.roundtrip.device.update.ServiceTopics;
import dev.roundtrip.device.update.Verdict;
import java.util.Set;

/** Sends updates of one execution, one after the other. Used by one thread at a time. */
final class ExecutionSender implements Sender<ObjectNode> {
    /** Source: AWS IoT Commands, troubleshooting. The update can be made again. */
    private static final Set<String> PASSING = Set.of("DataConflict", "InternalError", "RequestThrottled");

    /** What the service says when an earlier update has ended the execution already. */
    private static final Set<String> ENDED = Set.of("TerminalStateReached", "InvalidStateTransition");

    private final String id;
    private final ServiceTopics topics;
    private boolean isUnanswered;

    ExecutionSender(String id, ServiceTopics topics) {
        this.id = id;
        this.topics = topics;
    }

    @Override
    public Verdict send(ObjectNode update) throws InterruptedException {
        ServiceAnswer answer = topics.ask(id, id + "/response/json", update);
        if (answer == null) {
            isUnanswered = true;
            return Verdict.AGAIN;
        }
        if (answer.isAccepted()) {
            isUnanswered = false;
            return Verdict.TAKEN;
        }
        JsonNode error = answer.body().path("error");
        if (PASSING.contains(error.asText())) {
            return Verdict.AGAIN;
        }
        if (!isUnanswered || !ENDED.contains(error.asText())) {
            topics.tell("the service of commands refuses an update of execution " + id + ": " + error.asText());
        }
        // The service may refuse progress and still take the last word, as after its own TIMED_OUT.
        return update.path("status").asText().equals(UpdateText.IN_PROGRESS) ? Verdict.REFUSED : Verdict.OVER;
    }
}
