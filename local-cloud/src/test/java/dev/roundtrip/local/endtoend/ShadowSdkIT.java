package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.local.users.UserName;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
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
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;
import software.amazon.awssdk.iot.V2ClientStreamOptions;
import software.amazon.awssdk.iot.iotshadow.IotShadowV2Client;
import software.amazon.awssdk.iot.iotshadow.model.DeleteNamedShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.DeleteShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.GetNamedShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.GetShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.ShadowDeltaUpdatedEvent;
import software.amazon.awssdk.iot.iotshadow.model.ShadowDeltaUpdatedSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.ShadowState;
import software.amazon.awssdk.iot.iotshadow.model.ShadowUpdatedEvent;
import software.amazon.awssdk.iot.iotshadow.model.ShadowUpdatedSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.UpdateNamedShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.UpdateShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.V2ErrorResponseException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iotdataplane.IotDataPlaneClient;
import software.amazon.awssdk.services.iotdataplane.model.ConflictException;
import software.amazon.awssdk.services.iotdataplane.model.IotDataPlaneException;
import software.amazon.awssdk.services.iotdataplane.model.ResourceNotFoundException;

/** Shadows, with the unmodified clients of AWS's SDK for Java and of the AWS IoT Device SDK. */
class ShadowSdkIT {
    private static final int PATIENCE = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestCloud cloud;

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    enum Mqtt {
        FIVE,
        THREE
    }

    /** The shadow client of a device, on a connection of its own. */
    private record Device(IotShadowV2Client shadow, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            shadow.close();
            end.run();
        }
    }

    private Device device(String name, Mqtt mqtt) throws Exception {
        Thing thing = cloud.thing(name);
        String topic = "arn:aws:iot:*:*:topic/$aws/things/" + name + "/shadow/*";
        String filter = topic.replace(":topic/", ":topicfilter/");
        cloud.edit(
                thing.files().policy(),
                policy -> ("{'Version':'2012-10-17','Statement':["
                                + "{'Effect':'Allow','Action':'iot:Connect','Resource':'*'},"
                                + "{'Effect':'Allow','Action':['iot:Publish','iot:Receive'],'Resource':'" + topic
                                + "'},{'Effect':'Allow','Action':'iot:Subscribe','Resource':'" + filter + "'}]}")
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

    private Device five(Thing thing, MqttRequestResponseClientOptions options) throws Exception {
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
            return new Device(IotShadowV2Client.newFromMqtt5(client, options), () -> {
                client.stop();
                client.close();
            });
        }
    }

    private Device three(Thing thing, MqttRequestResponseClientOptions options) throws Exception {
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
            return new Device(IotShadowV2Client.newFromMqtt311(connection, options), () -> {
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

    private IotDataPlaneClient app(String resource) throws Exception {
        Credentials credentials = cloud.cloud()
                .state()
                .caller(
                        new UserName("alice"),
                        ("{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'iot:*','Resource':'"
                                        + resource + "'}]}")
                                .replace('\'', '"'))
                .credentials();
        return IotDataPlaneClient.builder()
                .endpointOverride(URI.create(
                        "http://127.0.0.1:" + cloud.cloud().apiEndpoint().getPort()))
                .region(Region.of(cloud.cloud().state().account().region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(credentials.accessKeyId(), credentials.secretAccessKey())))
                .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static UpdateShadowRequest update(String thing, Map<String, Object> reported) {
        UpdateShadowRequest update = new UpdateShadowRequest();
        update.thingName = thing;
        update.state = new ShadowState();
        update.state.reported = new HashMap<>(reported);
        return update;
    }

    @ParameterizedTest
    @EnumSource
    void device_and_app_meet_in_the_classic_shadow(Mqtt mqtt) throws Exception {
        try (Device device = device("pump", mqtt);
                IotDataPlaneClient app = app("*")) {
            BlockingQueue<ShadowDeltaUpdatedEvent> deltas = new LinkedBlockingQueue<>();
            BlockingQueue<ShadowUpdatedEvent> documents = new LinkedBlockingQueue<>();
            CompletableFuture<Boolean> listening = new CompletableFuture<>();
            CompletableFuture<Boolean> reading = new CompletableFuture<>();
            ShadowDeltaUpdatedSubscriptionRequest onDelta = new ShadowDeltaUpdatedSubscriptionRequest();
            onDelta.thingName = "pump";
            ShadowUpdatedSubscriptionRequest onDocuments = new ShadowUpdatedSubscriptionRequest();
            onDocuments.thingName = "pump";
            try (StreamingOperation deltaStream = device.shadow()
                            .createShadowDeltaUpdatedStream(
                                    onDelta,
                                    V2ClientStreamOptions.<ShadowDeltaUpdatedEvent>builder()
                                            .withStreamEventHandler(deltas::add)
                                            .withSubscriptionEventHandler(event -> listening.complete(true))
                                            .build());
                    StreamingOperation documentStream = device.shadow()
                            .createShadowUpdatedStream(
                                    onDocuments,
                                    V2ClientStreamOptions.<ShadowUpdatedEvent>builder()
                                            .withStreamEventHandler(documents::add)
                                            .withSubscriptionEventHandler(event -> reading.complete(true))
                                            .build())) {
                deltaStream.open();
                documentStream.open();
                listening.get(PATIENCE, TimeUnit.SECONDS);
                reading.get(PATIENCE, TimeUnit.SECONDS);

                var accepted = app.updateThingShadow(request -> request.thingName("pump")
                        .payload(SdkBytes.fromUtf8String("{\"state\":{\"desired\":{\"on\":true}}}")));
                assertThat(accepted.payload().asUtf8String()).contains("\"version\":1");
                ShadowDeltaUpdatedEvent delta = deltas.poll(PATIENCE, TimeUnit.SECONDS);
                assertThat(delta).isNotNull();
                assertThat(delta.state).isEqualTo(Map.of("on", true));
                assertThat(delta.version).isEqualTo(1);
                ShadowUpdatedEvent first = documents.poll(PATIENCE, TimeUnit.SECONDS);
                assertThat(first).isNotNull();
                assertThat(first.current.state.desired).isEqualTo(Map.of("on", true));

                var reported = device.shadow()
                        .updateShadow(update("pump", Map.of("on", true)))
                        .get(PATIENCE, TimeUnit.SECONDS);
                assertThat(reported.version).isEqualTo(2);
                GetShadowRequest get = new GetShadowRequest();
                get.thingName = "pump";
                var read = device.shadow().getShadow(get).get(PATIENCE, TimeUnit.SECONDS);
                assertThat(read.state.desired).isEqualTo(Map.of("on", true));
                assertThat(read.state.reported).isEqualTo(Map.of("on", true));
                assertThat(read.state.delta).isNull();
                assertThat(app.getThingShadow(request -> request.thingName("pump"))
                                .payload()
                                .asUtf8String())
                        .contains("\"reported\":{\"on\":true}")
                        .doesNotContain("delta");
            }
            DeleteShadowRequest delete = new DeleteShadowRequest();
            delete.thingName = "pump";
            assertThat(device.shadow().deleteShadow(delete).get(PATIENCE, TimeUnit.SECONDS).version)
                    .isEqualTo(2);
            GetShadowRequest again = new GetShadowRequest();
            again.thingName = "pump";
            assertThatThrownBy(() -> device.shadow().getShadow(again).get(PATIENCE, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            V2ErrorResponseException.class,
                            missing ->
                                    assertThat(missing.getModeledError().code).isEqualTo(404));
        }
    }

    @ParameterizedTest
    @EnumSource
    void named_shadow_is_updated_read_and_deleted_by_its_device(Mqtt mqtt) throws Exception {
        try (Device device = device("pump", mqtt);
                IotDataPlaneClient app = app("*")) {
            UpdateNamedShadowRequest update = new UpdateNamedShadowRequest();
            update.thingName = "pump";
            update.shadowName = "config";
            update.state = new ShadowState();
            update.state.desired = new HashMap<>(Map.of("color", "blue"));
            update.state.reported = new HashMap<>(Map.of("color", "red"));
            var updated = device.shadow().updateNamedShadow(update).get(PATIENCE, TimeUnit.SECONDS);
            assertThat(updated.state.desired).isEqualTo(Map.of("color", "blue"));
            assertThat(updated.state.reported).isEqualTo(Map.of("color", "red"));

            GetNamedShadowRequest get = new GetNamedShadowRequest();
            get.thingName = "pump";
            get.shadowName = "config";
            assertThat(device.shadow().getNamedShadow(get).get(PATIENCE, TimeUnit.SECONDS).state.delta)
                    .isEqualTo(Map.of("color", "blue"));
            assertThat(app.listNamedShadowsForThing(request -> request.thingName("pump"))
                            .results())
                    .containsExactly("config");

            DeleteNamedShadowRequest delete = new DeleteNamedShadowRequest();
            delete.thingName = "pump";
            delete.shadowName = "config";
            assertThat(device.shadow().deleteNamedShadow(delete).get(PATIENCE, TimeUnit.SECONDS).version)
                    .isEqualTo(1);
            assertThat(app.listNamedShadowsForThing(request -> request.thingName("pump"))
                            .results())
                    .isEmpty();
        }
    }

    @Test
    void app_is_told_of_conflicts_and_missing_shadows() throws Exception {
        try (IotDataPlaneClient app = app("*")) {
            app.updateThingShadow(request -> request.thingName("x").payload(SdkBytes.fromUtf8String("{\"state\":{}}")));

            assertThatThrownBy(() -> app.updateThingShadow(request ->
                            request.thingName("x").payload(SdkBytes.fromUtf8String("{\"state\":{},\"version\":7}"))))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("Version conflict");
            assertThatThrownBy(() ->
                            app.getThingShadow(request -> request.thingName("x").shadowName("none")))
                    .isInstanceOf(ResourceNotFoundException.class);
            assertThat(app.deleteThingShadow(request -> request.thingName("x"))
                            .payload()
                            .asUtf8String())
                    .contains("\"version\":1");
        }
    }

    @Test
    void user_with_a_policy_for_one_named_shadow_has_no_other() throws Exception {
        try (IotDataPlaneClient app = app("arn:aws:iot:*:*:thing/pump/mine")) {
            SdkBytes payload = SdkBytes.fromUtf8String("{\"state\":{}}");
            var mine = app.updateThingShadow(
                    request -> request.thingName("pump").shadowName("mine").payload(payload));
            assertThat(mine.payload().asUtf8String()).contains("\"version\":1");

            assertThatThrownBy(() -> app.updateThingShadow(
                            request -> request.thingName("pump").payload(payload)))
                    .isInstanceOfSatisfying(
                            IotDataPlaneException.class,
                            refused -> assertThat(refused.statusCode()).isEqualTo(403));
            assertThatThrownBy(() -> app.deleteThingShadow(
                            request -> request.thingName("pump").shadowName("other")))
                    .isInstanceOfSatisfying(
                            IotDataPlaneException.class,
                            refused -> assertThat(refused.statusCode()).isEqualTo(403));
        }
    }
}
