package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.mqtt.packet.Publication;
import java.nio.charset.StandardCharsets;

/** Tells subscribers what becomes of executions. Thread-safe. */
final class ExecutionEvents {
    private final CommandEnvironment around;

    ExecutionEvents(CommandEnvironment around) {
        this.around = around;
    }

    /** Publishes the event of an execution's status.
     *
     * <p>Source: AWS IoT developer guide, "Command execution events", 2026.
     */
    void tell(CommandExecution execution) {
        String topic = "$aws/events/commandExecution/" + execution.request().commandId() + '/'
                + execution.state().status();
        if (!around.publisher().hasReceivers(topic)) {
            return;
        }
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put("executionId", execution.key().id())
                .put("status", execution.state().status().name());
        StatusReason reason = execution.reason();
        if (reason != null) {
            event.set("statusReason", reason.json());
        }
        event.put("eventType", "COMMAND_EXECUTION")
                .put(
                        "commandArn",
                        around.account().iotArn("command/" + execution.request().commandId()))
                .put("targetArn", execution.key().target().arn(around.account()))
                .put("timestamp", execution.lastUpdatedAt().toEpochMilli());
        around.publisher().publish(Publication.of(topic, event.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
