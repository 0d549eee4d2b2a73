package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.SdkClients.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.endtoend.SdkClients.Device;
import dev.roundtrip.local.endtoend.SdkClients.Mqtt;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.iot.iotcommands.IotCommandsV2Client;
import software.amazon.awssdk.iot.iotcommands.model.CommandExecutionEvent;
import software.amazon.awssdk.iot.iotcommands.model.CommandExecutionStatus;
import software.amazon.awssdk.iot.iotcommands.model.CommandExecutionsSubscriptionRequest;
import software.amazon.awssdk.iot.iotcommands.model.DeviceType;
import software.amazon.awssdk.iot.iotcommands.model.RejectedErrorCode;
import software.amazon.awssdk.iot.iotcommands.model.StatusReason;
import software.amazon.awssdk.iot.iotcommands.model.UpdateCommandExecutionRequest;
import software.amazon.awssdk.iot.iotcommands.model.V2ErrorResponseException;
import software.amazon.awssdk.services.iot.model.CommandParameter;
import software.amazon.awssdk.services.iot.model.CommandParameterType;
import software.amazon.awssdk.services.iot.model.CommandParameterValueCondition;
import software.amazon.awssdk.services.iot.model.ConflictException;
import software.amazon.awssdk.services.iot.model.GetCommandExecutionResponse;
import software.amazon.awssdk.services.iot.model.OutputFormat;
import software.amazon.awssdk.services.iotjobsdataplane.model.CommandParameterValue;
import software.amazon.awssdk.services.iotjobsdataplane.model.ResourceNotFoundException;
import software.amazon.awssdk.services.iotjobsdataplane.model.ValidationException;

/** Commands, with the unmodified clients of AWS's SDK for Java and of the AWS IoT Device SDK. */
class CommandSdkIT extends SdkTests {
    private static Device<IotCommandsV2Client> device(String name, Mqtt mqtt) throws Exception {
        return clients.device(
                name,
                mqtt,
                "$aws/commands/*",
                new SdkClients.Service<>(IotCommandsV2Client::newFromMqtt5, IotCommandsV2Client::newFromMqtt311));
    }

    private static UpdateCommandExecutionRequest update(
            DeviceType type, String device, String execution, CommandExecutionStatus status) {
        UpdateCommandExecutionRequest update = new UpdateCommandExecutionRequest();
        update.deviceType = type;
        update.deviceId = device;
        update.executionId = execution;
        update.status = status;
        return update;
    }

    private static void expectRefused(
            Device<IotCommandsV2Client> device, UpdateCommandExecutionRequest update, RejectedErrorCode error) {
        assertThatThrownBy(() -> device.client().updateCommandExecution(update).get(PATIENCE, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        V2ErrorResponseException.class,
                        refused -> assertThat(refused.getModeledError().error).isEqualTo(error));
    }

    private static GetCommandExecutionResponse execution(String id, String target) {
        return control.getCommandExecution(
                request -> request.executionId(id).targetArn(target).includeResult(true));
    }

    @ParameterizedTest
    @CsvSource({"THING, FIVE", "CLIENT, FIVE", "THING, THREE", "CLIENT, THREE"})
    void device_runs_a_command(DeviceType type, Mqtt mqtt) throws Exception {
        String name = (type + "-" + mqtt).toLowerCase(Locale.ROOT);
        String target = ROOT + (type == DeviceType.THING ? "thing/" : "client/") + name;
        String command = control.createCommand(request -> request.commandId(name)
                        .namespace("AWS-IoT")
                        .payload(payload -> payload.content(SdkBytes.fromUtf8String("{\"open\":true}"))
                                .contentType("application/json")))
                .commandArn();
        try (Device<IotCommandsV2Client> device = device(name, mqtt)) {
            CommandExecutionsSubscriptionRequest requests = new CommandExecutionsSubscriptionRequest();
            requests.deviceType = type;
            requests.deviceId = name;
            try (SdkStream<CommandExecutionEvent> events = SdkStream.subscribed(
                    options -> device.client().createCommandExecutionsJsonPayloadStream(requests, options))) {
                String id = data.startCommandExecution(request ->
                                request.targetArn(target).commandArn(command).executionTimeoutSeconds(60L))
                        .executionId();

                CommandExecutionEvent event = events.next();
                assertThat(event.executionId).isEqualTo(id);
                assertThat(new String(event.payload, StandardCharsets.UTF_8)).isEqualTo("{\"open\":true}");
                if (mqtt == Mqtt.FIVE) {
                    assertThat(event.contentType).isEqualTo("application/json");
                    assertThat(event.timeout).isBetween(1, 60);
                }
                UpdateCommandExecutionRequest progress = update(type, name, id, CommandExecutionStatus.IN_PROGRESS);
                assertThat(device.client().updateCommandExecution(progress).get(PATIENCE, TimeUnit.SECONDS).executionId)
                        .isEqualTo(id);
                assertThat(execution(id, target).statusAsString()).isEqualTo("IN_PROGRESS");
                UpdateCommandExecutionRequest end = update(type, name, id, CommandExecutionStatus.SUCCEEDED);
                end.statusReason = new StatusReason();
                end.statusReason.reasonCode = "DONE";
                var unused = device.client().updateCommandExecution(end).get(PATIENCE, TimeUnit.SECONDS);

                GetCommandExecutionResponse ended = execution(id, target);
                assertThat(ended.statusAsString()).isEqualTo("SUCCEEDED");
                assertThat(ended.statusReason().reasonCode()).isEqualTo("DONE");
                assertThat(ended.completedAt()).isNotNull();
                expectRefused(
                        device,
                        update(type, name, id, CommandExecutionStatus.FAILED),
                        RejectedErrorCode.TERMINAL_STATE_REACHED);
                expectRefused(
                        device,
                        update(type, "inexistent-thing", id, CommandExecutionStatus.SUCCEEDED),
                        RejectedErrorCode.RESOURCE_NOT_FOUND);
                expectRefused(
                        device,
                        update(type, name, "inexistent", CommandExecutionStatus.SUCCEEDED),
                        RejectedErrorCode.RESOURCE_NOT_FOUND);
                assertThat(control
                                .listCommandExecutionsPaginator(request -> request.commandArn(command)
                                        .startedTimeFilter(times -> times.after("2020-01-01T00:00")))
                                .commandExecutions()
                                .stream()
                                .map(each -> each.executionId()))
                        .containsExactly(id);
                var unusedDeletion = control.deleteCommandExecution(
                        request -> request.executionId(id).targetArn(target));
            }
        }
    }

    @Test
    void command_lives_as_the_tutorial_has_it() throws Exception {
        var unusedThing = cloud.thing("lamp");
        String template = "{\"level\":\"${aws:iot:commandexecution::parameter:level}\"}";
        CommandParameter level = CommandParameter.builder()
                .name("level")
                .type(CommandParameterType.INTEGER)
                .valueConditions(CommandParameterValueCondition.builder()
                        .comparisonOperator("LESS_THAN")
                        .operand(operand -> operand.number("100"))
                        .build())
                .build();
        String command = control.createCommand(request -> request.commandId("dim")
                        .payloadTemplate(template)
                        .preprocessor(preprocessor ->
                                preprocessor.awsJsonSubstitution(json -> json.outputFormat(OutputFormat.JSON)))
                        .mandatoryParameters(level))
                .commandArn();
        String target = ROOT + "thing/lamp";

        String id = data.startCommandExecution(request -> request.commandArn(command)
                        .targetArn(target)
                        .parameters(Map.of(
                                "level", CommandParameterValue.builder().i(7).build())))
                .executionId();

        assertThat(execution(id, target).parameters())
                .hasEntrySatisfying("level", given -> assertThat(given.i()).isEqualTo(7));
        assertThat(control.getCommand(request -> request.commandId("dim")).payloadTemplate())
                .isEqualTo(template);
        assertThatThrownBy(() -> data.startCommandExecution(request -> request.commandArn(command)
                        .targetArn(target)
                        .parameters(Map.of(
                                "level", CommandParameterValue.builder().i(100).build()))))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> data.startCommandExecution(
                        request -> request.commandArn(ROOT + "command/none").targetArn(target)))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> control.deleteCommandExecution(
                        request -> request.executionId(id).targetArn(target)))
                .isInstanceOf(ConflictException.class);
        assertThat(control.listCommands(request -> request.maxResults(100)).commands())
                .anyMatch(each -> each.commandId().equals("dim"));
        assertThat(control.updateCommand(request -> request.commandId("dim").deprecated(true))
                        .deprecated())
                .isTrue();
        assertThat(control.deleteCommand(request -> request.commandId("dim")).statusCode())
                .isEqualTo(202);
        assertThat(control.getCommand(request -> request.commandId("dim")).pendingDeletion())
                .isTrue();
    }
}
