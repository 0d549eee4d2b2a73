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
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes, describes, lists and deletes the job templates of the account. Thread-safe.
 *
 * <p>Source: service model {@code iot-2015-05-28}; AWS IoT developer guide, "Create custom job templates"; AWS General
 * Reference, "AWS IoT Jobs", 2026.
 */
public final class JobTemplates {
    /** Source: AWS General Reference, "AWS IoT Jobs", maximum number of job templates. */
    private static final int MAX_TEMPLATES = 100;

    private static final Table TEMPLATES = new Table("job_templates");
    private static final String ID = "jobTemplateId";
    private static final String JOB_ARN = "jobArn";
    private static final Pattern ID_FORM = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final Member TEMPLATE_ID = Member.path(ID).length(1, 64).matching("[a-zA-Z0-9_-]+");
    private static final String WINDOWS = "maintenanceWindows";
    private static final String SCHEDULE = "schedulingConfig";

    private final Jobs jobs;
    private final Account account;

    JobTemplates(Jobs jobs) {
        this.jobs = jobs;
        this.account = jobs.registry().account();
    }

    /** Whether there is a job template of this id. */
    public static boolean has(Snapshot rows, String id) {
        return find(rows, id).isPresent();
    }

    private static Optional<JobTemplate> find(Snapshot rows, String id) {
        return rows.get(TEMPLATES, id).map(row -> JobRows.read(row, JobTemplate.class));
    }

    private static JobTemplate existing(Snapshot rows, String id) throws Refusal {
        return find(rows, id)
                .orElseThrow(
                        () -> new Refusal(ErrorType.RESOURCE_NOT_FOUND, "Job template " + id + " cannot be found."));
    }

    /** @throws Refusal when the account has no template of this ARN */
    static JobTemplate ofArn(Snapshot rows, Account account, String arn) throws Refusal {
        return find(rows, id(arn, account.iotArn("jobtemplate/")))
                .orElseThrow(
                        () -> new Refusal(ErrorType.RESOURCE_NOT_FOUND, "Job template " + arn + " cannot be found."));
    }

    /** The id in an ARN; empty when it is an ARN of something else. */
    private static String id(String arn, String prefix) {
        String id = arn.startsWith(prefix) ? arn.substring(prefix.length()) : "";
        return ID_FORM.matcher(id).matches() ? id : "";
    }

    List<Operation> operations() {
        return List.of(
                on("CreateJobTemplate", "PUT", this::create)
                        .demanding(new Permission("iot:CreateJobTemplate", "{given." + JOB_ARN + "}"))
                        .taking(
                                TEMPLATE_ID,
                                Member.body(JOB_ARN).length(1, 2048),
                                Member.body("documentSource").length(1, 1350),
                                Member.body("document").length(0, 32_768),
                                JobOperations.DESCRIPTION.mandatory(),
                                Member.body("presignedUrlConfig").as(Member.Kind.OBJECT),
                                Member.body("timeoutConfig").as(Member.Kind.OBJECT),
                                Member.body("jobExecutionsRetryConfig").as(Member.Kind.OBJECT),
                                Member.body("jobExecutionsRolloutConfig").as(Member.Kind.OBJECT),
                                Member.body("abortConfig").as(Member.Kind.OBJECT),
                                Member.body(WINDOWS).as(Member.Kind.LIST),
                                Member.body("tags").as(Member.Kind.LIST)),
                on("DescribeJobTemplate", "GET", this::describe).taking(TEMPLATE_ID),
                Operation.answered(
                                "ListJobTemplates",
                                "GET /job-templates",
                                new Permission("iot:ListJobTemplates", "*"),
                                this::list)
                        .taking(JobOperations.RESULTS),
                on("DeleteJobTemplate", "DELETE", this::delete).taking(TEMPLATE_ID));
    }

    private static Operation on(String name, String method, Operation.Answer answer) {
        return Operation.answered(
                name,
                method + " /job-templates/{jobTemplateId}",
                new Permission("iot:" + name, "jobtemplate/{jobTemplateId}"),
                answer);
    }

    private String arn(String id) {
        return account.iotArn("jobtemplate/" + id);
    }

    private HttpReply create(OperationRequest request) throws Refusal {
        ObjectNode json = request.json();
        String id = request.label(ID);
        JobInput.refuseUnserved(json, "destinationPackageVersions");
        Map<String, String> tags = JobInput.tags(request, "jobtemplate/" + id);
        return jobs.<HttpReply, Refusal>writeRows(rows -> {
            if (has(rows, id)) {
                throw new Refusal(ErrorType.CONFLICT, "Job template " + id + " already exists");
            }
            if (rows.page(TEMPLATES, "", "", MAX_TEMPLATES).size() == MAX_TEMPLATES) {
                throw new Refusal(
                        ErrorType.LIMIT_EXCEEDED, "an account has at most " + MAX_TEMPLATES + " job templates");
            }
            JobTemplate template = template(rows, id, json);
            rows.put(TEMPLATES, id, JobRows.bytes(template));
            Tags.put(rows, arn(id), tags);
            return RestJson.ok(named(template));
        });
    }

    private JobTemplate template(Snapshot rows, String id, ObjectNode json) throws Refusal {
        String description = JobInput.text(json, "description");
        String basis = JobInput.text(json, JOB_ARN);
        if (basis.isEmpty()) {
            return new JobTemplate(
                    id, description, JobInput.document(json), configs(json, JobConfigs.NONE), jobs.millis());
        }
        String jobId = id(basis, account.iotArn("job/"));
        Job job = JobRows.job(rows, jobId).orElseThrow(() -> JobOperations.missing(jobId));
        return new JobTemplate(
                id,
                description,
                JobInput.document(json, JobRows.document(rows, job.id()), JOB_ARN),
                configs(json, job.configs()),
                jobs.millis());
    }

    /** The configurations of a template, which has the windows of a schedule and no times. */
    private static JobConfigs configs(ObjectNode json, JobConfigs before) throws Refusal {
        ObjectNode read = json.deepCopy();
        read.remove(SCHEDULE);
        if (!JobInput.isAbsent(json.path(WINDOWS))) {
            read.putObject(SCHEDULE).set(WINDOWS, json.path(WINDOWS));
        }
        return JobInput.configs(read, before.withoutTimes());
    }

    private ObjectNode named(JobTemplate template) {
        return Answered.object().put("jobTemplateArn", arn(template.id())).put(ID, template.id());
    }

    private ObjectNode summary(JobTemplate template) {
        return named(template)
                .put("description", template.description())
                .put("createdAt", JobOperations.seconds(template.createdAt()));
    }

    private HttpReply describe(OperationRequest request) throws Refusal {
        return jobs.<HttpReply, Refusal>read(rows -> {
            JobTemplate template = existing(rows, request.label(ID));
            ObjectNode described = summary(template).put("document", template.document());
            JobViews.putConfigs(described, template.configs());
            JsonNode schedule = described.remove(SCHEDULE);
            if (schedule != null) {
                described.set(WINDOWS, schedule.path(WINDOWS));
            }
            return RestJson.ok(described);
        });
    }

    private HttpReply list(OperationRequest request) throws Refusal {
        return Answered.list(
                "jobTemplates",
                "nextToken",
                jobs.<Listed<JobTemplate>, Refusal>read(rows -> JobPages.page(
                        rows,
                        TEMPLATES,
                        "",
                        JobPages.asked(request),
                        row -> Optional.of(JobRows.read(row.value(), JobTemplate.class)))),
                this::summary);
    }

    private HttpReply delete(OperationRequest request) throws Refusal {
        String id = request.label(ID);
        return jobs.<HttpReply, Refusal>writeRows(rows -> {
            var unused = existing(rows, id);
            rows.delete(TEMPLATES, id);
            Tags.clear(rows, arn(id));
            return Answered.nothing();
        });
    }
}
