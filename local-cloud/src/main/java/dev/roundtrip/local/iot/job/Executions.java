package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.iot.job.ExecutionTransitions.Actor;
import dev.roundtrip.local.iot.job.JobExecution.Timers;
import dev.roundtrip.local.iot.job.JobExecution.Update;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** What things ask of their executions, over MQTT and HTTP alike. Thread-safe; may block for the store. */
final class Executions {
    /** Stands for the execution that the thing gets next. */
    static final String NEXT = "$next";

    private static final long MINUTE = 60_000;

    private final Jobs jobs;

    Executions(Jobs jobs) {
        this.jobs = jobs;
    }

    long millis() {
        return jobs.millis();
    }

    /** An execution and the document of its job, as the thing gets it. */
    record Shown(JobExecution execution, String document) {}

    private Shown shown(Snapshot rows, JobExecution execution) {
        return new Shown(execution, DeliveredDocument.of(rows, execution, jobs.values()));
    }

    /** The executions that are not over, in the order in which the thing gets them. */
    List<JobExecution> pending(String thing) throws JobRefusal {
        jobs.rates().read();
        JobRequest.checkThing(thing);
        return jobs.<List<JobExecution>, JobRefusal>read(rows -> {
            demand(rows, thing);
            return QueueRows.pending(rows, thing, OpenFacts.MAX_PENDING_SHOWN);
        });
    }

    private static void demand(Snapshot rows, String thing) throws JobRefusal {
        if (OpenFacts.THING_MUST_BE_REGISTERED && ThingRegistry.id(rows, thing).isEmpty()) {
            throw new JobRefusal(Rejection.RESOURCE_NOT_FOUND, "Thing " + thing + " not found");
        }
    }

    /** Starts the next execution. One that is in progress is handed out again as it is.
     *
     * @param then gets the answer before subscribers are told
     */
    Optional<Shown> startNext(String thing, JobRequest request, Consumer<Optional<Shown>> then) throws JobRefusal {
        jobs.rates().write();
        JobRequest.checkThing(thing);
        Map<String, String> details = request.statusDetails();
        long step = request.stepTimeout();
        return jobs.<Optional<Shown>, JobRefusal>write(
                thing,
                change -> {
                    demand(change.rows(), thing);
                    List<JobExecution> next = QueueRows.pending(change.rows(), thing, 1);
                    if (next.isEmpty()) {
                        return Optional.empty();
                    }
                    JobExecution execution = next.getFirst();
                    if (execution.status() == ExecutionStatus.QUEUED) {
                        execution = update(
                                change,
                                execution,
                                new Update(
                                        ExecutionStatus.IN_PROGRESS,
                                        details == null ? Map.of() : details,
                                        timers(change, execution, step)));
                    }
                    return Optional.of(shown(change.rows(), execution));
                },
                then);
    }

    /** Describes an execution, or the next one.
     *
     * @return empty when nothing is next
     */
    Optional<Shown> describe(String thing, String jobId, JobRequest request) throws JobRefusal {
        jobs.rates().read();
        JobRequest.checkThing(thing);
        OptionalLong number = request.executionNumber();
        if (jobId.equals(NEXT)) {
            return jobs.<Optional<Shown>, JobRefusal>read(rows -> {
                demand(rows, thing);
                return QueueRows.pending(rows, thing, 1).stream().findFirst().map(execution -> shown(rows, execution));
            });
        }
        JobRequest.checkJob(jobId);
        return jobs.<Optional<Shown>, JobRefusal>read(rows -> {
            JobExecution found = find(rows, thing, jobId, number);
            if (found.status().isTerminal()) {
                throw new JobRefusal(
                        Rejection.TERMINAL_STATE_REACHED,
                        "The job execution is in the terminal state " + found.status());
            }
            return Optional.of(shown(rows, found));
        });
    }

    /** Updates an execution.
     *
     * @param then gets the answer before subscribers are told
     */
    Shown update(String thing, String jobId, JobRequest request, Consumer<Shown> then) throws JobRefusal {
        jobs.rates().write();
        JobRequest.checkThing(thing);
        JobRequest.checkJob(jobId);
        ExecutionStatus status = request.status();
        Map<String, String> details = request.statusDetails();
        OptionalLong expected = request.expectedVersion();
        OptionalLong number = request.executionNumber();
        long step = request.stepTimeout();
        return jobs.<Shown, JobRefusal>write(
                thing,
                change -> {
                    JobExecution before = find(change.rows(), thing, jobId, number);
                    if (expected.isPresent() && expected.getAsLong() != before.version()) {
                        throw new JobRefusal(
                                Rejection.VERSION_MISMATCH,
                                "Expected version " + expected.getAsLong() + " but found version " + before.version(),
                                before);
                    }
                    if (!ExecutionTransitions.may(before.status(), status, Actor.DEVICE)) {
                        throw new JobRefusal(
                                OpenFacts.UPDATE_OF_A_TERMINAL_EXECUTION,
                                "The job execution cannot change from " + before.status() + " to " + status,
                                before);
                    }
                    JobExecution after = update(
                            change,
                            before,
                            new Update(
                                    status,
                                    details == null ? before.statusDetails() : details,
                                    timers(change, before, step)));
                    return shown(change.rows(), after);
                },
                then);
    }

    private static JobExecution find(Snapshot rows, String thing, String jobId, OptionalLong number) throws JobRefusal {
        Optional<JobExecution> found = number.isPresent()
                ? JobRows.execution(rows, new JobExecution.Id(thing, jobId, number.getAsLong()))
                : JobRows.latest(rows, thing, jobId);
        return found.orElseThrow(
                () -> new JobRefusal(Rejection.RESOURCE_NOT_FOUND, "Job " + jobId + " not found for thing " + thing));
    }

    private static JobExecution update(JobTransaction change, JobExecution before, Update update) {
        JobExecution after = before.updated(update, change.now());
        change.change(before, after);
        return after;
    }

    /** The timers of an execution in progress. The in-progress timer starts with the execution; the step timer starts
     * anew each time that minutes are given.
     */
    private static Timers timers(JobTransaction change, JobExecution before, long step) {
        Timers timers = before.status() == ExecutionStatus.QUEUED
                ? new Timers(
                        0,
                        change.job(before.jobId())
                                .map(job -> job.configs().timeoutConfig())
                                .map(timeout -> change.now() + timeout.inProgressTimeoutInMinutes() * MINUTE)
                                .orElse(0L))
                : before.timers();
        if (step == JobRequest.UNCHANGED) {
            return timers;
        }
        return timers.withStep(step == JobRequest.STOPPED ? 0 : change.now() + step * MINUTE);
    }
}
