package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.SdkClients.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.endtoend.SdkClients.Device;
import dev.roundtrip.local.endtoend.SdkClients.Mqtt;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkBytes;
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
import software.amazon.awssdk.services.iotdataplane.IotDataPlaneClient;
import software.amazon.awssdk.services.iotdataplane.model.ConflictException;
import software.amazon.awssdk.services.iotdataplane.model.IotDataPlaneException;
import software.amazon.awssdk.services.iotdataplane.model.ResourceNotFoundException;

/** Shadows, with the unmodified clients of AWS's SDK for Java and of the AWS IoT Device SDK. */
class ShadowSdkIT {
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

    private Device<IotShadowV2Client> device(String name, Mqtt mqtt) throws Exception {
        return new SdkClients(cloud)
                .device(
                        name,
                        mqtt,
                        "$aws/things/" + name + "/shadow/*",
                        new SdkClients.Service<>(IotShadowV2Client::newFromMqtt5, IotShadowV2Client::newFromMqtt311));
    }

    private IotDataPlaneClient app(String resource) throws Exception {
        return new SdkClients(cloud).app(IotDataPlaneClient.builder(), resource);
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
        try (Device<IotShadowV2Client> device = device("pump", mqtt);
                IotDataPlaneClient app = app("*")) {
            ShadowDeltaUpdatedSubscriptionRequest onDelta = new ShadowDeltaUpdatedSubscriptionRequest();
            onDelta.thingName = "pump";
            ShadowUpdatedSubscriptionRequest onDocuments = new ShadowUpdatedSubscriptionRequest();
            onDocuments.thingName = "pump";
            try (SdkStream<ShadowDeltaUpdatedEvent> deltas = SdkStream.subscribed(
                            options -> device.client().createShadowDeltaUpdatedStream(onDelta, options));
                    SdkStream<ShadowUpdatedEvent> documents = SdkStream.subscribed(
                            options -> device.client().createShadowUpdatedStream(onDocuments, options))) {
                var accepted = app.updateThingShadow(request -> request.thingName("pump")
                        .payload(SdkBytes.fromUtf8String("{\"state\":{\"desired\":{\"on\":true}}}")));
                assertThat(accepted.payload().asUtf8String()).contains("\"version\":1");
                ShadowDeltaUpdatedEvent delta = deltas.next();
                assertThat(delta.state).isEqualTo(Map.of("on", true));
                assertThat(delta.version).isEqualTo(1);
                ShadowUpdatedEvent first = documents.next();
                assertThat(first.current.state.desired).isEqualTo(Map.of("on", true));

                var reported = device.client()
                        .updateShadow(update("pump", Map.of("on", true)))
                        .get(PATIENCE, TimeUnit.SECONDS);
                assertThat(reported.version).isEqualTo(2);
                GetShadowRequest get = new GetShadowRequest();
                get.thingName = "pump";
                var read = device.client().getShadow(get).get(PATIENCE, TimeUnit.SECONDS);
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
            assertThat(device.client().deleteShadow(delete).get(PATIENCE, TimeUnit.SECONDS).version)
                    .isEqualTo(2);
            GetShadowRequest again = new GetShadowRequest();
            again.thingName = "pump";
            assertThatThrownBy(() -> device.client().getShadow(again).get(PATIENCE, TimeUnit.SECONDS))
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
        try (Device<IotShadowV2Client> device = device("pump", mqtt);
                IotDataPlaneClient app = app("*")) {
            UpdateNamedShadowRequest update = new UpdateNamedShadowRequest();
            update.thingName = "pump";
            update.shadowName = "config";
            update.state = new ShadowState();
            update.state.desired = new HashMap<>(Map.of("color", "blue"));
            update.state.reported = new HashMap<>(Map.of("color", "red"));
            var updated = device.client().updateNamedShadow(update).get(PATIENCE, TimeUnit.SECONDS);
            assertThat(updated.state.desired).isEqualTo(Map.of("color", "blue"));
            assertThat(updated.state.reported).isEqualTo(Map.of("color", "red"));

            GetNamedShadowRequest get = new GetNamedShadowRequest();
            get.thingName = "pump";
            get.shadowName = "config";
            assertThat(device.client().getNamedShadow(get).get(PATIENCE, TimeUnit.SECONDS).state.delta)
                    .isEqualTo(Map.of("color", "blue"));
            assertThat(app.listNamedShadowsForThing(request -> request.thingName("pump"))
                            .results())
                    .containsExactly("config");

            DeleteNamedShadowRequest delete = new DeleteNamedShadowRequest();
            delete.thingName = "pump";
            delete.shadowName = "config";
            assertThat(device.client().deleteNamedShadow(delete).get(PATIENCE, TimeUnit.SECONDS).version)
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
