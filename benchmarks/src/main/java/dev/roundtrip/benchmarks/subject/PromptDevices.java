package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.local.app.LocalCloud;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket.PublishPacketBuilder;

/** All devices on one connection: each starts the next job, or takes a command, as soon as it hears of it, and says at
 * once that it succeeded. Thread-safe.
 */
final class PromptDevices implements AutoCloseable {
    /** Fewer than the broker takes from one connection at once, which is 100. */
    private static final int MAX_IN_FLIGHT = 64;

    private static final String SUCCEEDED = "{\"status\":\"SUCCEEDED\"}";
    private static final Pattern JOB = Pattern.compile("\"jobId\":\"([a-zA-Z0-9_-]+)\"");
    private static final int THING_OF_A_JOB = 2;
    private static final int THING_OF_A_COMMAND = 3;

    private final Ear ear;
    private final SignedMqtt client;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<PublishPacket> waiting = new ArrayDeque<>();
    private int inFlight;

    /** What they carry out. */
    enum Work {
        JOBS("$aws/things/+/jobs/notify-next"),
        COMMANDS("$aws/commands/things/+/executions/+/request/json");

        /** What the devices subscribe to. Requests of commands are for one thing, and so are filters for them. */
        private List<String> filters(List<String> things) {
            return switch (this) {
                case JOBS -> List.of(filter);
                case COMMANDS ->
                    things.stream()
                            .map(thing -> filter.replaceFirst("\\+", thing))
                            .toList();
            };
        }

        private final String filter;

        Work(String filter) {
            this.filter = filter;
        }
    }

    /** Hears how it goes, on a thread that it must not block. */
    interface Ear {
        /** The service knows that a thing succeeded. */
        void succeeded(String thing);

        /** The service refused a thing's request, or did not take it.
         *
         * @param thing null when the connection is lost
         */
        void failed(@Nullable String thing);
    }

    /** Connects.
     *
     * @throws IOException when the broker cannot be reached
     */
    PromptDevices(LocalCloud cloud, Work work, List<String> things, Ear ear) throws IOException, InterruptedException {
        this.ear = ear;
        this.client = new SignedMqtt(cloud, work.filters(things), this::heard, () -> ear.failed(null));
    }

    private void heard(PublishPacket message) {
        String topic = message.getTopic();
        String thing = thing(topic);
        String payload = new String(message.getPayload(), StandardCharsets.UTF_8);
        if (topic.endsWith("/request/json")) {
            send(topic.replace("/request/json", "/response/json"), SUCCEEDED);
        } else if (topic.endsWith("/notify-next")) {
            if (JOB.matcher(payload).find()) {
                send("$aws/things/" + thing + "/jobs/start-next", "{}");
            }
        } else {
            answered(topic, thing, payload);
        }
    }

    private static String thing(String topic) {
        return topic.split("/", -1)[topic.startsWith("$aws/commands/") ? THING_OF_A_COMMAND : THING_OF_A_JOB];
    }

    private void answered(String topic, String thing, String payload) {
        free();
        Matcher job = JOB.matcher(payload);
        if (topic.contains("/rejected")) {
            ear.failed(thing);
        } else if (!topic.endsWith("/start-next/accepted")) {
            ear.succeeded(thing);
        } else if (job.find()) {
            send("$aws/things/" + thing + "/jobs/" + job.group(1) + "/update", SUCCEEDED);
        }
    }

    private void send(String topic, String payload) {
        lock.lock();
        try {
            waiting.add(new PublishPacketBuilder(topic, QOS.AT_LEAST_ONCE, payload.getBytes(StandardCharsets.UTF_8))
                    .build());
        } finally {
            lock.unlock();
        }
        sendWaiting();
    }

    private void free() {
        lock.lock();
        try {
            inFlight--;
        } finally {
            lock.unlock();
        }
        sendWaiting();
    }

    private void sendWaiting() {
        for (PublishPacket next = take(); next != null; next = take()) {
            String topic = next.getTopic();
            var unused = client.publish(next).whenComplete((result, failure) -> {
                if (failure != null) {
                    ear.failed(thing(topic));
                }
            });
        }
    }

    private @Nullable PublishPacket take() {
        lock.lock();
        try {
            if (inFlight == MAX_IN_FLIGHT || waiting.isEmpty()) {
                return null;
            }
            inFlight++;
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
