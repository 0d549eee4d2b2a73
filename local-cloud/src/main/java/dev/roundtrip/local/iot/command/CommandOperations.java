package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.command.Listing.Order;
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.registry.Account;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes, describes, lists, changes and deletes commands. Thread-safe.
 *
 * <p>Source: service model {@code iot-2015-05-28}.
 */
final class CommandOperations {
    private static final String ID = "commandId";
    private static final String DISPLAY_NAME = "displayName";
    private static final String DESCRIPTION = "description";
    private static final String DEPRECATED = "deprecated";
    private static final String TEXT = "\\P{C}*";

    private static final Member COMMAND = Member.path(ID).length(1, 64).matching("[a-zA-Z0-9_-]+");
    private static final Member NAMED = Member.body(DISPLAY_NAME).length(0, 64).matching(TEXT);
    private static final Member DESCRIBED =
            Member.body(DESCRIPTION).length(0, 2028).matching(TEXT);

    private final Commands commands;
    private final Account account;
    private final InstantSource clock;

    CommandOperations(Commands commands, Account account, InstantSource clock) {
        this.commands = commands;
        this.account = account;
        this.clock = clock;
    }

    List<Operation> operations() {
        return List.of(
                of("CreateCommand", "PUT /commands/{commandId}", this::create)
                        .taking(
                                COMMAND,
                                Member.body("namespace").oneOf(Command.NAMESPACE),
                                NAMED,
                                DESCRIBED,
                                Member.body("payload").as(Member.Kind.OBJECT),
                                Member.body("payloadTemplate").length(1, 32_768),
                                Member.body("preprocessor").as(Member.Kind.OBJECT),
                                Member.body("mandatoryParameters").as(Member.Kind.LIST),
                                Member.body("tags").as(Member.Kind.LIST)),
                of("GetCommand", "GET /commands/{commandId}", this::get).taking(COMMAND),
                Operation.answered("ListCommands", "GET /commands", new Permission("iot:ListCommands", "*"), this::list)
                        .refusingAs(ErrorType.VALIDATION)
                        .taking(
                                Member.query("namespace").oneOf(Command.NAMESPACE, "AWS-IoT-FleetWise"),
                                Member.query("commandParameterName")
                                        .length(1, 192)
                                        .matching(CommandParameter.NAME.pattern()),
                                Member.query(Pages.ORDER).oneOf("ASCENDING", "DESCENDING"),
                                Pages.RESULTS),
                of("UpdateCommand", "PATCH /commands/{commandId}", this::update)
                        .taking(
                                COMMAND,
                                NAMED,
                                DESCRIBED,
                                Member.body(DEPRECATED).as(Member.Kind.FLAG)),
                of("DeleteCommand", "DELETE /commands/{commandId}", this::delete)
                        .taking(COMMAND));
    }

    private static Operation of(String name, String route, Operation.Answer answer) {
        return Operation.answered(name, route, new Permission("iot:" + name, "command/{commandId}"), answer)
                .refusingAs(ErrorType.VALIDATION);
    }

    private String arn(String id) {
        return account.iotArn("command/" + id);
    }

    private HttpReply create(OperationRequest request) throws Refusal {
        ObjectNode body = request.json();
        if (body.hasNonNull("roleArn")) {
            throw Refusal.invalid("roleArn is not supported in the namespace " + Command.NAMESPACE);
        }
        Instant now = clock.instant();
        String id = request.label(ID);
        commands.create(
                new Command(
                        id,
                        text(body, DISPLAY_NAME, ""),
                        text(body, DESCRIPTION, ""),
                        Command.Content.read(body),
                        now,
                        now,
                        null,
                        null),
                arn(id),
                Tags.read(body.path("tags")));
        return RestJson.ok(Answered.object().put(ID, id).put("commandArn", arn(id)));
    }

    private static String text(JsonNode body, String name, String absent) {
        return body.path(name).isTextual() ? body.path(name).textValue() : absent;
    }

    private HttpReply get(OperationRequest request) throws Refusal {
        Command command = commands.get(request.label(ID));
        ObjectNode answer = summary(command).put("namespace", Command.NAMESPACE);
        if (!command.description().isEmpty()) {
            answer.put(DESCRIPTION, command.description());
        }
        answer.setAll(command.content().json().deepCopy());
        if (answer.path("payload") instanceof ObjectNode payload) {
            payload.put("contentType", ContentType.of(payload.path("contentType")));
        }
        return RestJson.ok(answer);
    }

    private ObjectNode summary(Command command) {
        ObjectNode summary = Answered.object()
                .put(ID, command.id())
                .put("commandArn", arn(command.id()))
                .put("createdAt", Answered.seconds(command.createdAt()))
                .put("lastUpdatedAt", Answered.seconds(command.lastUpdatedAt()))
                .put(DEPRECATED, command.isDeprecated())
                .put("pendingDeletion", command.isPendingDeletion());
        return command.displayName().isEmpty() ? summary : summary.put(DISPLAY_NAME, command.displayName());
    }

    private HttpReply list(OperationRequest request) throws Refusal {
        Order order = Pages.order(request.query().text(Pages.ORDER));
        @Nullable String parameter = request.query().text("commandParameterName");
        @Nullable String namespace = request.query().text("namespace");
        boolean none = namespace != null && !namespace.equals(Command.NAMESPACE);
        return Pages.answer(
                "commands",
                commands.list(
                        order,
                        Pages.after(request),
                        Pages.size(request),
                        command -> !command.isPendingDeletion()
                                && !none
                                && (parameter == null
                                        || command.content().parameters().containsKey(parameter))),
                this::summary);
    }

    private HttpReply update(OperationRequest request) throws Refusal {
        ObjectNode body = request.json();
        Instant now = clock.instant();
        Command after = commands.update(request.label(ID), before -> {
            Command described = before.described(
                    text(body, DISPLAY_NAME, before.displayName()), text(body, DESCRIPTION, before.description()), now);
            if (!body.hasNonNull(DEPRECATED)) {
                return described;
            }
            boolean deprecated = body.path(DEPRECATED).booleanValue();
            return deprecated == before.isDeprecated() ? described : described.deprecated(deprecated ? now : null);
        });
        ObjectNode answer = Answered.object()
                .put(ID, after.id())
                .put(DEPRECATED, after.isDeprecated())
                .put("lastUpdatedAt", Answered.seconds(after.lastUpdatedAt()));
        if (!after.displayName().isEmpty()) {
            answer.put(DISPLAY_NAME, after.displayName());
        }
        if (!after.description().isEmpty()) {
            answer.put(DESCRIPTION, after.description());
        }
        return RestJson.ok(answer);
    }

    private HttpReply delete(OperationRequest request) {
        String id = request.label(ID);
        return commands.delete(id, arn(id))
                ? new HttpReply(204, List.of(), new byte[0])
                : new HttpReply(
                        202,
                        List.of(new Header("content-type", "application/json")),
                        "{}".getBytes(StandardCharsets.UTF_8));
    }
}
