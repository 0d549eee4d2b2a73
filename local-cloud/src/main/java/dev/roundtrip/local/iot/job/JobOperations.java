package dev.roundtrip.local.iot.job;

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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Makes and changes jobs. Thread-safe.
 *
 * <p>Source: service model {@code iot-2015-05-28}; AWS IoT developer guide, "Jobs".
 */
public final class JobOperations {
    static final Member JOB_ID = Member.path("jobId").length(1, 64).matching("[a-zA-Z0-9_-]+");
    static final Member FORCE = Member.query("force").as(Member.Kind.FLAG);
    static final Member RESULTS = Member.query("maxResults").number(1, Answered.MAX_PAGE);
    static final Member NAMESPACE = Member.query("namespaceId").matching("[a-zA-Z0-9_-]+");
    static final Member DESCRIPTION = Member.body("description").length(0, 2028).matching("[^\\p{C}]+");

    private static final String[] UNSERVED = {"namespaceId", "destinationPackageVersions"};

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
                        new JobViews(jobs).operations(),
                        new JobEndings(jobs).operations(),
                        new JobExecutionLists(jobs).operations(),
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
                        .demanding(new Permission("iot:AssociateTargetsWithJob", "{each.targets}"))
                        .taking(
                                JOB_ID,
                                NAMESPACE,
                                Member.body("targets").as(Member.Kind.LIST).mandatory(),
                                Member.body("comment").length(0, 2028).matching("[^\\p{C}]+")),
                Operation.answered("UpdateJob", "PATCH /jobs/{jobId}", on("UpdateJob"), this::update)
                        .taking(
                                JOB_ID,
                                NAMESPACE,
                                DESCRIPTION,
                                Member.body("presignedUrlConfig").as(Member.Kind.OBJECT),
                                Member.body("timeoutConfig").as(Member.Kind.OBJECT),
                                Member.body("jobExecutionsRetryConfig").as(Member.Kind.OBJECT),
                                Member.body("jobExecutionsRolloutConfig").as(Member.Kind.OBJECT),
                                Member.body("abortConfig").as(Member.Kind.OBJECT)));
    }

    static Permission on(String operation) {
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
            JobStatus atFirst = JobCalendar.atFirst(made.configs(), now);
            JobTargets.demandRoom(change.rows(), atFirst);
            Job job = new Job(
                    id,
                    arns,
                    selection,
                    atFirst,
                    made.description(),
                    made.source(),
                    made.configs(),
                    new Job.Times(now, now, 0),
                    Job.Ending.NONE);
            change.create(job, made.document());
            Tags.put(change.rows(), arn(id), tags);
            RolloutRows.add(change.rows(), job, arns, things);
            JobCalendar.begin(change, job);
            return RestJson.ok(JobViews.named(account, job));
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
            return RestJson.ok(JobViews.named(account, after));
        });
        jobs.steps().rollOut(id);
        return answer;
    }

    /** A moment in the protocol's form. */
    static double seconds(long millis) {
        return Answered.seconds(Instant.ofEpochMilli(millis));
    }

    private HttpReply update(OperationRequest request) throws Refusal {
        ObjectNode json = request.json();
        String id = request.label("jobId");
        JobInput.refuseUnserved(json, UNSERVED);
        // The operation has no such member, and nothing would follow it.
        json.remove("schedulingConfig");
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
}
