package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.iot.model.CommandParameter;
import software.amazon.awssdk.services.iot.model.GetCommandExecutionResponse;
import software.amazon.awssdk.services.iot.model.ResourceNotFoundException;
import software.amazon.awssdk.services.iotjobsdataplane.model.CommandParameterValue;

/** Describes a command, and starts, ends and deletes executions of it on one thing, which reports over MQTT. What is
 * there is {@code command} with its description, and the status of each execution by its number.
 */
final class CommandWriter implements KillableWriter {
    private static final String ARN = "arn:aws:iot:eu-central-1:000000000000:";
    private static final String ID = "counted";
    private static final String COMMAND = "command";
    private static final int MOST = 4;
    private static final int HALF_A_DAY = 43_200;

    private final String thing;
    private final Front front;

    /** Of executions by their numbers. */
    private final Map<String, String> ids = new HashMap<>();

    private int made;
    private int token;

    CommandWriter(String thing, Front front) {
        this.thing = thing;
        this.front = front;
    }

    @Override
    public Write next(Map<String, String> known, Random random) {
        Map<String, String> after = new TreeMap<>(known);
        List<String> running = known.keySet().stream()
                .filter(name -> Objects.requireNonNull(known.get(name)).matches("CREATED|IN_PROGRESS"))
                .toList();
        if (!known.containsKey(COMMAND) || random.nextInt(8) == 0) {
            return describe(after, random);
        }
        if (known.size() <= MOST && random.nextInt(2) == 0) {
            return start(after);
        }
        if (!running.isEmpty() && random.nextInt(4) > 0) {
            String status = List.of("IN_PROGRESS", "SUCCEEDED", "FAILED").get(random.nextInt(3));
            return report(after, running.get(random.nextInt(running.size())), status);
        }
        return known.keySet().stream()
                .filter(name -> Objects.requireNonNull(known.get(name)).matches("SUCCEEDED|FAILED"))
                .findFirst()
                .map(name -> delete(after, name))
                .orElseGet(() -> describe(after, random));
    }

    private Write describe(Map<String, String> after, Random random) {
        String text = String.valueOf(random.nextInt(1_000_000));
        boolean isNew = after.put(COMMAND, text) == null;
        return isNew
                ? new Write(
                        "create command",
                        after,
                        () -> front.iot()
                                .createCommand(command -> command.commandId(ID)
                                        .description(text)
                                        .mandatoryParameters(List.of(CommandParameter.builder()
                                                .name("n")
                                                .build()))
                                        .payload(payload -> payload.content(SdkBytes.fromUtf8String("{\"n\":\"${n}\"}"))
                                                .contentType("application/json"))))
                : new Write(
                        "describe command",
                        after,
                        () -> front.iot()
                                .updateCommand(command -> command.commandId(ID).description(text)));
    }

    private Write start(Map<String, String> after) {
        made++;
        String number = "execution " + made;
        after.put(number, "CREATED");
        return new Write(
                "start " + number,
                after,
                () -> ids.put(
                        number,
                        front.jobs()
                                .startCommandExecution(start -> start.commandArn(ARN + "command/" + ID)
                                        .targetArn(ARN + "thing/" + thing)
                                        .executionTimeoutSeconds((long) HALF_A_DAY)
                                        .parameters(Map.of(
                                                "n",
                                                CommandParameterValue.builder()
                                                        .s(number)
                                                        .build())))
                                .executionId()));
    }

    private Write report(Map<String, String> after, String name, String status) {
        after.put(name, status);
        return new Write("report " + status + " of " + name, after, () -> {
            token++;
            ObjectNode update = Json.object().put("status", status).put("clientToken", "c" + token);
            front.ask(
                    "$aws/commands/things/" + thing + "/executions/" + ids.get(name) + "/response/json",
                    update.toString().getBytes(StandardCharsets.UTF_8),
                    "c" + token);
        });
    }

    private Write delete(Map<String, String> after, String name) {
        after.remove(name);
        return new Write(
                "delete " + name,
                after,
                () -> front.iot()
                        .deleteCommandExecution(
                                delete -> delete.executionId(ids.get(name)).targetArn(ARN + "thing/" + thing)));
    }

    /** Looks whether the lists of the command and of the thing agree. */
    @Override
    public Map<String, String> read() {
        Map<String, String> found = new TreeMap<>();
        try {
            found.put(COMMAND, front.iot().getCommand(get -> get.commandId(ID)).description());
        } catch (ResourceNotFoundException none) {
            return found;
        }
        List<String> listed = front
                .iot()
                .listCommandExecutions(list -> list.commandArn(ARN + "command/" + ID)
                        .startedTimeFilter(time -> time.after("2020-01-01T00:00")))
                .commandExecutions()
                .stream()
                .map(execution -> execution.executionId())
                .toList();
        assertThat(front.iot()
                        .listCommandExecutions(list -> list.targetArn(ARN + "thing/" + thing)
                                .startedTimeFilter(time -> time.after("2020-01-01T00:00")))
                        .commandExecutions())
                .extracting(execution -> execution.executionId())
                .containsExactlyInAnyOrderElementsOf(listed);
        for (String id : listed) {
            GetCommandExecutionResponse execution =
                    front.iot().getCommandExecution(get -> get.executionId(id).targetArn(ARN + "thing/" + thing));
            String number =
                    Objects.requireNonNull(execution.parameters().get("n")).s();
            ids.put(number, id);
            found.put(number, execution.statusAsString());
        }
        return found;
    }
}
