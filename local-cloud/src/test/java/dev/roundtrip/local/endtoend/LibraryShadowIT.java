package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.DeviceBuilder;
import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.device.RoundtripDevice;
import dev.roundtrip.device.shadow.ShadowRefusedException;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.protocol.Json;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iotdataplane.IotDataPlaneClient;

/** The shadow of the device library, against the local Device Shadow service and an app with AWS's SDK. */
class LibraryShadowIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestCloud cloud;

    @SuppressWarnings("NullAway.Init") // set before each test
    private IotDataPlaneClient app;

    private final ConcurrentLinkedQueue<Integer> applied = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state);
        var keys = cloud.cloud().state().credentials();
        app = IotDataPlaneClient.builder()
                .endpointOverride(URI.create(
                        "http://127.0.0.1:" + cloud.cloud().apiEndpoint().getPort()))
                .region(Region.of(cloud.cloud().state().account().region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey())))
                .build();
        Thing thing = cloud.thing("pump");
        cloud.edit(thing.files().policy(), policy -> policy.replaceFirst("\\[\\s*\\{", "[" + """
                        {"Effect":"Allow","Action":["iot:Publish","iot:Receive"],
                         "Resource":"arn:aws:iot:*:*:topic/$aws/things/pump/shadow/*"},
                        {"Effect":"Allow","Action":"iot:Subscribe",
                         "Resource":"arn:aws:iot:*:*:topicfilter/$aws/things/pump/shadow/*"},{""".replace("$", "\\$")));
    }

    @AfterEach
    void stop() {
        app.close();
        cloud.close();
    }

    private DeviceBuilder pump() throws Exception {
        Thing thing = cloud.thing("pump");
        return RoundtripDevice.named("pump")
                .at(cloud.cloud().iotEndpoint())
                .identity(
                        thing.files().certificate(),
                        thing.files().privateKey(),
                        cloud.cloud().state().authorityFile())
                .on("echo", (request, call) -> request)
                .shadow(shadow -> shadow.on("rpm", Integer.class, rpm -> {
                    if (rpm > 1_000) {
                        throw new ShadowRefusedException(422, "too fast");
                    }
                    applied.add(rpm);
                    return rpm;
                }));
    }

    private void desire(int rpm) {
        var unused = app.updateThingShadow(request -> request.thingName("pump")
                .payload(SdkBytes.fromString("{\"state\":{\"desired\":{\"rpm\":" + rpm + "}}}", UTF_8)));
    }

    private JsonNode state() throws Exception {
        return Json.read(app.getThingShadow(request -> request.thingName("pump"))
                        .payload()
                        .asByteArray())
                .path("state");
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void device_does_as_its_shadow_desires_and_still_answers_calls(MqttVersion mqtt) throws Exception {
        desire(300); // While the device is away.
        try (RoundtripDevice device = pump().mqtt(mqtt).connect()) {
            device.awaitReady(PATIENCE);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    state().path("reported").path("rpm").asInt())
                            .isEqualTo(300));

            desire(400);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    state().path("reported").path("rpm").asInt())
                            .isEqualTo(400));

            assertThat(state().has("delta")).isFalse();
            assertThat(state().path("reported")
                            .path("acks")
                            .path("rpm")
                            .path("ac")
                            .asInt())
                    .isEqualTo(200);
            assertThat(applied).containsExactly(300, 400);
            assertThat(cloud.get("target=pump&method=echo&request=hi").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void device_that_was_away_catches_up_and_one_that_refuses_says_so() throws Exception {
        try (RoundtripDevice device = pump().connect()) {
            device.awaitReady(PATIENCE);
            device.shadow().report("rpm", 10);
            await().atMost(PATIENCE)
                    .until(() -> state().path("reported").path("rpm").asInt() == 10);
        }
        desire(20);
        desire(2_000);
        try (RoundtripDevice device = pump().connect()) {
            device.awaitReady(PATIENCE);
            await().atMost(PATIENCE)
                    .until(() -> state().path("reported")
                                    .path("acks")
                                    .path("rpm")
                                    .path("ac")
                                    .asInt()
                            == 422);
        }
        assertThat(state().path("reported").path("rpm").asInt()).isEqualTo(10);
        assertThat(state().path("delta").path("rpm").asInt()).isEqualTo(2_000);
        assertThat(List.copyOf(applied)).isEmpty();
    }

    @Test
    void connection_that_ends_in_between_loses_nothing() throws Exception {
        try (RoundtripDevice device = pump().connect()) {
            device.awaitReady(PATIENCE);
            cloud.broker().restart(Duration.ofMillis(200));
            desire(500);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    state().path("reported").path("rpm").asInt())
                            .isEqualTo(500));
        }
    }
}
