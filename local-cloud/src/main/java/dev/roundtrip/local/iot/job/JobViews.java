package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import java.util.List;
import java.util.Optional;

/** Describes and lists jobs. Thread-safe. */
final class JobViews {
    /** Source: service model {@code iot-2015-05-28}, {@code scheduledJobRollouts}. */
    private static final int OPENINGS_SHOWN = 7;

    private final Jobs jobs;
    private final Account account;

    JobViews(Jobs jobs) {
        this.jobs = jobs;
        this.account = jobs.registry().account();
    }

    List<Operation> operations() {
        return List.of(
                Operation.answered("DescribeJob", "GET /jobs/{jobId}", JobOperations.on("DescribeJob"), this::describe)
                        .taking(
                                JobOperations.JOB_ID,
                                Member.query("beforeSubstitution").as(Member.Kind.FLAG)),
                Operation.answered("ListJobs", "GET /jobs", new Permission("iot:ListJobs", "*"), this::list)
                        .taking(
                                Member.query("status")
                                        .oneOf(
                                                "IN_PROGRESS",
                                                "CANCELED",
                                                "COMPLETED",
                                                "DELETION_IN_PROGRESS",
                                                "SCHEDULED"),
                                Member.query("targetSelection").oneOf("CONTINUOUS", "SNAPSHOT"),
                                JobOperations.RESULTS,
                                Member.query("thingGroupName").length(1, 128).matching("[a-zA-Z0-9:_-]+"),
                                Member.query("thingGroupId").length(1, 128).matching("[a-zA-Z0-9\\-]+"),
                                JobOperations.NAMESPACE),
                Operation.answered(
                                "GetJobDocument",
                                "GET /jobs/{jobId}/job-document",
                                JobOperations.on("GetJobDocument"),
                                this::document)
                        .taking(
                                JobOperations.JOB_ID,
                                Member.query("beforeSubstitution").as(Member.Kind.FLAG)));
    }

    /** What names a job in an answer. */
    static ObjectNode named(Account account, Job job) {
        ObjectNode answer = Answered.object()
                .put("jobArn", account.iotArn("job/" + job.id()))
                .put("jobId", job.id());
        if (!job.description().isEmpty()) {
            answer.put("description", job.description());
        }
        return answer;
    }

    private HttpReply describe(OperationRequest request) throws Refusal {
        String id = request.label("jobId");
        return jobs.<HttpReply, Refusal>read(rows -> {
            Job job = JobRows.job(rows, id).orElseThrow(() -> JobOperations.missing(id));
            ObjectNode answer = Answered.object();
            ObjectNode described = named(account, job);
            described
                    .put("targetSelection", job.targetSelection().name())
                    .put("status", job.status().name());
            if (job.status() == JobStatus.CANCELED) {
                described.put("forceCanceled", job.ending().forceCanceled());
            }
            putText(described, "reasonCode", job.ending().reasonCode());
            putText(described, "comment", job.ending().comment());
            job.targets().forEach(described.putArray("targets")::add);
            times(described, job);
            described.set("jobProcessDetails", JobEvent.processDetails(JobRows.counts(rows, id)));
            putConfigs(described, job.configs());
            putText(described, "jobTemplateArn", job.source().jobTemplateArn());
            if (!job.source().documentParameters().isEmpty()) {
                described.set(
                        "documentParameters", JobEvent.details(job.source().documentParameters()));
            }
            described.put("isConcurrent", RolloutRows.isConcurrent(rows, id));
            Schedule schedule = Schedule.of(job);
            if (!schedule.windows().isEmpty() && job.status().isRunning()) {
                ArrayNode rollouts = described.putArray("scheduledJobRollouts");
                schedule.nextOpenings(jobs.millis(), OPENINGS_SHOWN)
                        .forEach(opening -> rollouts.addObject().put("startTime", Schedule.text(opening)));
            }
            answer.set("job", described);
            return RestJson.ok(answer);
        });
    }

    static void putConfigs(ObjectNode described, JobConfigs given) {
        ObjectNode configs = JobRows.MAPPER.valueToTree(given);
        configs.properties().forEach(config -> {
            if (!config.getValue().isNull()) {
                described.set(config.getKey(), withoutNulls(config.getValue()));
            }
        });
    }

    private static JsonNode withoutNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().removeIf(member -> member.getValue().isNull());
        }
        node.forEach(JobViews::withoutNulls);
        return node;
    }

    private static void putText(ObjectNode answer, String name, String text) {
        if (!text.isEmpty()) {
            answer.put(name, text);
        }
    }

    private static void times(ObjectNode answer, Job job) {
        answer.put("createdAt", JobOperations.seconds(job.times().createdAt()))
                .put("lastUpdatedAt", JobOperations.seconds(job.times().lastUpdatedAt()));
        if (job.times().completedAt() != 0) {
            answer.put("completedAt", JobOperations.seconds(job.times().completedAt()));
        }
    }

    /** A job in a list. */
    private record ListedJob(Job job, boolean isConcurrent) {}

    private HttpReply list(OperationRequest request) throws Refusal {
        String status = request.query().text("status");
        String selection = request.query().text("targetSelection");
        String group = request.query().text("thingGroupName");
        String groupArn = account.iotArn("thinggroup/" + group);
        if (request.query().text("thingGroupId") != null || request.query().text("namespaceId") != null) {
            throw Refusal.invalid("the local cloud lists jobs by thingGroupName, not by thingGroupId or namespaceId");
        }
        return Answered.list(
                "jobs",
                "nextToken",
                jobs.<Listed<ListedJob>, Refusal>read(rows ->
                        JobPages.page(rows, JobRows.JOBS, "", JobPages.asked(request), row -> {
                            Job job = JobRows.read(row.value(), Job.class);
                            return (status == null || job.status().name().equals(status))
                                            && (selection == null
                                                    || job.targetSelection()
                                                            .name()
                                                            .equals(selection))
                                            && (group == null || job.targets().contains(groupArn))
                                    ? Optional.of(new ListedJob(job, RolloutRows.isConcurrent(rows, job.id())))
                                    : Optional.empty();
                        })),
                listed -> {
                    Job job = listed.job();
                    ObjectNode summary = Answered.object()
                            .put("jobArn", account.iotArn("job/" + job.id()))
                            .put("jobId", job.id())
                            .put("targetSelection", job.targetSelection().name())
                            .put("status", job.status().name());
                    times(summary, job);
                    return summary.put("isConcurrent", listed.isConcurrent());
                });
    }

    private HttpReply document(OperationRequest request) throws Refusal {
        String id = request.label("jobId");
        return jobs.<HttpReply, Refusal>read(rows -> {
            Job job = JobRows.job(rows, id).orElseThrow(() -> JobOperations.missing(id));
            String document = JobRows.document(rows, id);
            return RestJson.ok(Answered.object()
                    .put(
                            "document",
                            request.query().flag("beforeSubstitution")
                                    ? Blueprint.beforeSubstitution(job, account, document)
                                    : document));
        });
    }
}
