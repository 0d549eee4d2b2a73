package dev.roundtrip.device.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.DeviceFeature;
import dev.roundtrip.device.transport.TopicPublisher;
import dev.roundtrip.device.update.ServiceTopics;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** The jobs of a device: asks for the next execution after each connect and each notification, and carries out one at a
 * time. Thread-safe.
 */
public final class DeviceJobs implements DeviceFeature {
    /** The longest time that a document can give itself; the same as the longest timer of the service. */
    static final long MAX_TIMEOUT_SECONDS = Duration.ofDays(7).toSeconds();

    private static final List<String> VERBS = List.of(
            "notify",
            "notify-next",
            "start-next/accepted",
            "start-next/rejected",
            "+/get/accepted",
            "+/get/rejected",
            "+/update/accepted",
            "+/update/rejected");

    private final ServiceTopics topics;
    private final JobService service;
    private final JobLoop loop;

    /** @param thing the device's name
     * @param troubles told, in one sentence, what the service does not take
     */
    public DeviceJobs(String thing, JobTable table, TopicPublisher publisher, Consumer<String> troubles) {
        this.topics =
                new ServiceTopics(prefix(thing), VERBS, publisher, table.rules().patience(), troubles);
        this.service = new JobService(topics, table.rules());
        this.loop = new JobLoop(thing, table, service);
    }

    private static String prefix(String thing) {
        return "$aws/things/" + thing + "/jobs/";
    }

    /** What the device of this name subscribes to; without one of them it takes no jobs. */
    public static List<String> filters(String thing) {
        return VERBS.stream().map(prefix(thing)::concat).toList();
    }

    @Override
    public List<String> filters() {
        return topics.filters();
    }

    @Override
    public void connected() {}

    @Override
    public void subscribed() {
        RunningJob job = loop.running();
        if (job != null) {
            job.updates().nudge();
            job.check();
        }
        loop.wake();
    }

    @Override
    public boolean deliver(Delivery delivery) {
        String verb = topics.verb(delivery);
        if (verb == null) {
            return false;
        }
        JsonNode message = ServiceTopics.json(delivery);
        if (message == null) {
            return true;
        }
        switch (verb) {
            case "notify" -> notified(message);
            case "notify-next" -> notifiedOfNext(message);
            default -> {
                if (verb.endsWith("/accepted")) {
                    service.answered(true, message);
                } else if (verb.endsWith("/rejected")) {
                    service.answered(false, message);
                }
            }
        }
        return true;
    }

    /** A message may be old, or come late: what it hints at is asked of the service. */
    private void notified(JsonNode message) {
        RunningJob job = loop.running();
        if (job == null) {
            return;
        }
        for (JsonNode ofOneStatus : message.path("jobs")) {
            for (JsonNode execution : ofOneStatus) {
                if (isOf(job, execution)) {
                    return;
                }
            }
        }
        job.check();
    }

    private void notifiedOfNext(JsonNode message) {
        RunningJob job = loop.running();
        JsonNode next = message.path("execution");
        if (job != null && !isOf(job, next)) {
            job.check();
        }
        if (next.isObject()) {
            loop.wake();
        }
    }

    private static boolean isOf(RunningJob job, JsonNode execution) {
        return job.jobId().equals(execution.path("jobId").asText())
                && job.executionNumber() == execution.path("executionNumber").asLong()
                && execution.path("queuedAt").asLong(job.queuedAt()) == job.queuedAt();
    }

    /** Interrupts the handler. The service hands its execution over again when the program starts again. */
    @Override
    public void close() {
        loop.close();
    }
}
