package dev.roundtrip.device.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roundtrip.device.update.LatestUpdate;
import dev.roundtrip.device.update.Patience;
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
    private final ReportedDetails details;

    /** Why a handler is to end before it is done. */
    enum Ending {
        CANCELLED,
        DEADLINE,
        CLOSED
    }

    RunningJob(HandedOver execution, JobService service, JobTable table) {
        this.execution = execution;
        this.service = service;
        this.rules = table.rules();
        this.mapper = table.mapper();
        this.deadline = table.deadline(execution.document());
        this.details = new ReportedDetails(execution.details());
        this.updates = new LatestUpdate<>(
                "job-update-" + execution.jobId(),
                rules.patience(),
                new ExecutionUpdates(execution, service, () -> end(Ending.CANCELLED)));
    }

    /** When it was queued, in epoch seconds. */
    long queuedAt() {
        return execution.queuedAt();
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
        boolean isSent;
        reporting.lock();
        try {
            isSent = updates.putLast(new JobUpdate(status, details.all().with(last)));
        } finally {
            reporting.unlock();
        }
        return isSent && updates.await(rules.patience().giveUp());
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
                    Thread.sleep(Patience.jittered(pause));
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
        return JobDocument.read(execution.document(), type, mapper);
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
        boolean unused = inProgress(() -> details.progress(more));
    }

    @Override
    public boolean remember(Map<String, String> more) throws InterruptedException {
        return inProgress(() -> details.remember(more))
                && updates.await(rules.patience().giveUp())
                && ending.get() == null;
    }

    /** @return whether the service may still take it */
    private boolean inProgress(Runnable change) {
        reporting.lock();
        try {
            change.run();
            return updates.put(new JobUpdate(JobUpdate.Status.IN_PROGRESS, details.all()));
        } finally {
            reporting.unlock();
        }
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
