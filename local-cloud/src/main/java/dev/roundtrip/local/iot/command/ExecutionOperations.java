package dev.roundtrip.local.iot.command;

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
import dev.roundtrip.local.iot.command.ExecutionRows.Moment;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.registry.Account;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Describes, lists and deletes executions of commands. Thread-safe.
 *
 * <p>Source: service model {@code iot-2015-05-28}.
 */
final class ExecutionOperations {
    private static final String ID = "executionId";
    private static final String TARGET = "targetArn";
    private static final String COMMAND = "commandArn";
    private static final String STATUS = "status";

    private static final Member EXECUTION = Member.path(ID).length(1, 64).matching("[a-zA-Z0-9_-]+");
    private static final Member OF_TARGET = Member.query(TARGET).length(1, 2048).mandatory();

    private final Executions executions;
    private final Account account;

    ExecutionOperations(Executions executions, Account account) {
        this.executions = executions;
        this.account = account;
    }

    List<Operation> operations() {
        return List.of(
                of("GetCommandExecution", "GET /command-executions/{executionId}", this::get)
                        .taking(
                                EXECUTION,
                                OF_TARGET,
                                Member.query("includeResult").as(Member.Kind.FLAG)),
                Operation.answered(
                                "ListCommandExecutions",
                                "POST /command-executions",
                                new Permission("iot:ListCommandExecutions", "*"),
                                this::list)
                        .refusingAs(ErrorType.VALIDATION)
                        .taking(
                                Member.body(TARGET).length(1, 2048),
                                Member.body(COMMAND).length(1, 2048),
                                Member.body(STATUS)
                                        .oneOf(Stream.of(ExecutionStatus.values())
                                                .map(Enum::name)
                                                .toArray(String[]::new)),
                                Member.body(Pages.ORDER).oneOf("ASCENDING", "DESCENDING"),
                                Member.body("namespace").oneOf(Command.NAMESPACE, "AWS-IoT-FleetWise"),
                                Member.body("startedTimeFilter").as(Member.Kind.OBJECT),
                                Member.body("completedTimeFilter").as(Member.Kind.OBJECT),
                                Pages.RESULTS),
                of("DeleteCommandExecution", "DELETE /command-executions/{executionId}", this::delete)
                        .taking(EXECUTION, OF_TARGET));
    }

    private static Operation of(String name, String route, Operation.Answer answer) {
        return Operation.answered(name, route, new Permission("iot:" + name, "{query.targetArn}"), answer)
                .refusingAs(ErrorType.VALIDATION);
    }

    private ExecutionKey key(OperationRequest request) throws Refusal {
        return new ExecutionKey(CommandTarget.of(request.query().required(TARGET), account), request.label(ID));
    }

    private HttpReply get(OperationRequest request) throws Refusal {
        CommandExecution execution = executions.get(key(request));
        ObjectNode answer = summary(execution);
        StatusReason reason = execution.reason();
        if (reason != null) {
            answer.set("statusReason", reason.json());
        }
        if (request.query().flag("includeResult") && !execution.result().isEmpty()) {
            answer.set("result", execution.result());
        }
        if (!execution.request().parameters().isEmpty()) {
            answer.set("parameters", execution.request().parameters());
        }
        return RestJson.ok(
                answer.put("executionTimeoutSeconds", execution.request().timeoutSeconds())
                        .put("lastUpdatedAt", Answered.seconds(execution.lastUpdatedAt()))
                        .put("timeToLive", Answered.seconds(execution.timeToLive())));
    }

    private ObjectNode summary(CommandExecution execution) {
        ObjectNode summary = Answered.object()
                .put(ID, execution.key().id())
                .put(COMMAND, account.iotArn("command/" + execution.request().commandId()))
                .put(TARGET, execution.key().target().arn(account))
                .put(STATUS, execution.state().status().name())
                .put("createdAt", Answered.seconds(execution.createdAt()));
        Instant started = execution.startedAt();
        if (started != null) {
            summary.put("startedAt", Answered.seconds(started));
        }
        Instant completed = execution.completedAt();
        return completed == null ? summary : summary.put("completedAt", Answered.seconds(completed));
    }

    private HttpReply list(OperationRequest request) throws Refusal {
        ObjectNode body = request.json();
        Moment moment = oneOf(body, "startedTimeFilter", "completedTimeFilter") ? Moment.STARTED : Moment.COMPLETED;
        TimeFilter times =
                TimeFilter.read(body.path(moment == Moment.STARTED ? "startedTimeFilter" : "completedTimeFilter"));
        String owner = oneOf(body, COMMAND, TARGET)
                ? ExecutionRows.ofCommand(commandId(body.path(COMMAND).textValue(), account))
                : ExecutionRows.ofTarget(CommandTarget.of(body.path(TARGET).textValue(), account));
        String status = body.path(STATUS).asText(null);
        boolean none =
                body.hasNonNull("namespace") && !body.path("namespace").asText().equals(Command.NAMESPACE);
        Predicate<CommandExecution> filter = execution -> !none
                && (status == null || execution.state().status().name().equals(status))
                && times.has(time(execution, moment));
        ExecutionRows.Wanted wanted = new ExecutionRows.Wanted(
                owner, moment, Pages.order(body.path(Pages.ORDER).asText(null)), filter);
        return Pages.answer(
                "commandExecutions", executions.list(wanted, Pages.after(request), Pages.size(request)), this::summary);
    }

    /** The moment by which an execution is found: when it was made, as long as its device did not say that it runs. */
    private static Instant time(CommandExecution execution, Moment moment) {
        @Nullable Instant time = moment == Moment.STARTED ? execution.startedAt() : execution.completedAt();
        return Objects.requireNonNullElse(time, execution.createdAt());
    }

    /** Whether it is the first of two members of which a request has exactly one. */
    private static boolean oneOf(JsonNode body, String first, String second) throws Refusal {
        if (body.hasNonNull(first) == body.hasNonNull(second)) {
            throw Refusal.invalid("exactly one of " + first + " and " + second + " must be there");
        }
        return body.hasNonNull(first);
    }

    /** The id of the command of an ARN.
     *
     * @throws Refusal when it is no ARN of a command of this account and region
     */
    static String commandId(String arn, Account account) throws Refusal {
        String prefix = account.iotArn("command/");
        if (!arn.startsWith(prefix) || !arn.substring(prefix.length()).matches("[a-zA-Z0-9_-]{1,64}")) {
            throw Refusal.invalid("commandArn must be the ARN of a command of this account and region");
        }
        return arn.substring(prefix.length());
    }

    private HttpReply delete(OperationRequest request) throws Refusal {
        executions.delete(key(request));
        return Answered.nothing();
    }
}
