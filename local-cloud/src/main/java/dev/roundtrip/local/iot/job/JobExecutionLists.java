package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.Keys;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists executions for the owner of a job. Thread-safe. */
final class JobExecutionLists {
    private static final String JOB = "jobId";
    private static final String THING = "thingName";
    private static final String NUMBER = "executionNumber";
    static final Member THING_NAME = Member.path(THING).length(1, 128).matching("[a-zA-Z0-9:_-]+");
    private static final Member STATUS = Member.query("status")
            .oneOf("QUEUED", "IN_PROGRESS", "SUCCEEDED", "FAILED", "TIMED_OUT", "REJECTED", "REMOVED", "CANCELED");

    private final Jobs jobs;
    private final Account account;

    JobExecutionLists(Jobs jobs) {
        this.jobs = jobs;
        this.account = jobs.registry().account();
    }

    List<Operation> operations() {
        return List.of(
                Operation.answered(
                                "ListJobExecutionsForJob",
                                "GET /jobs/{jobId}/things",
                                new Permission("iot:ListJobExecutionsForJob", "job/{jobId}"),
                                this::listForJob)
                        .taking(JobOperations.JOB_ID, STATUS, JobOperations.RESULTS),
                Operation.answered(
                                "ListJobExecutionsForThing",
                                "GET /things/{thingName}/jobs",
                                new Permission("iot:ListJobExecutionsForThing", "thing/{thingName}"),
                                this::listForThing)
                        .taking(
                                THING_NAME,
                                STATUS,
                                JobOperations.NAMESPACE,
                                JobOperations.RESULTS,
                                Member.query(JOB).length(1, 64).matching("[a-zA-Z0-9_-]+")));
    }

    private HttpReply listForJob(OperationRequest request) throws Refusal {
        String id = request.label(JOB);
        String status = request.query().text("status");
        return Answered.list(
                "executionSummaries",
                "nextToken",
                jobs.<Listed<JobExecution>, Refusal>read(rows -> {
                    var unused = JobRows.job(rows, id).orElseThrow(() -> JobOperations.missing(id));
                    return JobPages.page(
                            rows,
                            JobRows.EXECUTIONS,
                            Keys.prefix(id),
                            JobPages.asked(request),
                            row -> filtered(Optional.of(JobRows.read(row.value(), JobExecution.class)), status));
                }),
                execution ->
                        summary(Answered.object().put("thingArn", account.thingArn(execution.thing())), execution));
    }

    private HttpReply listForThing(OperationRequest request) throws Refusal {
        String thing = request.label(THING);
        String status = request.query().text("status");
        String job = request.query().text(JOB);
        return Answered.list(
                "executionSummaries",
                "nextToken",
                jobs.<Listed<JobExecution>, Refusal>read(rows -> {
                    if (ThingRegistry.id(rows, thing).isEmpty()) {
                        throw new Refusal(ErrorType.RESOURCE_NOT_FOUND, "Thing " + thing + " cannot be found.");
                    }
                    return JobPages.page(
                            rows,
                            JobRows.OF_THINGS,
                            Keys.prefix(thing),
                            JobPages.asked(request),
                            row -> filtered(JobRows.execution(rows, JobRows.ofThing(row.key())), status)
                                    .filter(execution ->
                                            job == null || execution.jobId().equals(job)));
                }),
                execution -> summary(Answered.object().put(JOB, execution.jobId()), execution));
    }

    private static Optional<JobExecution> filtered(Optional<JobExecution> found, @Nullable String status) {
        return found.filter(
                execution -> status == null || execution.status().name().equals(status));
    }

    private static ObjectNode summary(ObjectNode answer, JobExecution execution) {
        ObjectNode summary = answer.putObject("jobExecutionSummary")
                .put("status", execution.status().name());
        times(summary, execution);
        summary.put(NUMBER, execution.number())
                .put("retryAttempt", execution.retries().attempt());
        return answer;
    }

    static void times(ObjectNode answer, JobExecution execution) {
        answer.put("queuedAt", JobOperations.seconds(execution.queuedAt()));
        if (execution.startedAt() != 0) {
            answer.put("startedAt", JobOperations.seconds(execution.startedAt()));
        }
        answer.put("lastUpdatedAt", JobOperations.seconds(execution.lastUpdatedAt()));
    }
}
