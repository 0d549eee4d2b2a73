package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.time.EarliestTimer;
import dev.roundtrip.local.time.ServiceClock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Ends executions whose time is over. Thread-safe. */
final class ExecutionTimers {
    private static final int SOME = 100;

    /** How long timers that could not be served wait before they are tried again; our choice. */
    private static final long AGAIN_MILLIS = 1_000;

    private final Jobs jobs;
    private final ServiceClock clock;
    private final TimerLateness lateness;
    private final EarliestTimer timer;

    ExecutionTimers(Jobs jobs, ServiceClock clock, TimerLateness lateness) {
        this.jobs = jobs;
        this.clock = clock;
        this.lateness = lateness;
        this.timer = new EarliestTimer(clock, this::timeOut);
    }

    /** Begins with the timers of an earlier process. */
    void start() {
        jobs.<List<JobRows.Timer>, RuntimeException>read(rows -> JobRows.timers(rows, 1))
                .forEach(first -> arm(first.end()));
    }

    /** Waits for a timer too.
     *
     * @param end in milliseconds
     */
    void arm(long end) {
        timer.watch(Instant.ofEpochMilli(lateness.end(end)));
    }

    private void timeOut() {
        long now = clock.millis();
        try {
            List<JobRows.Timer> ended;
            do {
                ended = jobs.<List<JobRows.Timer>, RuntimeException>read(rows -> JobRows.timers(rows, SOME)).stream()
                        .filter(each -> lateness.end(each.end()) <= now)
                        .toList();
                timeOut(ended);
            } while (ended.size() == SOME);
            start();
        } catch (RuntimeException failed) {
            arm(now + AGAIN_MILLIS);
            throw failed;
        }
    }

    /** A timer that fails keeps none of the others from ending its execution.
     *
     * @throws RuntimeException the first failure, afterwards
     */
    private void timeOut(List<JobRows.Timer> ended) {
        RuntimeException failure = null;
        for (JobRows.Timer each : ended) {
            try {
                timeOut(each);
            } catch (RuntimeException failed) {
                failure = failure == null ? failed : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void timeOut(JobRows.Timer ended) {
        jobs.<Boolean, RuntimeException>write(
                ended.execution().thing(),
                change -> {
                    Optional<JobExecution> before = JobRows.execution(change.rows(), ended.execution())
                            .filter(execution -> execution.timers().next() == ended.end());
                    before.ifPresent(execution ->
                            change.change(execution, execution.ended(ExecutionStatus.TIMED_OUT, change.now())));
                    return before.isPresent();
                },
                changed -> {});
    }
}
