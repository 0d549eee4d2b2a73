package dev.roundtrip.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The services of jobs and commands behind a broker, for one thing and one job. Answers go to the device, whether it
 * subscribes or not. Ends when its thread is interrupted.
 */
final class PlayedServices implements AutoCloseable {
    private final ScriptedBroker broker;
    private final String thing;
    private final JsonNode document;
    private final Thread thread;
    private volatile String status = "QUEUED";
    private volatile JsonNode details = Json.object();

    /** The steps that updates of the job told, in order, while it was in progress. */
    final Queue<String> steps = new ConcurrentLinkedQueue<>();

    /** The updates of command executions. */
    final Queue<JsonNode> results = new ConcurrentLinkedQueue<>();

    PlayedServices(ScriptedBroker broker, String thing, String document) throws MalformedJsonException {
        this.broker = broker;
        this.thing = thing;
        this.document = Json.read(document.getBytes(StandardCharsets.UTF_8));
        this.thread = Thread.ofVirtual().start(this::serve);
    }

    String status() {
        return status;
    }

    JsonNode details() {
        return details;
    }

    /** Says that there is a job. */
    void notifyNext() {
        ObjectNode message = Json.object();
        message.putObject("execution").put("jobId", "job-1").put("executionNumber", 1);
        broker.send(
                thing, "$aws/things/" + thing + "/jobs/notify-next", Json.write(message), MqttProperties.NO_PROPERTIES);
    }

    /** Sends a command. */
    void command(String id, String payload) {
        broker.send(
                thing,
                "$aws/commands/things/" + thing + "/executions/" + id + "/request/json",
                payload.getBytes(StandardCharsets.UTF_8),
                MqttProperties.NO_PROPERTIES);
    }

    private void serve() {
        try {
            while (true) {
                MqttPublishMessage message = broker.answers.take();
                String topic = message.variableHeader().topicName();
                JsonNode body = Json.read(ByteBufUtil.getBytes(message.payload()));
                if (topic.startsWith("$aws/commands/")) {
                    results.add(body);
                    answer(topic.replace("/response/json", "/response/accepted/json"), Json.object());
                } else if (topic.startsWith("$aws/things/")) {
                    jobs(topic, body);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (MalformedJsonException noJson) {
            throw new IllegalStateException(noJson);
        }
    }

    private void jobs(String topic, JsonNode request) {
        ObjectNode answer = Json.object()
                .put("timestamp", 1)
                .put("clientToken", request.path("clientToken").asText());
        if (topic.endsWith("/update")) {
            status = request.path("status").asText();
            details = request.path("statusDetails");
            if (!isEnded()) {
                steps.add(details.path("steps").asText());
            }
        } else if (!isEnded()) {
            status = "IN_PROGRESS";
            ObjectNode execution = answer.putObject("execution")
                    .put("jobId", "job-1")
                    .put("status", status)
                    .put("executionNumber", 1);
            execution.set("statusDetails", details);
            execution.set("jobDocument", document);
        }
        answer(topic + "/accepted", answer);
    }

    private boolean isEnded() {
        return !status.equals("QUEUED") && !status.equals("IN_PROGRESS");
    }

    private void answer(String topic, ObjectNode body) {
        try {
            broker.send(thing, topic, Json.write(body), MqttProperties.NO_PROPERTIES);
        } catch (IllegalStateException away) {
            // The device will ask again.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
