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
import dev.roundtrip.local.iot.control.Answered;
import java.util.HashMap;
import java.util.Map;

/** StartCommandExecution: sends a command to a device. Thread-safe.
 *
 * <p>Source: service model {@code iot-jobs-data-2017-09-29}; AWS IoT Device Management quotas, 2026.
 */
final class StartOperation {
    private static final int DEFAULT_TIMEOUT = 10;
    private static final int MAX_TIMEOUT = 43_200;

    private final Executions executions;
    private final CommandEnvironment around;

    StartOperation(Executions executions, CommandEnvironment around) {
        this.executions = executions;
        this.around = around;
    }

    Operation operation() {
        return Operation.answered(
                        "StartCommandExecution",
                        "POST /command-executions",
                        new Permission("iot:StartCommandExecution", "{body.commandArn}"),
                        this::start)
                .demanding(new Permission("iot:StartCommandExecution", "{body.targetArn}"))
                .refusingAs(ErrorType.VALIDATION)
                .taking(
                        Member.body("commandArn").length(1, 2048).mandatory(),
                        Member.body("targetArn").length(1, 2048).mandatory(),
                        Member.body("parameters").as(Member.Kind.OBJECT),
                        Member.body("executionTimeoutSeconds").number(1, MAX_TIMEOUT),
                        Member.body("clientToken").length(1, 64).matching("[\\x21-\\x7E]+"));
    }

    private HttpReply start(OperationRequest request) throws Refusal {
        ObjectNode body = request.json();
        CommandTarget target = CommandTarget.of(body.path("targetArn").asText(), around.account());
        if (OpenFacts.THING_MUST_BE_REGISTERED
                && target.kind() == CommandTarget.Kind.THING
                && !around.things().test(target.name())) {
            throw new Refusal(ErrorType.RESOURCE_NOT_FOUND, "there is no thing of this ARN");
        }
        ExecutionKey started = executions.start(new Executions.Start(
                target,
                ExecutionOperations.commandId(body.path("commandArn").asText(), around.account()),
                parameters(body.path("parameters")),
                body.path("executionTimeoutSeconds").asLong(DEFAULT_TIMEOUT),
                body.path("clientToken").asText("")));
        return RestJson.ok(Answered.object().put("executionId", started.id()));
    }

    private static Map<String, ParameterValue> parameters(JsonNode given) throws Refusal {
        Map<String, ParameterValue> parameters = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : given.properties()) {
            if (!CommandParameter.NAME.matcher(each.getKey()).matches()) {
                throw Refusal.invalid("the name of a parameter must match " + CommandParameter.NAME);
            }
            parameters.put(each.getKey(), ParameterValue.read(each.getKey(), each.getValue()));
        }
        return parameters;
    }
}
