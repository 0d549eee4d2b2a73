package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.job.Executions.Shown;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The operations of the AWS IoT Jobs data plane: executions over HTTP. Thread-safe.
 *
 * <p>Source: service model {@code iot-jobs-data-2017-09-29}; Service Authorization Reference, "Actions, resources, and
 * condition keys for AWS IoT Jobs DataPlane".
 */
public final class JobsDataPlane {
    /** The signing name of AWS's clients; the log calls the service so. */
    public static final String SIGNING_NAME = "iot-jobs-data";

    /** Our choice: details of a status are small. */
    private static final HttpLimits LIMITS = new HttpLimits(8 * 1024, 16 * 1024, 128 * 1024);

    private static final Pattern PATH = Pattern.compile("/things/[^/]+/jobs(/.*)?");
    private static final String THING = "thingName";
    private static final String JOB = "jobId";
    private static final Member THING_NAME = Member.path(THING).length(1, 128).matching("[a-zA-Z0-9:_-]+");

    private static final Member DETAILS = Member.body("statusDetails").as(Member.Kind.OBJECT);
    private static final Member STEP = Member.body("stepTimeoutInMinutes").number(-1, 10_080);

    private final Executions executions;

    private JobsDataPlane(Executions executions) {
        this.executions = executions;
    }

    /** All operations of the model, none of which is served. */
    public static OperationTable unserved() {
        return new OperationTable(
                "AWS IoT Jobs data plane",
                "iot-jobs-data-2017-09-29",
                Set.of(SIGNING_NAME),
                LIMITS,
                List.of(
                        Operation.unserved("GetPendingJobExecutions", "GET /things/{thingName}/jobs"),
                        Operation.unserved("StartNextPendingJobExecution", "PUT /things/{thingName}/jobs/$next"),
                        Operation.unserved("DescribeJobExecution", "GET /things/{thingName}/jobs/{jobId}"),
                        Operation.unserved("UpdateJobExecution", "POST /things/{thingName}/jobs/{jobId}"),
                        Operation.unserved("StartCommandExecution", "POST /command-executions")));
    }

    /** The same, with the operations on the executions of jobs. */
    public static OperationTable of(Jobs jobs) {
        JobsDataPlane operations = new JobsDataPlane(new Executions(jobs));
        return unserved()
                .serving(List.of(
                        operation("GetPendingJobExecutions", "GET /things/{thingName}/jobs", operations::pending)
                                .taking(THING_NAME),
                        operation(
                                        "StartNextPendingJobExecution",
                                        "PUT /things/{thingName}/jobs/$next",
                                        operations::startNext)
                                .taking(THING_NAME, DETAILS, STEP),
                        operation("DescribeJobExecution", "GET /things/{thingName}/jobs/{jobId}", operations::describe)
                                .taking(
                                        THING_NAME,
                                        Member.path(JOB).matching("[a-zA-Z0-9_-]{1,64}|\\$next"),
                                        Member.query("includeJobDocument").as(Member.Kind.FLAG),
                                        Member.query("executionNumber").number(Long.MIN_VALUE, Long.MAX_VALUE)),
                        operation("UpdateJobExecution", "POST /things/{thingName}/jobs/{jobId}", operations::update)
                                .taking(
                                        THING_NAME,
                                        Member.path(JOB).length(1, 64).matching("[a-zA-Z0-9_-]+"),
                                        Member.body("status").mandatory(),
                                        DETAILS,
                                        STEP,
                                        Member.body("expectedVersion").number(Long.MIN_VALUE, Long.MAX_VALUE),
                                        Member.body("executionNumber").number(Long.MIN_VALUE, Long.MAX_VALUE),
                                        Member.body("includeJobExecutionState").as(Member.Kind.FLAG),
                                        Member.body("includeJobDocument").as(Member.Kind.FLAG))));
    }

    /** Whether a path is one of this service's, for requests that are not signed.
     *
     * @param path as sent
     */
    public static boolean has(String path) {
        return PATH.matcher(path).matches();
    }

    /** Answers, or refuses as over MQTT. */
    @FunctionalInterface
    private interface Answer {
        HttpReply of(OperationRequest request) throws JobRefusal, Refusal;
    }

    private static Operation operation(String name, String route, Answer answer) {
        return Operation.answered(name, route, new Permission("iotjobsdata:" + name, "thing/{thingName}"), request -> {
            try {
                return answer.of(request);
            } catch (JobRefusal refused) {
                throw refused.overHttp();
            }
        });
    }

    private HttpReply pending(OperationRequest request) throws JobRefusal {
        return RestJson.ok(JobTopics.lists(executions.pending(request.label(THING))));
    }

    private HttpReply startNext(OperationRequest request) throws JobRefusal, Refusal {
        JobRequest read = JobRequest.of(request.json());
        return execution(executions.startNext(request.label(THING), read, unused -> {}), true);
    }

    private HttpReply describe(OperationRequest request) throws JobRefusal, Refusal {
        ObjectNode asked = RestJson.MAPPER.createObjectNode();
        String number = request.query().text("executionNumber");
        if (number != null) {
            asked.put("executionNumber", Long.parseLong(number));
        }
        String document = request.query().text("includeJobDocument");
        return execution(
                executions.describe(request.label(THING), request.label(JOB), JobRequest.of(asked)),
                document == null || document.equalsIgnoreCase("true"));
    }

    private HttpReply execution(Optional<Shown> found, boolean withDocument) {
        ObjectNode answer = RestJson.MAPPER.createObjectNode();
        found.ifPresent(shown -> {
            ObjectNode execution = JobJson.execution(shown.execution(), executions.millis());
            if (withDocument) {
                execution.put("jobDocument", shown.document());
            }
            answer.set("execution", execution);
        });
        return RestJson.ok(answer);
    }

    private HttpReply update(OperationRequest request) throws JobRefusal, Refusal {
        JobRequest read = JobRequest.of(request.json());
        boolean state = read.flag("includeJobExecutionState", false);
        boolean document = read.flag("includeJobDocument", false);
        Shown updated = executions.update(request.label(THING), request.label(JOB), read, unused -> {});
        ObjectNode answer = RestJson.MAPPER.createObjectNode();
        if (state) {
            answer.set("executionState", JobJson.state(updated.execution()));
        }
        if (document) {
            answer.put("jobDocument", updated.document());
        }
        return RestJson.ok(answer);
    }
}
