package dev.roundtrip.device.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.job.RunningJob.Ending;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.DeviceFeature;
import dev.roundtrip.device.transport.TopicPublisher;
import dev.roundtrip.device.update.ServiceAnswer;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The jobs of a device: asks for the next execution after each connect and each notification, and carries out one at a
 * time. Thread-safe.
 */
public final class DeviceJobs implements DeviceFeature {
    /** The longest time that a document can give itself; the same as the longest timer of the service. */
    static final long MAX_TIMEOUT_SECONDS = Duration.ofDays(7).toSeconds();

    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final String prefix;
    private final List<String> filters;
    private final JobTable table;
    private final JobService service;
    private final Consumer<String> troubles;
    private final Semaphore wakes = new Semaphore(0);
    private final Thread thread;
    private volatile @Nullable RunningJob running;
    private volatile boolean isClosing;

    /** Not to be run again by this process; of the thread alone. */
    private @Nullable HandedOver finished;

    /** @param thing the device's name
     * @param troubles told, in one sentence, what the service does not take
     */
    public DeviceJobs(String thing, JobTable table, TopicPublisher publisher, Consumer<String> troubles) {
        this.prefix = "$aws/things/" + thing + "/jobs/";
        this.filters = List.of(
                prefix + "notify",
                prefix + "notify-next",
                prefix + "start-next/accepted",
                prefix + "start-next/rejected",
                prefix + "+/get/accepted",
                prefix + "+/get/rejected",
                prefix + "+/update/accepted",
                prefix + "+/update/rejected");
        this.table = table;
        this.service = new JobService(prefix, table.rules(), publisher, troubles);
        this.troubles = troubles;
        this.thread = Thread.ofVirtual().name(thing + "-jobs").start(this::run);
    }

    @Override
    public List<String> filters() {
        return filters;
    }

    @Override
    public void connected() {}

    @Override
    public void subscribed() {
        RunningJob job = running;
        if (job != null) {
            job.updates().nudge();
            job.check();
        }
        wakes.release();
    }

    @Override
    public boolean deliver(Delivery delivery) {
        if (!delivery.topic().startsWith(prefix)) {
            return false;
        }
        JsonNode message;
        try {
            message = Json.read(delivery.payload());
        } catch (MalformedJsonException notOfTheService) {
            return true;
        }
        String verb = delivery.topic().substring(prefix.length());
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
        RunningJob job = running;
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
        RunningJob job = running;
        JsonNode next = message.path("execution");
        if (job != null && !isOf(job, next)) {
            job.check();
        }
        if (next.isObject()) {
            wakes.release();
        }
    }

    private static boolean isOf(RunningJob job, JsonNode execution) {
        return job.jobId().equals(execution.path("jobId").asText())
                && job.executionNumber() == execution.path("executionNumber").asLong();
    }

    private void run() {
        try {
            while (!isClosing) {
                wakes.acquire();
                wakes.drainPermits();
                boolean more = true;
                while (more && !isClosing) {
                    more = nextOrTold();
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** A defect, such as that of a listener, is told as if it had ended the thread, and the next job comes. */
    private boolean nextOrTold() throws InterruptedException {
        try {
            return next();
        } catch (RuntimeException defect) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, defect);
            return false;
        }
    }

    /** Carries the next execution out.
     *
     * @return whether there may be another one
     */
    private boolean next() throws InterruptedException {
        HandedOver execution = handedOver();
        if (execution == null || execution.isSame(finished)) {
            return false;
        }
        carryOut(execution);
        return true;
    }

    private @Nullable HandedOver handedOver() throws InterruptedException {
        Duration pause = table.rules().patience().first();
        while (true) {
            ServiceAnswer answer = service.startNext();
            if (answer != null && answer.isAccepted()) {
                return HandedOver.read(answer.body());
            }
            if (answer != null && !service.isPassing(answer)) {
                troubles.accept("the service of jobs starts no execution: "
                        + answer.body().path("code").asText());
                return null;
            }
            // A connection, or a notification, ends the pause.
            boolean unused = wakes.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
            pause = table.rules().patience().after(pause);
        }
    }

    private void carryOut(HandedOver execution) throws InterruptedException {
        RunningJob job =
                new RunningJob(execution, service, table.rules(), table.mapper(), deadline(execution.document()));
        running = job;
        if (isClosing) {
            job.end(Ending.CLOSED);
        }
        try {
            JobResult result = result(job);
            finished = execution;
            report(job, result);
        } finally {
            running = null;
            job.updates().close();
        }
    }

    private @Nullable Duration deadline(JsonNode document) {
        long seconds = document.path("timeoutSeconds").asLong();
        return seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS
                ? Duration.ofSeconds(seconds)
                : table.rules().deadline();
    }

    /** Runs the handler on a thread of its own, which an ending interrupts. */
    private JobResult result(RunningJob job) throws InterruptedException {
        CompletableFuture<JobResult> result = new CompletableFuture<>();
        Thread worker =
                Thread.ofVirtual().name("job-" + job.jobId()).unstarted(() -> result.complete(table.handle(job)));
        job.runsOn(worker);
        worker.start();
        try {
            Duration left = job.remaining();
            if (left != null) {
                try {
                    return result.get(left.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException over) {
                    job.end(Ending.DEADLINE);
                }
            }
            return result.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException closed) {
            job.end(Ending.CLOSED);
            throw closed;
        }
    }

    private void report(RunningJob job, JobResult result) throws InterruptedException {
        if (job.ending() == Ending.CANCELLED || job.ending() == Ending.CLOSED) {
            return;
        }
        boolean unused = switch (result) {
            case JobResult.Succeeded done -> job.report(JobUpdate.Status.SUCCEEDED, done.details());
            case JobResult.Failed failed ->
                job.report(JobUpdate.Status.FAILED, JobResult.because(failed.reason(), failed.details()));
            case JobResult.Rejected rejected ->
                job.report(JobUpdate.Status.REJECTED, JobResult.because(rejected.reason(), Map.of()));
            case JobResult.ResumesAfterRestart later -> true;
        };
    }

    /** Interrupts the handler. The service hands its execution over again when the program starts again. */
    @Override
    public void close() {
        isClosing = true;
        RunningJob job = running;
        if (job != null) {
            job.end(Ending.CLOSED);
        }
        thread.interrupt();
        try {
            boolean unused = thread.join(CLOSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
