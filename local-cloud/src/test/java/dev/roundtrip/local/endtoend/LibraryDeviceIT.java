package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.DeviceBuilder;
import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.device.RoundtripDevice;
import dev.roundtrip.device.method.MethodFailedException;
import dev.roundtrip.local.check.Rule;
import dev.roundtrip.local.check.Verdict.Finding;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.protocol.Target;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A device that is written with the library, called through the whole system. */
class LibraryDeviceIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    private final AtomicInteger starts = new AtomicInteger();

    /** How a pump is started. */
    record Start(int rpm) {}

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state.resolve("cloud"));
    }

    @AfterEach
    void stop() {
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
                .on(
                        "start",
                        Start.class,
                        (start, call) -> Map.of("rpm", start.rpm(), "starts", starts.incrementAndGet()))
                .on("count", (request, call) -> starts.incrementAndGet())
                .on("echo", (request, call) -> request)
                .on("jam", (request, call) -> {
                    throw new MethodFailedException("jammed", "the valve is stuck");
                });
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void call_runs_with_its_request_as_a_record(MqttVersion mqtt) throws Exception {
        try (RoundtripDevice device = pump().mqtt(mqtt).connect()) {
            device.awaitReady(Duration.ofSeconds(10));

            HttpResponse<String> answer =
                    cloud.post("{\"target\":\"pump\",\"method\":\"start\",\"request\":{\"rpm\":900}}");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(json(answer).path("response").path("rpm").asInt()).isEqualTo(900);
            assertThat(device.name()).isEqualTo(new Target("pump"));
        }
    }

    @Test
    void what_does_not_run_is_refused_and_what_fails_is_an_error() throws Exception {
        try (RoundtripDevice device = pump().connect()) {
            device.awaitReady(Duration.ofSeconds(10));

            HttpResponse<String> unknown = cloud.get("target=pump&method=fly&request=1");
            HttpResponse<String> unfit =
                    cloud.post("{\"target\":\"pump\",\"method\":\"start\",\"request\":{\"rpm\":\"fast\"}}");
            HttpResponse<String> failed = cloud.get("target=pump&method=jam&request=1");

            assertThat(unknown.statusCode()).isEqualTo(409);
            assertThat(code(unknown)).isEqualTo("unknown_method");
            assertThat(unfit.statusCode()).isEqualTo(409);
            assertThat(code(unfit)).isEqualTo("invalid_request");
            assertThat(failed.statusCode()).isEqualTo(502);
            assertThat(code(failed)).isEqualTo("jammed");
            assertThat(starts).hasValue(0);
        }
    }

    private static String code(HttpResponse<String> answer) throws Exception {
        return json(answer).path("error").path("code").asText();
    }

    @Test
    void order_and_keys_outlive_a_restart_of_the_device() throws Exception {
        Path store = state.resolve("pump.journal");
        String keyed = "{\"target\":\"pump\",\"method\":\"start\",\"request\":{\"rpm\":900},\"key\":\"order-1\"}";
        String ordered = "{\"target\":\"pump\",\"method\":\"start\",\"request\":{\"rpm\":900},\"sequence\":7}";
        JsonNode first;
        try (RoundtripDevice device = pump().store(store).connect()) {
            device.awaitReady(Duration.ofSeconds(10));
            first = json(cloud.post(keyed));
            assertThat(result(cloud.post(ordered))).isEqualTo("ok");
        }

        try (RoundtripDevice device = pump().store(store).connect()) {
            device.awaitReady(Duration.ofSeconds(10));
            JsonNode again = json(cloud.post(keyed));
            HttpResponse<String> late = cloud.post(ordered);

            assertThat(again.path("response")).isEqualTo(first.path("response"));
            assertThat(again.path("replayed").asBoolean()).isTrue();
            assertThat(late.statusCode()).isEqualTo(409);
            assertThat(code(late)).isEqualTo("out_of_sequence");
            assertThat(starts).hasValue(2);
        }
    }

    @Test
    void device_of_the_library_keeps_the_contract() throws Exception {
        try (RoundtripDevice device =
                pump().store(state.resolve("pump.journal")).connect()) {
            device.awaitReady(Duration.ofSeconds(10));

            CheckedDevice checked = CheckedDevice.of(cloud, "pump", "count");

            assertThat(checked.rules(Finding.KEPT)).as(checked.toString()).containsExactlyInAnyOrder(Rule.values());
        }
    }
}
