package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.registry.Account;
import java.util.List;

/** Cancels and deletes jobs. Thread-safe. */
final class JobEndings {
    private final Jobs jobs;
    private final Account account;

    JobEndings(Jobs jobs) {
        this.jobs = jobs;
        this.account = jobs.registry().account();
    }

    List<Operation> operations() {
        return List.of(
                Operation.answered("CancelJob", "PUT /jobs/{jobId}/cancel", JobOperations.on("CancelJob"), this::cancel)
                        .taking(
                                JobOperations.JOB_ID,
                                JobOperations.FORCE,
                                Member.body("reasonCode").length(0, 128).matching("[\\p{Upper}\\p{Digit}_]+"),
                                Member.body("comment").length(0, 2028).matching("[^\\p{C}]+")),
                Operation.answered("DeleteJob", "DELETE /jobs/{jobId}", JobOperations.on("DeleteJob"), this::delete)
                        .taking(JobOperations.JOB_ID, JobOperations.FORCE, JobOperations.NAMESPACE));
    }

    private HttpReply cancel(OperationRequest request) throws Refusal {
        ObjectNode json = request.json();
        boolean force = request.query().flag("force");
        Job.Ending why = new Job.Ending(force, JobInput.text(json, "reasonCode"), JobInput.text(json, "comment"));
        String id = request.label("jobId");
        HttpReply answer = jobs.<HttpReply, Refusal>changeJob(id, change -> {
            Job before = JobOperations.existing(change, id);
            if (before.status() == JobStatus.COMPLETED || before.status() == JobStatus.DELETION_IN_PROGRESS) {
                throw Refusal.invalid("Job " + before.id() + " is " + before.status() + " and cannot be cancelled");
            }
            JobCourse.cancel(change, before, why);
            return RestJson.ok(JobViews.named(account, before));
        });
        jobs.steps().cancelAll(id);
        return answer;
    }

    private HttpReply delete(OperationRequest request) throws Refusal {
        String id = request.label("jobId");
        boolean force = request.query().flag("force");
        boolean unused = jobs.<Boolean, Refusal>changeJob(id, change -> {
            Job before = JobOperations.existing(change, id);
            if (before.status() == JobStatus.DELETION_IN_PROGRESS) {
                throw new Refusal(ErrorType.INVALID_STATE_TRANSITION, "Job " + id + " is being deleted");
            }
            if (!force && !before.status().isOver()) {
                throw new Refusal(
                        ErrorType.INVALID_STATE_TRANSITION,
                        "Job " + id + " is " + before.status() + "; delete it with force, or cancel it first");
            }
            if (RolloutRows.deletions(change.rows()) == RolloutRows.MAX_DELETIONS) {
                throw new Refusal(
                        ErrorType.LIMIT_EXCEEDED,
                        "at most " + RolloutRows.MAX_DELETIONS + " jobs are deleted at the same time");
            }
            change.change(before, before.in(JobStatus.DELETION_IN_PROGRESS, change.now()));
            Tags.clear(change.rows(), account.iotArn("job/" + id));
            // Where the deletion fails now, it is tried again.
            change.later(change.now(), JobTask.DELETE, id);
            return true;
        });
        jobs.steps().deleteAll(id);
        return Answered.nothing();
    }
}
