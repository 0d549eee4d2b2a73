package dev.roundtrip.device.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roundtrip.device.update.LatestUpdate;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** An execution at work. */
final class RunningJob implements JobExecution {
    private final HandedOver execution;
    private final JobService service;
    private final JobRules rules;
    private final ObjectMapper mapper;
    private final LatestUpdate<JobUpdate> updates;
    private final long began = System.nanoTime();
    private final @Nullable Duration deadline;
    private final ReentrantLock reporting = new ReentrantLock();
    private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

    /** How many hints at a cancellation were not looked into yet. */
    private final AtomicInteger hints = new AtomicInteger();

    private volatile @Nullable Thread handler;

    /** The handler has ended: nothing that happens to the execution matters any more. */
    private volatile boolean isEnded;

    /** All that is said of it; what is sent follows its changes in order. */
    private StatusDetails details;

    /** Why a handler is to end before it is done. */
    enum Ending {
        CANCELLED,
        DEADLINE,
        CLOSED
    }

    /** @param deadline the device's own, from the execution's start */
    RunningJob(
            HandedOver execution,
            JobService service,
            JobRules rules,
            ObjectMapper mapper,
            @Nullable Duration deadline) {
        this.execution = execution;
        this.service = service;
        this.rules = rules;
        this.mapper = mapper;
        this.deadline = deadline;
        this.details = execution.details();
        this.updates = new LatestUpdate<>(
                "job-update-" + execution.jobId(),
                rules.patience(),
                update -> service.update(execution, update, () -> end(Ending.CANCELLED)));
    }

    HandedOver execution() {
        return execution;
    }

    LatestUpdate<JobUpdate> updates() {
        return updates;
    }

    @Nullable Ending ending() {
        return ending.get();
    }

    /** The thread to interrupt when the execution is to end. */
    void runsOn(Thread thread) {
        handler = thread;
        if (ending.get() != null) {
            thread.interrupt();
        }
    }

    void end(Ending reason) {
        if (ending.compareAndSet(null, reason)) {
            Thread running = handler;
            if (running != null) {
                running.interrupt();
            }
        }
    }

    /** The last word. What was reported before stays where there is room.
     *
     * @return whether the service has it
     */
    boolean report(JobUpdate.Status status, Map<String, String> last) throws InterruptedException {
        isEnded = true;
        reporting.lock();
        try {
            updates.putLast(new JobUpdate(status, details.with(last)));
        } finally {
            reporting.unlock();
        }
        return updates.await(rules.patience().giveUp());
    }

    /** Something hints at a cancellation: asks the service, on a thread of its own. Never blocks. */
    void check() {
        if (!isEnded && hints.getAndIncrement() == 0) {
            Thread.ofVirtual().name("job-check-" + execution.jobId()).start(() -> {
                try {
                    int lookedInto;
                    do {
                        // The answer may be older than a hint that comes meanwhile.
                        lookedInto = hints.get();
                        askUntilKnown();
                    } while (!hints.compareAndSet(lookedInto, 0));
                } catch (InterruptedException unexpected) {
                    hints.set(0);
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    private void askUntilKnown() throws InterruptedException {
        Duration pause = rules.patience().first();
        while (ending.get() == null && !isEnded) {
            switch (service.standing(execution)) {
                case STANDS -> {
                    return;
                }
                case GONE -> end(Ending.CANCELLED);
                case UNKNOWN -> {
                    Thread.sleep(pause);
                    pause = rules.patience().after(pause);
                }
            }
        }
    }

    @Override
    public String jobId() {
        return execution.jobId();
    }

    @Override
    public long executionNumber() {
        return execution.number();
    }

    @Override
    public JsonNode document() {
        return execution.document();
    }

    @Override
    public <T> T as(Class<T> type) throws JobRejectedException {
        try {
            T read = mapper.readerFor(type)
                    .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(execution.document());
            if (read != null) {
                return read;
            }
        } catch (JsonProcessingException unfit) {
            throw new JobRejectedException("the job's document is no " + type.getSimpleName() + place(unfit));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        throw new JobRejectedException("the job's document is no " + type.getSimpleName());
    }

    /** Which member is wrong, without its value. */
    private static String place(JsonProcessingException unfit) {
        if (unfit instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            StringBuilder path = new StringBuilder(": see ");
            mapping.getPath()
                    .forEach(step -> path.append('/')
                            .append(
                                    step.getFieldName() == null
                                            ? String.valueOf(step.getIndex())
                                            : step.getFieldName()));
            return path.toString();
        }
        return "";
    }

    @Override
    public JsonNode freshDocument() throws InterruptedException {
        JsonNode fresh = service.document(execution);
        return fresh == null ? execution.document() : fresh;
    }

    @Override
    public Map<String, String> memory() {
        return execution.details().pairs();
    }

    @Override
    public void progress(Map<String, String> more) {
        reporting.lock();
        try {
            details = details.with(more);
            boolean unused = updates.put(new JobUpdate(JobUpdate.Status.IN_PROGRESS, details));
        } finally {
            reporting.unlock();
        }
    }

    @Override
    public boolean remember(Map<String, String> more) throws InterruptedException {
        progress(more);
        return updates.await(rules.patience().giveUp()) && ending.get() == null;
    }

    @Override
    public @Nullable Duration remaining() {
        if (deadline == null) {
            return null;
        }
        Duration left = deadline.minus(execution.elapsed()).minusNanos(System.nanoTime() - began);
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public boolean isCancelled() {
        Duration left = remaining();
        return ending.get() != null || (left != null && left.isZero());
    }
}
