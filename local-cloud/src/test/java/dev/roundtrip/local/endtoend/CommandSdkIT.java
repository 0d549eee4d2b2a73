package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.local.users.UserName;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.crt.iot.MqttRequestResponseClientOptions;
import software.amazon.awssdk.crt.iot.StreamingOperation;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;
import software.amazon.awssdk.iot.V2ClientStreamOptions;
import software.amazon.awssdk.iot.iotcommands.IotCommandsV2Client;
import software.amazon.awssdk.iot.iotcommands.model.CommandExecutionEvent;
import software.amazon.awssdk.iot.iotcommands.model.CommandExecutionStatus;
import software.amazon.awssdk.iot.iotcommands.model.CommandExecutionsSubscriptionRequest;
import software.amazon.awssdk.iot.iotcommands.model.DeviceType;
import software.amazon.awssdk.iot.iotcommands.model.RejectedErrorCode;
import software.amazon.awssdk.iot.iotcommands.model.StatusReason;
import software.amazon.awssdk.iot.iotcommands.model.UpdateCommandExecutionRequest;
import software.amazon.awssdk.iot.iotcommands.model.V2ErrorResponseException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.CommandParameter;
import software.amazon.awssdk.services.iot.model.CommandParameterType;
import software.amazon.awssdk.services.iot.model.CommandParameterValueCondition;
import software.amazon.awssdk.services.iot.model.ConflictException;
import software.amazon.awssdk.services.iot.model.GetCommandExecutionResponse;
import software.amazon.awssdk.services.iot.model.OutputFormat;
import software.amazon.awssdk.services.iotjobsdataplane.IotJobsDataPlaneClient;
import software.amazon.awssdk.services.iotjobsdataplane.model.CommandParameterValue;
import software.amazon.awssdk.services.iotjobsdataplane.model.ResourceNotFoundException;
import software.amazon.awssdk.services.iotjobsdataplane.model.ValidationException;

/** Commands, with the unmodified clients of AWS's SDK for Java and of the AWS IoT Device SDK. */
class CommandSdkIT {
    private static final int PATIENCE = 20;
    private static final String ROOT = "arn:aws:iot:eu-central-1:000000000000:";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static TestCloud cloud;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static IotClient control;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static IotJobsDataPlaneClient data;

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(state);
        control = app(IotClient.builder());
        data = app(IotJobsDataPlaneClient.builder());
    }

    @AfterAll
    static void stop() {
        control.close();
        data.close();
        cloud.close();
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C app(B builder)
            throws Exception {
        Credentials credentials = cloud.cloud()
                .state()
                .caller(
                        new UserName("alice"),
                        "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'iot:*','Resource':'*'}]}"
                                .replace('\'', '"'))
                .credentials();
        return builder.endpointOverride(URI.create(
                        "http://127.0.0.1:" + cloud.cloud().apiEndpoint().getPort()))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(credentials.accessKeyId(), credentials.secretAccessKey())))
                .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClient(new JdkSdkClient())
                .build();
    }

    enum Mqtt {
        FIVE,
        THREE
    }

    /** The commands client of a device, on a connection of its own. */
    private record Device(IotCommandsV2Client commands, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            commands.close();
            end.run();
        }
    }

    private static Device device(String name, Mqtt mqtt) throws Exception {
        Thing thing = cloud.thing(name);
        String topic = "arn:aws:iot:*:*:topic/$aws/commands/*";
        cloud.edit(
                thing.files().policy(),
                policy -> ("{'Version':'2012-10-17','Statement':["
                                + "{'Effect':'Allow','Action':'iot:Connect','Resource':'*'},"
                                + "{'Effect':'Allow','Action':['iot:Publish','iot:Receive'],'Resource':'" + topic
                                + "'},{'Effect':'Allow','Action':'iot:Subscribe','Resource':'"
                                + topic.replace(":topic/", ":topicfilter/") + "'}]}")
                        .replace('\'', '"'));
        MqttRequestResponseClientOptions options = MqttRequestResponseClientOptions.builder()
                .withMaxRequestResponseSubscriptions(4)
                .withMaxStreamingSubscriptions(4)
                .withOperationTimeoutSeconds(10)
                .build();
        return switch (mqtt) {
            case FIVE -> five(thing, options);
            case THREE -> three(thing, options);
        };
    }

    private static Device five(Thing thing, MqttRequestResponseClientOptions options) throws Exception {
        Lifecycle lifecycle = new Lifecycle();
        try (AwsIotMqtt5ClientBuilder builder = AwsIotMqtt5ClientBuilder.newDirectMqttBuilderWithMtlsFromPath(
                "127.0.0.1",
                thing.files().certificate().toString(),
                thing.files().privateKey().toString())) {
            Mqtt5Client client = builder.withCertificateAuthorityFromPath(
                            null, cloud.cloud().state().authorityFile().toString())
                    .withPort((long) cloud.broker().devicePort())
                    .withClientId(thing.name().value())
                    .withLifeCycleEvents(lifecycle)
                    .build();
            client.start();
            lifecycle.connected.get(PATIENCE, TimeUnit.SECONDS);
            return new Device(IotCommandsV2Client.newFromMqtt5(client, options), () -> {
                client.stop();
                client.close();
            });
        }
    }

    private static Device three(Thing thing, MqttRequestResponseClientOptions options) throws Exception {
        try (AwsIotMqttConnectionBuilder builder = AwsIotMqttConnectionBuilder.newMtlsBuilderFromPath(
                thing.files().certificate().toString(),
                thing.files().privateKey().toString())) {
            MqttClientConnection connection = builder.withCertificateAuthorityFromPath(
                            null, cloud.cloud().state().authorityFile().toString())
                    .withEndpoint("127.0.0.1")
                    .withPort(cloud.broker().devicePort())
                    .withClientId(thing.name().value())
                    .withCleanSession(true)
                    .build();
            var unused = connection.connect().get(PATIENCE, TimeUnit.SECONDS);
            return new Device(IotCommandsV2Client.newFromMqtt311(connection, options), () -> {
                var unusedEnd = connection.disconnect().join();
                connection.close();
            });
        }
    }

    private static final class Lifecycle implements Mqtt5ClientOptions.LifecycleEvents {
        private final CompletableFuture<Boolean> connected = new CompletableFuture<>();

        @Override
        public void onAttemptingConnect(Mqtt5Client client, OnAttemptingConnectReturn attempt) {}

        @Override
        public void onConnectionSuccess(Mqtt5Client client, OnConnectionSuccessReturn success) {
            connected.complete(true);
        }

        @Override
        public void onConnectionFailure(Mqtt5Client client, OnConnectionFailureReturn failure) {}

        @Override
        public void onDisconnection(Mqtt5Client client, OnDisconnectionReturn end) {}

        @Override
        public void onStopped(Mqtt5Client client, OnStoppedReturn end) {}
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

    private static void expectRefused(Device device, UpdateCommandExecutionRequest update, RejectedErrorCode error) {
        assertThatThrownBy(
                        () -> device.commands().updateCommandExecution(update).get(PATIENCE, TimeUnit.SECONDS))
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
        try (Device device = device(name, mqtt)) {
            BlockingQueue<CommandExecutionEvent> events = new LinkedBlockingQueue<>();
            CompletableFuture<Boolean> listening = new CompletableFuture<>();
            CommandExecutionsSubscriptionRequest requests = new CommandExecutionsSubscriptionRequest();
            requests.deviceType = type;
            requests.deviceId = name;
            try (StreamingOperation stream = device.commands()
                    .createCommandExecutionsJsonPayloadStream(
                            requests,
                            V2ClientStreamOptions.<CommandExecutionEvent>builder()
                                    .withStreamEventHandler(events::add)
                                    .withSubscriptionEventHandler(event -> listening.complete(true))
                                    .build())) {
                stream.open();
                listening.get(PATIENCE, TimeUnit.SECONDS);
                String id = data.startCommandExecution(request ->
                                request.targetArn(target).commandArn(command).executionTimeoutSeconds(60L))
                        .executionId();

                CommandExecutionEvent event = events.poll(PATIENCE, TimeUnit.SECONDS);
                assertThat(event).isNotNull();
                assertThat(event.executionId).isEqualTo(id);
                assertThat(new String(event.payload, StandardCharsets.UTF_8)).isEqualTo("{\"open\":true}");
                if (mqtt == Mqtt.FIVE) {
                    assertThat(event.contentType).isEqualTo("application/json");
                    assertThat(event.timeout).isBetween(1, 60);
                }
                UpdateCommandExecutionRequest progress = update(type, name, id, CommandExecutionStatus.IN_PROGRESS);
                assertThat(device.commands()
                                .updateCommandExecution(progress)
                                .get(PATIENCE, TimeUnit.SECONDS)
                                .executionId)
                        .isEqualTo(id);
                assertThat(execution(id, target).statusAsString()).isEqualTo("IN_PROGRESS");
                UpdateCommandExecutionRequest end = update(type, name, id, CommandExecutionStatus.SUCCEEDED);
                end.statusReason = new StatusReason();
                end.statusReason.reasonCode = "DONE";
                var unused = device.commands().updateCommandExecution(end).get(PATIENCE, TimeUnit.SECONDS);

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

        assertThat(execution(id, target).parameters().get("level").i()).isEqualTo(7);
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
