package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.local.app.LocalCloud;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket.PublishPacketBuilder;

/** A thing whose queue of executions always has the same length. Used by one thread. */
public final class JobQueue implements AutoCloseable {
    /** How many jobs are made at once when the queue is filled. */
    private static final int AT_ONCE = 16;

    private static final Pattern JOB = Pattern.compile("\"jobId\":\"([a-zA-Z0-9_-]+)\"");
    private static final int OK = 200;
    private static final int PATIENCE_SECONDS = 20;

    private final String thing;
    private final SignedServices services;
    private final String arn;
    private final SignedMqtt client;
    private final AtomicReference<@Nullable CompletableFuture<PublishPacket>> asked = new AtomicReference<>();
    private int made;

    /** How long both requests of a thing took, in nanoseconds. */
    public record Took(long startNext, long update) {}

    /** Registers a thing, and connects it.
     *
     * @throws IOException when the cloud refuses it, or the broker cannot be reached
     */
    public JobQueue(LocalCloud cloud, String thing) throws IOException, InterruptedException {
        this.thing = thing;
        this.services = new SignedServices(cloud);
        this.arn = cloud.state().account().iotArn("thing/" + thing);
        services.demand("iot", "POST", "/things/" + thing, "");
        // Answers come without a subscription; nobody notifies this thing.
        this.client = new SignedMqtt(cloud, "benchmark/" + thing, this::answered, () -> {});
    }

    private void answered(PublishPacket answer) {
        CompletableFuture<PublishPacket> waiting = asked.getAndSet(null);
        if (waiting != null) {
            waiting.complete(answer);
        }
    }

    /** Queues more executions, each of a job of its own.
     *
     * @throws IOException when one is refused
     */
    public void fill(int more) throws IOException, InterruptedException {
        List<CompletableFuture<HttpResponse<String>>> open = new ArrayList<>();
        for (int i = 0; i < more; i++) {
            made++;
            open.add(services.ask(
                    "iot",
                    "PUT",
                    "/jobs/" + thing + "-" + made,
                    "{\"targets\":[\"" + arn + "\"],\"document\":\"{}\"}"));
            if (open.size() == AT_ONCE || i == more - 1) {
                for (CompletableFuture<HttpResponse<String>> each : open) {
                    demand(each);
                }
                open.clear();
            }
        }
    }

    private static void demand(CompletableFuture<HttpResponse<String>> asked) throws IOException, InterruptedException {
        try {
            int status = asked.get().statusCode();
            if (status != OK) {
                throw new IOException("a job is refused with " + status);
            }
        } catch (ExecutionException failed) {
            throw new IOException("a job is not made", failed.getCause());
        }
    }

    /** Queues one execution behind the others, starts the first, and ends it; both are timed.
     *
     * @throws IOException when one of them is refused, or not answered
     */
    public Took next() throws IOException, InterruptedException {
        fill(1);
        long before = System.nanoTime();
        String started = ask("start-next", "{}");
        long between = System.nanoTime();
        Matcher job = JOB.matcher(started);
        if (!job.find()) {
            throw new IOException("no job was started");
        }
        String unused = ask(job.group(1) + "/update", "{\"status\":\"SUCCEEDED\"}");
        return new Took(between - before, System.nanoTime() - between);
    }

    /** The payload of what is accepted. */
    private String ask(String verb, String payload) throws IOException, InterruptedException {
        CompletableFuture<PublishPacket> answer = new CompletableFuture<>();
        asked.set(answer);
        String topic = "$aws/things/" + thing + "/jobs/" + verb;
        var unused = client.publish(
                        new PublishPacketBuilder(topic, QOS.AT_LEAST_ONCE, payload.getBytes(StandardCharsets.UTF_8))
                                .build())
                .whenComplete((result, failure) -> {
                    if (failure != null) {
                        answer.completeExceptionally(failure);
                    }
                });
        try {
            PublishPacket answered = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!answered.getTopic().equals(topic + "/accepted")) {
                throw new IOException(topic + " is answered on " + answered.getTopic());
            }
            return new String(answered.getPayload(), StandardCharsets.UTF_8);
        } catch (ExecutionException | TimeoutException unanswered) {
            throw new IOException(topic + " is not answered", unanswered);
        }
    }

    @Override
    public void close() {
        client.close();
        services.close();
    }
}
