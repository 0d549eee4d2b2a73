package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.benchmarks.subject.PromptDevices.Ear;
import dev.roundtrip.benchmarks.subject.PromptDevices.Work;
import dev.roundtrip.local.app.LocalCloud;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One job for all things of a group, whose devices succeed at once. */
public final class RollOut implements AutoCloseable {
    private static final String GROUP = "fleet";
    private static final long PATIENCE_MINUTES = 5;

    private final SignedServices services;
    private final String arn;
    private final PromptDevices devices;
    private final AtomicLong failures = new AtomicLong();
    private final CountDownLatch open;

    /** How it went.
     *
     * @param created from the request that makes the job until its answer
     * @param ended from that request until the service knows that the last thing succeeded
     * @param errors requests of devices that were refused
     */
    public record Took(Duration created, Duration ended, long errors) {}

    /** Registers things in one group, and connects their devices.
     *
     * @param things 1 or more
     * @throws IOException when the cloud refuses one, or the broker cannot be reached
     */
    public RollOut(LocalCloud cloud, int things) throws IOException, InterruptedException {
        this.services = new SignedServices(cloud);
        this.open = new CountDownLatch(things);
        this.arn = cloud.state().account().iotArn("thinggroup/" + GROUP);
        services.demand("iot", "POST", "/thing-groups/" + GROUP, "");
        for (int i = 0; i < things; i++) {
            String thing = "member-" + i;
            services.demand("iot", "POST", "/things/" + thing, "");
            services.demand(
                    "iot",
                    "PUT",
                    "/thing-groups/addThingToThingGroup",
                    "{\"thingGroupName\":\"" + GROUP + "\",\"thingName\":\"" + thing + "\"}");
        }
        this.devices = new PromptDevices(cloud, Work.JOBS, List.of(), new Ear() {
            @Override
            public void succeeded(String thing) {
                open.countDown();
            }

            @Override
            public void failed(@Nullable String thing) {
                failures.incrementAndGet();
            }
        });
    }

    /** Rolls out, once.
     *
     * @throws IOException when the job is refused, or does not end
     */
    public Took run() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        services.demand("iot", "PUT", "/jobs/roll-out", "{\"targets\":[\"" + arn + "\"],\"document\":\"{}\"}");
        long created = System.nanoTime();
        if (!open.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            throw new IOException(open.getCount() + " things did not succeed");
        }
        return new Took(Duration.ofNanos(created - begun), Duration.ofNanos(System.nanoTime() - begun), failures.get());
    }

    @Override
    public void close() {
        devices.close();
        services.close();
    }
}
