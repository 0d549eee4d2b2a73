package dev.roundtrip.device.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.DeviceFeature;
import dev.roundtrip.device.transport.TopicPublisher;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** The service of jobs for one thing, with AWS's rules for executions and notifications, and with faults. */
final class PlayedJobs implements TopicPublisher {
    private static final String P = "$aws/things/pump/jobs/";

    private final Map<String, Execution> executions = new LinkedHashMap<>();

    /** What happens to the next updates: an error code, {@code silent} (served, not answered), {@code late}
     * (served after the next one, not answered) or {@code offline}.
     */
    final Queue<String> faults = new ConcurrentLinkedQueue<>();

    /** What is answered to the next requests for an execution. */
    final Queue<String> refusals = new ConcurrentLinkedQueue<>();

    /** Each update that was served. */
    final List<JsonNode> updates = new ArrayList<>();

    /** Runs between the next look at an execution and its answer. */
    final Queue<Runnable> meanwhile = new ConcurrentLinkedQueue<>();

    private int handedOver;

    /** An update that comes late. */
    private @Nullable Runnable late;

    long now = 1_000;
    private @Nullable DeviceFeature device;

    static final class Execution {
        String status = "QUEUED";
        ObjectNode details = Json.object();
        JsonNode document = Json.object();
        long number = 1;
        long version = 1;
        long startedAt;
        long queuedAt;
    }

    static JsonNode json(String text) {
        try {
            return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        } catch (MalformedJsonException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private static JsonNode read(byte[] payload) {
        try {
            return Json.read(payload);
        } catch (MalformedJsonException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    synchronized void connect(DeviceFeature feature) {
        device = feature;
        feature.connected();
        feature.subscribed();
    }

    synchronized void create(String jobId, String document) {
        Execution execution = new Execution();
        execution.document = json(document);
        execution.queuedAt = now;
        executions.put(jobId, execution);
        if (next() == execution) {
            notifyNext();
        }
    }

    /** A retry of the service: the next execution of the same job. */
    synchronized void retry(String jobId) {
        Execution execution = of(jobId);
        execution.number++;
        execution.version = 1;
        execution.status = "QUEUED";
        execution.details = Json.object();
        notifyNext();
    }

    synchronized void document(String jobId, String document) {
        of(jobId).document = json(document);
    }

    synchronized void forceCancel(String jobId) {
        of(jobId).status = "CANCELED";
        notifyAbout();
        notifyNext();
    }

    /** No notification comes: it is lost. */
    synchronized void cancelUnheard(String jobId) {
        of(jobId).status = "CANCELED";
    }

    synchronized void delete(String jobId) {
        executions.remove(jobId);
    }

    /** How often an execution was handed over. */
    synchronized int handedOver() {
        return handedOver;
    }

    synchronized String status(String jobId) {
        return of(jobId).status;
    }

    synchronized JsonNode details(String jobId) {
        return of(jobId).details;
    }

    /** Notifications that were sent before, and come late. */
    synchronized void sendOldNotifications() {
        send("notify", Json.object().set("jobs", Json.object()));
        send("notify-next", Json.object());
    }

    private Execution of(String jobId) {
        Execution execution = executions.get(jobId);
        if (execution == null) {
            throw new AssertionError("no job " + jobId);
        }
        return execution;
    }

    private @Nullable Execution next() {
        Execution queued = null;
        for (Execution execution : executions.values()) {
            if (execution.status.equals("IN_PROGRESS")) {
                return execution;
            }
            queued = queued == null && execution.status.equals("QUEUED") ? execution : queued;
        }
        return queued;
    }

    private void notifyAbout() {
        ObjectNode message = Json.object().put("timestamp", now);
        ObjectNode jobs = message.putObject("jobs");
        executions.forEach((jobId, execution) -> {
            if (execution.status.equals("QUEUED") || execution.status.equals("IN_PROGRESS")) {
                jobs.withArray(execution.status)
                        .addObject()
                        .put("jobId", jobId)
                        .put("executionNumber", execution.number);
            }
        });
        send("notify", message);
    }

    private void notifyNext() {
        ObjectNode message = Json.object().put("timestamp", now);
        Execution next = next();
        if (next != null) {
            message.set("execution", shown(next));
        }
        send("notify-next", message);
    }

    private ObjectNode shown(Execution execution) {
        String jobId = executions.entrySet().stream()
                .filter(entry -> entry.getValue() == execution)
                .findFirst()
                .orElseThrow()
                .getKey();
        ObjectNode shown = Json.object()
                .put("jobId", jobId)
                .put("status", execution.status)
                .put("startedAt", execution.startedAt)
                .put("queuedAt", execution.queuedAt)
                .put("executionNumber", execution.number)
                .put("versionNumber", execution.version);
        shown.set("statusDetails", execution.details);
        shown.set("jobDocument", execution.document);
        return shown;
    }

    private void send(String verb, JsonNode message) {
        DeviceFeature to = device;
        if (to != null) {
            to.deliver(new Delivery(P + verb, Json.write(message), Delivery.NO_CORRELATION, null));
        }
    }

    @Override
    public synchronized void publish(Topic topic, byte[] payload, Duration atMost) throws TransportException {
        if (device == null) {
            throw TransportException.lost("not connected");
        }
        String verb = topic.value().substring(P.length());
        JsonNode request = read(payload);
        ObjectNode answer = Json.object()
                .put("timestamp", now)
                .put("clientToken", request.path("clientToken").asText());
        if (verb.equals("start-next")) {
            String refusal = refusals.poll();
            if (refusal != null) {
                send("start-next/rejected", answer.put("code", refusal));
                return;
            }
            Execution next = next();
            if (next != null) {
                if (next.status.equals("QUEUED")) {
                    next.status = "IN_PROGRESS";
                    next.startedAt = now;
                    next.version++;
                }
                handedOver++;
                answer.set("execution", shown(next));
            }
            send("start-next/accepted", answer);
            return;
        }
        Execution execution = executions.get(verb.substring(0, verb.indexOf('/')));
        if (execution == null
                || execution.number != request.path("executionNumber").asLong()) {
            send(verb + "/rejected", answer.put("code", "ResourceNotFound"));
        } else if (verb.endsWith("/get")) {
            answer.set("execution", shown(execution).deepCopy());
            Runnable first = meanwhile.poll();
            if (first != null) {
                first.run();
            }
            send(verb + "/accepted", answer);
        } else {
            update(verb, execution, request, answer);
        }
    }

    private void update(String verb, Execution execution, JsonNode request, ObjectNode answer)
            throws TransportException {
        String fault = faults.isEmpty() ? "" : faults.remove();
        if (fault.equals("offline")) {
            throw TransportException.lost("no connection");
        }
        if (fault.equals("late")) {
            late = () -> served(verb, execution, request, answer, false);
            return;
        }
        if (!fault.isEmpty() && !fault.equals("silent")) {
            send(verb + "/rejected", answer.put("code", fault));
            return;
        }
        served(verb, execution, request, answer, !fault.equals("silent"));
        Runnable then = late;
        late = null;
        if (then != null) {
            then.run();
        }
    }

    private void served(String verb, Execution execution, JsonNode request, ObjectNode answer, boolean isAnswered) {
        if (!execution.status.equals("QUEUED") && !execution.status.equals("IN_PROGRESS")) {
            answer.put("code", "InvalidStateTransition")
                    .putObject("executionState")
                    .put("status", execution.status);
            send(verb + "/rejected", answer);
            return;
        }
        if (request.has("expectedVersion") && request.path("expectedVersion").asLong() != execution.version) {
            answer.put("code", "VersionMismatch")
                    .putObject("executionState")
                    .put("status", execution.status)
                    .put("versionNumber", execution.version);
            send(verb + "/rejected", answer);
            return;
        }
        updates.add(request);
        execution.version++;
        execution.status = request.path("status").asText();
        if (request.path("statusDetails").isObject()) {
            execution.details = (ObjectNode) request.path("statusDetails");
        }
        if (isAnswered) {
            send(verb + "/accepted", answer);
        }
        if (!execution.status.equals("IN_PROGRESS")) {
            notifyAbout();
            notifyNext();
        }
    }
}
