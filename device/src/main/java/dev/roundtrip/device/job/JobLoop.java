package dev.roundtrip.device.job;

import dev.roundtrip.device.job.RunningJob.Ending;
import dev.roundtrip.device.update.Patience;
import dev.roundtrip.device.update.ServiceAnswer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Takes the next execution, carries it out and reports how it ended, one after the other, on a thread of its own.
 * Thread-safe.
 */
final class JobLoop {
    /** How long a handler may take to end, and its result to reach the service, when the device is closed. */
    private static final Duration CLOSE = Duration.ofSeconds(2);

    /** How often one result is brought to a service that accepts it, and hands the same execution over again. */
    private static final int MOST_REPORTS = 3;

    private final String thing;
    private final JobTable table;
    private final JobService service;
    private final Semaphore wakes = new Semaphore(0);
    private final Thread thread;
    private volatile @Nullable RunningJob running;
    private volatile boolean isClosing;

    /** Not to be run again by this process; of the thread alone. */
    private @Nullable Finished finished;

    /** Why the service starts no execution, since it last did; empty when it does. Of the thread alone. */
    private String refusal = "";

    /** An execution whose handler has ended.
     *
     * @param reports how often the service was told
     */
    private record Finished(HandedOver execution, JobResult result, int reports) {}

    JobLoop(String thing, JobTable table, JobService service) {
        this.thing = thing;
        this.table = table;
        this.service = service;
        this.thread = Thread.ofVirtual().name(thing + "-jobs").start(this::run);
    }

    /** There may be an execution. */
    void wake() {
        wakes.release();
    }

    /** The execution whose handler runs, or whose result is on its way. */
    @Nullable RunningJob running() {
        return running;
    }

    private void run() {
        try {
            while (!isClosing) {
                wakes.acquire();
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
        if (execution == null) {
            return false;
        }
        Finished before = finished;
        if (before != null && execution.isSame(before.execution())) {
            return reportedAgain(execution, before);
        }
        carryOut(execution);
        return true;
    }

    private @Nullable HandedOver handedOver() throws InterruptedException {
        Duration pause = table.rules().patience().first();
        while (true) {
            // What was notified of before is asked for now.
            var unused = wakes.drainPermits();
            ServiceAnswer answer = service.startNext();
            if (answer != null && answer.isAccepted()) {
                refusal = "";
                return HandedOver.read(answer.body());
            }
            if (answer != null && !JobService.isPassing(answer)) {
                tellOnce(JobService.code(answer));
            }
            // A connection, or a notification, ends the pause.
            unused = wakes.tryAcquire(Patience.jittered(pause).toNanos(), TimeUnit.NANOSECONDS) ? 1 : 0;
            pause = table.rules().patience().after(pause);
        }
    }

    /** The service is asked again and again: what is the same is told once. */
    private void tellOnce(String code) {
        if (!code.equals(refusal)) {
            refusal = code;
            service.tell("starts no execution: " + code + "; it is asked again");
        }
    }

    private void carryOut(HandedOver execution) throws InterruptedException {
        RunningJob job = begin(execution);
        try {
            JobResult result = result(job);
            boolean isTold = JobReport.isDue(job, result);
            finished = new Finished(execution, result, isTold ? 1 : 0);
            if (isTold) {
                JobReport.send(job, result);
            }
        } finally {
            end(job);
        }
    }

    /** Its handler has ended, and the service does not know how: the same result is told again, nothing runs.
     *
     * @return whether the service may have another execution
     */
    private boolean reportedAgain(HandedOver execution, Finished before) throws InterruptedException {
        if (before.result() instanceof JobResult.ResumesAfterRestart || before.reports() > MOST_REPORTS) {
            return false;
        }
        finished = new Finished(before.execution(), before.result(), before.reports() + 1);
        if (before.reports() == MOST_REPORTS) {
            service.tell("hands job " + execution.jobId() + " over again although it was told how it ended, "
                    + MOST_REPORTS + " times: nothing runs, and nothing more is told of it");
            return false;
        }
        RunningJob job = begin(execution);
        try {
            JobReport.send(job, before.result());
        } finally {
            end(job);
        }
        return true;
    }

    private RunningJob begin(HandedOver execution) {
        RunningJob job = new RunningJob(execution, service, table);
        running = job;
        if (isClosing) {
            job.end(Ending.CLOSED);
        }
        return job;
    }

    private void end(RunningJob job) {
        running = null;
        job.updates().close();
    }

    /** Runs the handler on a thread of its own, which an ending interrupts. */
    private JobResult result(RunningJob job) throws InterruptedException {
        CompletableFuture<JobResult> result = new CompletableFuture<>();
        Thread worker = worker(job, () -> result.complete(table.handle(job)));
        if (worker == null) {
            return JobResult.stopped();
        }
        job.runsOn(worker);
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
        }
    }

    private @Nullable Thread worker(RunningJob job, Runnable handler) throws InterruptedException {
        return Handlers.start(
                thing,
                job.execution(),
                handler,
                () -> service.tell(
                        "hands job " + job.jobId() + " over, whose handler a closed device has left behind: the"
                                + " job goes on when that handler ends"),
                () -> endsUnbegun(job));
    }

    /** Ends an execution whose time is over before its handler has begun.
     *
     * @return whether it is over, for this or another reason
     */
    private static boolean endsUnbegun(RunningJob job) {
        Duration left = job.remaining();
        if (left != null && left.isZero()) {
            job.end(Ending.DEADLINE);
        }
        return job.ending() != null;
    }

    /** Interrupts the handler. What it has done is told while there is time; what it has not is handed over again when
     * the program starts again.
     */
    void close() {
        isClosing = true;
        RunningJob job = running;
        if (job != null) {
            job.end(Ending.CLOSED);
            join();
        }
        thread.interrupt();
        join();
    }

    private void join() {
        try {
            boolean unused = thread.join(CLOSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
