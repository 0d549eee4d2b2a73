package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.job.ExecutionTransitions.Actor;
import dev.roundtrip.local.iot.job.JobExecution.Timers;
import dev.roundtrip.local.iot.job.JobExecution.Update;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes, cancels and deletes executions for the owner of a job. Thread-safe. */
final class JobExecutionOperations {
    private static final String JOB = "jobId";
    private static final String THING = "thingName";
    private static final String NUMBER = "executionNumber";
    private static final Member THING_NAME = JobExecutionLists.THING_NAME;

    private final Jobs jobs;
    private final Account account;

    JobExecutionOperations(Jobs jobs) {
        this.jobs = jobs;
        this.account = jobs.registry().account();
    }

    List<Operation> operations() {
        return List.of(
                onBoth("DescribeJobExecution", "GET /things/{thingName}/jobs/{jobId}", this::describe)
                        .taking(
                                THING_NAME,
                                JobOperations.JOB_ID,
                                Member.query(NUMBER).number(Long.MIN_VALUE, Long.MAX_VALUE)),
                onBoth("CancelJobExecution", "PUT /things/{thingName}/jobs/{jobId}/cancel", this::cancel)
                        .taking(
                                THING_NAME,
                                JobOperations.JOB_ID,
                                JobOperations.FORCE,
                                Member.body("expectedVersion").number(Long.MIN_VALUE, Long.MAX_VALUE),
                                Member.body("statusDetails").as(Member.Kind.OBJECT)),
                onBoth(
                                "DeleteJobExecution",
                                "DELETE /things/{thingName}/jobs/{jobId}/executionNumber/{executionNumber}",
                                this::delete)
                        .taking(
                                THING_NAME,
                                JobOperations.JOB_ID,
                                Member.path(NUMBER).number(Long.MIN_VALUE, Long.MAX_VALUE),
                                JobOperations.FORCE,
                                JobOperations.NAMESPACE));
    }

    private static Operation onBoth(String name, String route, Operation.Answer answer) {
        return Operation.answered(name, route, new Permission("iot:" + name, "job/{jobId}"), answer)
                .demanding(new Permission("iot:" + name, "thing/{thingName}"));
    }

    private HttpReply describe(OperationRequest request) throws Refusal {
        String number = request.query().text(NUMBER);
        long now = jobs.millis();
        return jobs.<HttpReply, Refusal>read(rows -> {
            JobExecution found =
                    find(rows, request.label(THING), request.label(JOB), number == null ? null : Long.valueOf(number));
            ObjectNode answer = Answered.object();
            ObjectNode execution = answer.putObject("execution")
                    .put(JOB, found.jobId())
                    .put("status", found.status().name())
                    .put("forceCanceled", found.forceCanceled());
            execution.putObject("statusDetails").set("detailsMap", JobEvent.details(found.statusDetails()));
            execution.put("thingArn", account.thingArn(found.thing()));
            JobExecutionLists.times(execution, found);
            execution.put(NUMBER, found.number()).put("versionNumber", found.version());
            long end = found.timers().next();
            if (end != 0) {
                execution.put("approximateSecondsBeforeTimedOut", Math.max(0, (end - now) / 1000));
            }
            return RestJson.ok(answer);
        });
    }

    /** @param number null for the latest one */
    private static JobExecution find(Snapshot rows, String thing, String jobId, @Nullable Long number) throws Refusal {
        return (number == null
                        ? JobRows.latest(rows, thing, jobId)
                        : JobRows.execution(rows, new JobExecution.Id(thing, jobId, number)))
                .orElseThrow(() -> new Refusal(
                        ErrorType.RESOURCE_NOT_FOUND,
                        "Job execution of job " + jobId + " on thing " + thing + " cannot be found."));
    }

    private HttpReply cancel(OperationRequest request) throws Refusal {
        boolean force = request.query().flag("force");
        JsonNode expected = request.json().path("expectedVersion");
        Map<String, String> details = details(request);
        Actor actor = force ? Actor.FORCED_CANCELLATION : Actor.CANCELLATION;
        return jobs.<HttpReply, Refusal>write(
                request.label(THING),
                change -> {
                    JobExecution before = find(change.rows(), request.label(THING), request.label(JOB), null);
                    if (expected.isIntegralNumber() && expected.longValue() != before.version()) {
                        throw new Refusal(
                                ErrorType.VERSION_CONFLICT,
                                "Expected version " + expected.longValue() + " but found version " + before.version());
                    }
                    if (!ExecutionTransitions.may(before.status(), ExecutionStatus.CANCELED, actor)) {
                        throw new Refusal(
                                ErrorType.INVALID_STATE_TRANSITION,
                                "The job execution is " + before.status()
                                        + (before.status() == ExecutionStatus.IN_PROGRESS
                                                ? "; cancel it with force"
                                                : " and cannot be cancelled"));
                    }
                    JobExecution after = before.updated(
                            new Update(
                                    ExecutionStatus.CANCELED,
                                    details == null ? before.statusDetails() : details,
                                    Timers.NONE),
                            change.now());
                    change.change(before, force ? after.forced() : after);
                    return Answered.nothing();
                },
                unused -> {});
    }

    private static @Nullable Map<String, String> details(OperationRequest request) throws Refusal {
        try {
            return JobRequest.statusDetails(request.json().path("statusDetails"));
        } catch (JobRefusal invalid) {
            throw invalid.overHttp();
        }
    }

    private HttpReply delete(OperationRequest request) throws Refusal {
        boolean force = request.query().flag("force");
        long number = Long.parseLong(request.label(NUMBER));
        return jobs.<HttpReply, Refusal>write(
                request.label(THING),
                change -> {
                    JobExecution found = find(change.rows(), request.label(THING), request.label(JOB), number);
                    if (!force && !found.status().isTerminal()) {
                        throw new Refusal(
                                ErrorType.INVALID_STATE_TRANSITION,
                                "The job execution is " + found.status() + "; delete it with force");
                    }
                    change.delete(found);
                    JobCourse.completeIfDone(change, found.jobId());
                    return Answered.nothing();
                },
                unused -> {});
    }
}
