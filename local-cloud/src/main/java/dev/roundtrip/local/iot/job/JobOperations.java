package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Makes, describes, lists, changes, cancels and deletes jobs. Thread-safe.
 *
 * <p>Source: service model {@code iot-2015-05-28}; AWS IoT developer guide, "Jobs".
 */
public final class JobOperations {
    static final Member JOB_ID = Member.path("jobId").length(1, 64).matching("[a-zA-Z0-9_-]+");
    static final Member FORCE = Member.query("force").as(Member.Kind.FLAG);
    static final Member RESULTS = Member.query("maxResults").number(1, Answered.MAX_PAGE);
    static final Member NAMESPACE = Member.query("namespaceId").matching("[a-zA-Z0-9_-]+");
    static final Member DESCRIPTION = Member.body("description").length(0, 2028).matching("[^\\p{C}]+");

    /** Source: service model {@code iot-2015-05-28}, {@code scheduledJobRollouts}. */
    private static final int OPENINGS_SHOWN = 7;

    private static final String[] UNSERVED = {
        "namespaceId", "destinationPackageVersions"
    };

    private final Jobs jobs;
    private final JobTargets targets;
    private final Account account;

    private JobOperations(Jobs jobs) {
        this.jobs = jobs;
        this.account = jobs.registry().account();
        this.targets = new JobTargets(account);
    }

    /** The operations on jobs and on their executions. */
    public static List<Operation> of(Jobs jobs) {
        JobOperations operations = new JobOperations(jobs);
        return Stream.of(
                        operations.operations(),
                        new JobExecutionOperations(jobs).operations(),
                        new JobTemplates(jobs).operations(),
                        new ManagedTemplateOperations(operations.account).operations())
                .flatMap(List::stream)
                .map(jobs.rates()::limited)
                .toList();
    }

    private List<Operation> operations() {
        return List.of(
                Operation.answered("CreateJob", "PUT /jobs/{jobId}", on("CreateJob"), this::create)
                        .demanding(new Permission("iot:CreateJob", "{each.targets}"))
                        .demanding(new Permission("iot:CreateJob", "{given.jobTemplateArn}"))
                        .taking(
                                JOB_ID,
                                Member.body("targets").as(Member.Kind.LIST).mandatory(),
                                Member.body("documentSource").length(1, 1350),
                                Member.body("document").length(0, 32_768),
                                Member.body("jobTemplateArn").length(1, 1600).matching("arn:[!-~]+"),
                                Member.body("documentParameters").as(Member.Kind.OBJECT),
                                DESCRIPTION,
                                Member.body("presignedUrlConfig").as(Member.Kind.OBJECT),
                                Member.body("targetSelection").oneOf("CONTINUOUS", "SNAPSHOT"),
                                Member.body("timeoutConfig").as(Member.Kind.OBJECT),
                                Member.body("jobExecutionsRetryConfig").as(Member.Kind.OBJECT),
                                Member.body("jobExecutionsRolloutConfig").as(Member.Kind.OBJECT),
                                Member.body("abortConfig").as(Member.Kind.OBJECT),
                                Member.body("schedulingConfig").as(Member.Kind.OBJECT),
                                Member.body("tags").as(Member.Kind.LIST)),
                Operation.answered(
                                "AssociateTargetsWithJob",
                                "POST /jobs/{jobId}/targets",
                                on("AssociateTargetsWithJob"),
                                this::associate)
                        .taking(
                                JOB_ID,
                                NAMESPACE,
                                Member.body("targets").as(Member.Kind.LIST).mandatory(),
                                Member.body("comment").length(0, 2028).matching("[^\\p{C}]+")),
                Operation.answered("DescribeJob", "GET /jobs/{jobId}", on("DescribeJob"), this::describe)
                        .taking(JOB_ID, Member.query("beforeSubstitution").as(Member.Kind.FLAG)),
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
                                RESULTS,
                                Member.query("thingGroupName").length(1, 128).matching("[a-zA-Z0-9:_-]+"),
                                Member.query("thingGroupId").length(1, 128).matching("[a-zA-Z0-9\\-]+"),
                                NAMESPACE),
                Operation.answered(
                                "GetJobDocument",
                                "GET /jobs/{jobId}/job-document",
                                on("GetJobDocument"),
                                this::document)
                        .taking(JOB_ID, Member.query("beforeSubstitution").as(Member.Kind.FLAG)),
                Operation.answered("UpdateJob", "PATCH /jobs/{jobId}", on("UpdateJob"), this::update)
                        .taking(
                                JOB_ID,
                                NAMESPACE,
                                DESCRIPTION,
                                Member.body("presignedUrlConfig").as(Member.Kind.OBJECT),
                                Member.body("timeoutConfig").as(Member.Kind.OBJECT),
                                Member.body("jobExecutionsRetryConfig").as(Member.Kind.OBJECT),
                                Member.body("jobExecutionsRolloutConfig").as(Member.Kind.OBJECT),
                                Member.body("abortConfig").as(Member.Kind.OBJECT)),
                Operation.answered("CancelJob", "PUT /jobs/{jobId}/cancel", on("CancelJob"), this::cancel)
                        .taking(
                                JOB_ID,
                                FORCE,
                                Member.body("reasonCode").length(0, 128).matching("[\\p{Upper}\\p{Digit}_]+"),
                                Member.body("comment").length(0, 2028).matching("[^\\p{C}]+")),
                Operation.answered("DeleteJob", "DELETE /jobs/{jobId}", on("DeleteJob"), this::delete)
                        .taking(JOB_ID, FORCE, NAMESPACE));
    }

    private static Permission on(String operation) {
        return new Permission("iot:" + operation, "job/{jobId}");
    }

    private String arn(String jobId) {
        return account.iotArn("job/" + jobId);
    }

    static Job existing(JobTransaction change, String jobId) throws Refusal {
        return change.job(jobId).orElseThrow(() -> missing(jobId));
    }

    static Refusal missing(String jobId) {
        return new Refusal(ErrorType.RESOURCE_NOT_FOUND, "Job " + jobId + " cannot be found.");
    }

    private HttpReply create(OperationRequest request) throws Refusal {
        ObjectNode json = request.json();
        String id = request.label("jobId");
        JobInput.refuseUnserved(json, UNSERVED);
        TargetSelection selection = JobInput.text(json, "targetSelection").equals("CONTINUOUS")
                ? TargetSelection.CONTINUOUS
                : TargetSelection.SNAPSHOT;
        List<String> arns = JobInput.targets(json);
        Map<String, String> tags = JobInput.tags(request, "job/" + id);
        HttpReply answer = jobs.<HttpReply, Refusal>changeJob(id, change -> {
            if (change.job(id).isPresent()) {
                throw new Refusal(
                        ErrorType.RESOURCE_ALREADY_EXISTS,
                        "Job " + id + " already exists",
                        Map.of("resourceId", id, "resourceArn", arn(id)));
            }
            Blueprint made = Blueprint.of(change.rows(), account, json, jobs.values());
            Set<String> things = targets.things(change.rows(), arns);
            long now = change.now();
            ScheduleInput.check(made.configs().schedulingConfig(), selection, now);
            JobTargets.demandRoom(change.rows());
            Job job = new Job(
                    id,
                    arns,
                    selection,
                    JobCalendar.atFirst(made.configs(), now),
                    made.description(),
                    made.source(),
                    made.configs(),
                    new Job.Times(now, now, 0),
                    Job.Ending.NONE);
            change.create(job, made.document());
            Tags.put(change.rows(), arn(id), tags);
            RolloutRows.add(change.rows(), job, arns, things);
            JobCalendar.begin(change, job);
            return RestJson.ok(named(job));
        });
        jobs.steps().rollOut(id);
        return answer;
    }

    private HttpReply associate(OperationRequest request) throws Refusal {
        String id = request.label("jobId");
        List<String> added = JobInput.targets(request.json());
        String comment = JobInput.text(request.json(), "comment");
        HttpReply answer = jobs.<HttpReply, Refusal>changeJob(id, change -> {
            Job before = existing(change, id);
            Job after = targets.added(change, before, added, comment);
            change.change(before, after);
            JobCourse.rollOut(change, after);
            return RestJson.ok(named(after));
        });
        jobs.steps().rollOut(id);
        return answer;
    }

    private ObjectNode named(Job job) {
        ObjectNode answer = Answered.object().put("jobArn", arn(job.id())).put("jobId", job.id());
        if (!job.description().isEmpty()) {
            answer.put("description", job.description());
        }
        return answer;
    }

    private HttpReply describe(OperationRequest request) throws Refusal {
        String id = request.label("jobId");
        return jobs.<HttpReply, Refusal>read(rows -> {
            Job job = JobRows.job(rows, id).orElseThrow(() -> missing(id));
            ObjectNode answer = Answered.object();
            ObjectNode described = named(job);
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
        node.forEach(JobOperations::withoutNulls);
        return node;
    }

    private static void putText(ObjectNode answer, String name, String text) {
        if (!text.isEmpty()) {
            answer.put(name, text);
        }
    }

    private static void times(ObjectNode answer, Job job) {
        answer.put("createdAt", seconds(job.times().createdAt()))
                .put("lastUpdatedAt", seconds(job.times().lastUpdatedAt()));
        if (job.times().completedAt() != 0) {
            answer.put("completedAt", seconds(job.times().completedAt()));
        }
    }

    /** A moment in the protocol's form. */
    static double seconds(long millis) {
        return Answered.seconds(Instant.ofEpochMilli(millis));
    }

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
                jobs.<Listed<Job>, Refusal>read(rows ->
                        JobPages.page(rows, JobRows.JOBS, "", JobPages.asked(request), row -> {
                            Job job = JobRows.read(row.value(), Job.class);
                            return (status == null || job.status().name().equals(status))
                                            && (selection == null
                                                    || job.targetSelection()
                                                            .name()
                                                            .equals(selection))
                                            && (group == null || job.targets().contains(groupArn))
                                    ? Optional.of(job)
                                    : Optional.empty();
                        })),
                job -> {
                    ObjectNode summary = Answered.object()
                            .put("jobArn", arn(job.id()))
                            .put("jobId", job.id())
                            .put("targetSelection", job.targetSelection().name())
                            .put("status", job.status().name());
                    times(summary, job);
                    return summary.put("isConcurrent", false);
                });
    }

    private HttpReply document(OperationRequest request) throws Refusal {
        String id = request.label("jobId");
        return jobs.<HttpReply, Refusal>read(rows -> {
            Job job = JobRows.job(rows, id).orElseThrow(() -> missing(id));
            String document = JobRows.document(rows, id);
            return RestJson.ok(Answered.object()
                    .put(
                            "document",
                            request.query().flag("beforeSubstitution")
                                    ? Blueprint.beforeSubstitution(job, account, document)
                                    : document));
        });
    }

    private HttpReply update(OperationRequest request) throws Refusal {
        ObjectNode json = request.json();
        String id = request.label("jobId");
        JobInput.refuseUnserved(json, UNSERVED);
        return jobs.<HttpReply, Refusal>changeJob(id, change -> {
            Job before = existing(change, id);
            if (before.status().isOver()) {
                throw Refusal.invalid("Job " + id + " is " + before.status() + " and cannot be updated");
            }
            String description = JobInput.text(json, "description");
            Job after = before.updated(
                    description.isEmpty() ? before.description() : description,
                    JobInput.configs(json, before.configs()),
                    change.now());
            change.change(before, after);
            return Answered.nothing();
        });
    }

    private HttpReply cancel(OperationRequest request) throws Refusal {
        ObjectNode json = request.json();
        boolean force = request.query().flag("force");
        Job.Ending why = new Job.Ending(force, JobInput.text(json, "reasonCode"), JobInput.text(json, "comment"));
        String id = request.label("jobId");
        HttpReply answer = jobs.<HttpReply, Refusal>changeJob(id, change -> {
            Job before = existing(change, id);
            if (before.status() == JobStatus.COMPLETED || before.status() == JobStatus.DELETION_IN_PROGRESS) {
                throw Refusal.invalid("Job " + before.id() + " is " + before.status() + " and cannot be cancelled");
            }
            JobCourse.cancel(change, before, why);
            return RestJson.ok(named(before));
        });
        jobs.steps().cancelAll(id);
        return answer;
    }

    private HttpReply delete(OperationRequest request) throws Refusal {
        String id = request.label("jobId");
        boolean force = request.query().flag("force");
        boolean unused = jobs.<Boolean, Refusal>changeJob(id, change -> {
            Job before = existing(change, id);
            if (!force && !before.status().isOver()) {
                throw new Refusal(
                        ErrorType.INVALID_STATE_TRANSITION,
                        "Job " + id + " is " + before.status() + "; delete it with force, or cancel it first");
            }
            change.change(before, before.in(JobStatus.DELETION_IN_PROGRESS, change.now()));
            Tags.clear(change.rows(), arn(id));
            return true;
        });
        jobs.steps().deleteAll(id);
        return Answered.nothing();
    }
}
