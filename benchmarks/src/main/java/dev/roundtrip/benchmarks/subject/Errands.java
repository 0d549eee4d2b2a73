package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.benchmarks.subject.PromptDevices.Ear;
import dev.roundtrip.benchmarks.subject.PromptDevices.Work;
import dev.roundtrip.local.app.LocalCloud;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Jobs or executions of a command, one thing for each lane: from the signed request that makes one until the service
 * knows that its device succeeded. Thread-safe.
 */
public final class Errands implements RoundTrips {
    private static final int OK = 200;
    private static final String COMMAND = "benchmark";
    private static final String PAYLOAD = "{\"payload\":{\"content\":\"e30=\",\"contentType\":\"application/json\"}}";

    private final Way way;
    private final String prefix;
    private final SignedServices services;
    private final String arns;
    private final AtomicReferenceArray<@Nullable Asker> askers;
    private final AtomicLong made = new AtomicLong();
    private final PromptDevices devices;

    /** What is asked for. */
    public enum Way {
        JOBS,
        COMMANDS
    }

    /** Registers a thing for each lane, and connects devices of these names.
     *
     * @param lanes 1 or more
     * @throws IOException when the cloud refuses one, or the broker cannot be reached
     */
    public Errands(LocalCloud cloud, Way way, int lanes) throws IOException, InterruptedException {
        this.way = way;
        this.prefix = way == Way.JOBS ? "worker-" : "servant-";
        this.services = new SignedServices(cloud);
        this.arns = cloud.state().account().iotArn("");
        this.askers = new AtomicReferenceArray<>(lanes);
        List<String> things =
                IntStream.range(0, lanes).mapToObj(lane -> prefix + lane).toList();
        for (String thing : things) {
            services.demand("iot", "POST", "/things/" + thing, "");
        }
        if (way == Way.COMMANDS) {
            services.demand("iot", "PUT", "/commands/" + COMMAND, PAYLOAD);
        }
        this.devices = new PromptDevices(cloud, way == Way.JOBS ? Work.JOBS : Work.COMMANDS, things, new Ear() {
            @Override
            public void succeeded(String thing) {
                end(lane(thing), Ending.ANSWERED);
            }

            @Override
            public void failed(@Nullable String thing) {
                if (thing != null) {
                    end(lane(thing), Ending.FAILED);
                    return;
                }
                for (int lane = 0; lane < askers.length(); lane++) {
                    end(lane, Ending.FAILED);
                }
            }
        });
    }

    private int lane(String thing) {
        return Integer.parseInt(thing.substring(prefix.length()));
    }

    @Override
    public int lanes() {
        return askers.length();
    }

    @Override
    public void ask(int lane, Asker asker) {
        askers.set(lane, asker);
        String thing = "\"" + arns + "thing/" + prefix + lane + "\"";
        CompletableFuture<HttpResponse<String>> asked = switch (way) {
            case JOBS ->
                services.ask(
                        "iot",
                        "PUT",
                        "/jobs/errand-" + made.incrementAndGet(),
                        "{\"targets\":[" + thing + "],\"document\":\"{}\"}");
            case COMMANDS ->
                services.ask(
                        "iot-jobs-data",
                        "POST",
                        "/command-executions",
                        "{\"targetArn\":" + thing + ",\"commandArn\":\"" + arns + "command/" + COMMAND + "\"}");
        };
        var unused = asked.whenComplete((answer, failure) -> {
            if (answer == null || answer.statusCode() != OK) {
                end(lane, Ending.FAILED);
            }
        });
    }

    private void end(int lane, Ending ending) {
        Asker asker = askers.getAndSet(lane, null);
        if (asker != null) {
            asker.ended(ending);
        }
    }

    @Override
    public void close() {
        devices.close();
        services.close();
    }
}
