package dev.roundtrip.device.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.update.LatestUpdate.Sender;
import dev.roundtrip.device.update.LatestUpdate.Verdict;
import dev.roundtrip.device.update.PendingAnswers;
import dev.roundtrip.device.update.ServiceAnswer;
import dev.roundtrip.protocol.Topic;
import java.util.Set;
import java.util.function.Consumer;

/** Sends updates of one execution, one after the other. Used by one thread at a time. */
final class ExecutionSender implements Sender<ObjectNode> {
    /** Source: AWS IoT Commands, troubleshooting. The update can be made again. */
    private static final Set<String> PASSING = Set.of("DataConflict", "InternalError", "RequestThrottled");

    /** What the service says when an earlier update has ended the execution already. */
    private static final Set<String> ENDED = Set.of("TerminalStateReached", "InvalidStateTransition");

    private final String id;
    private final Topic topic;
    private final PendingAnswers answers;
    private final Consumer<String> troubles;
    private boolean isUnanswered;

    ExecutionSender(String id, Topic topic, PendingAnswers answers, Consumer<String> troubles) {
        this.id = id;
        this.topic = topic;
        this.answers = answers;
        this.troubles = troubles;
    }

    @Override
    public Verdict send(ObjectNode update) throws InterruptedException {
        ServiceAnswer answer = answers.ask(id, topic, update);
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
            troubles.accept("the service of commands refuses an update of execution " + id + ": " + error.asText());
        }
        return Verdict.OVER;
    }
}
