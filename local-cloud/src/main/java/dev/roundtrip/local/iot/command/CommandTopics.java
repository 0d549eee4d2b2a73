package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.iot.document.DocumentFormat;
import dev.roundtrip.mqtt.Defects;
import dev.roundtrip.mqtt.ReservedTopicService;
import dev.roundtrip.mqtt.packet.Publication;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the updates of devices over MQTT, and answers each to its sender alone. Thread-safe. */
final class CommandTopics implements ReservedTopicService {
    private static final int MAX_TOKEN = 64;

    private final Executions executions;

    CommandTopics(Executions executions) {
        this.executions = executions;
    }

    @Override
    public List<String> requests() {
        return CommandTopic.all();
    }

    /** Updates on one topic come one after the other; those on another topic of the same execution may conflict. */
    @Override
    public String orderOf(String topic) {
        return topic;
    }

    @Override
    public boolean maySubscribe(String filter) {
        return CommandTopic.maySubscribe(filter);
    }

    @Override
    public void subscribed(String filter) {
        if (filter.startsWith("$aws/commands/")) {
            executions.subscribed();
        }
    }

    @Override
    public void take(Request request, Requester requester) {
        CommandTopic topic = CommandTopic.of(request.content().topic());
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        String where = topic.rejected();
        ObjectNode document = null;
        try {
            ExecutionKey key = execution(topic, request.clientId());
            document = DeviceUpdate.document(format(topic), request.content().payload());
            executions.report(key, DeviceUpdate.read(document));
            where = topic.accepted();
        } catch (UpdateRefusal refusal) {
            refuse(answer, refusal);
        } catch (RuntimeException | Error failure) {
            Defects.log("An update of a command execution was not served", failure);
            refuse(answer, new UpdateRefusal(UpdateError.INTERNAL_ERROR, "Internal service failure"));
        }
        answer.put("executionId", topic.executionId());
        echo(document, answer);
        requester.answer(Publication.of(where, topic.answerFormat().write(answer)));
    }

    private static void refuse(ObjectNode answer, UpdateRefusal refusal) {
        answer.put("error", refusal.error().word()).put("errorMessage", refusal.getMessage());
    }

    private static void echo(@Nullable ObjectNode document, ObjectNode answer) {
        JsonNode token = document == null ? answer.path("") : document.path("clientToken");
        if (token.isTextual() && token.textValue().length() <= MAX_TOKEN) {
            answer.set("clientToken", token);
        }
    }

    private static ExecutionKey execution(CommandTopic topic, String clientId) throws UpdateRefusal {
        ExecutionKey key = topic.execution()
                .orElseThrow(() -> new UpdateRefusal(
                        UpdateError.INVALID_TOPIC, "The topic names no device or no command execution"));
        boolean foreign = key.target().kind() == CommandTarget.Kind.CLIENT
                && !key.target().name().equals(clientId);
        if (foreign && OpenFacts.CLIENT_REPORTS_FOR_ITSELF) {
            throw new UpdateRefusal(
                    UpdateError.RESOURCE_NOT_FOUND, "There is no such command execution for this device");
        }
        return key;
    }

    private static DocumentFormat format(CommandTopic topic) throws UpdateRefusal {
        return topic.payloadFormat()
                .orElseThrow(() -> new UpdateRefusal(
                        UpdateError.INVALID_TOPIC, "A response is published to response/json or response/cbor"));
    }
}
