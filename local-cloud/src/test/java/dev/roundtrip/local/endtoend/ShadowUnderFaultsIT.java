package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.device.RoundtripDevice;
import dev.roundtrip.device.shadow.ShadowBuilder;
import dev.roundtrip.device.shadow.ShadowRefusedException;
import dev.roundtrip.local.faults.FaultSpec;
import dev.roundtrip.local.faults.Faults;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.protocol.Json;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iotdataplane.IotDataPlaneClient;

/** Random sequences of desired changes and restarts, while messages get lost, come twice, late, and out of order. */
@Timeout(120)
class ShadowUnderFaultsIT {
    private static final int STEPS = 40;
    private static final List<String> PROPERTIES = List.of("rpm", "mode", "valve");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static TestCloud cloud;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static IotDataPlaneClient app;

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(state);
        var keys = cloud.cloud().state().credentials();
        app = IotDataPlaneClient.builder()
                .endpointOverride(URI.create(
                        "http://127.0.0.1:" + cloud.cloud().apiEndpoint().getPort()))
                .region(Region.of(cloud.cloud().state().account().region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey())))
                .build();
    }

    @AfterAll
    static void stop() {
        app.close();
        cloud.close();
    }

    /** A pump whose own state outlives its process. Multiples of seven are refused, multiples of five are rounded. */
    private static final class Pump {
        final Thing thing;
        final MqttVersion mqtt;
        final Map<String, Integer> is = new ConcurrentHashMap<>();
        final Map<String, Integer> latest = new ConcurrentHashMap<>();
        final List<String> overtaken = new ArrayList<>();
        final LinkedBlockingQueue<String> news = new LinkedBlockingQueue<>();

        Pump(Thing thing, MqttVersion mqtt) {
            this.thing = thing;
            this.mqtt = mqtt;
        }

        static boolean refuses(int wanted) {
            return wanted % 7 == 0;
        }

        static int result(int wanted) {
            return wanted % 5 == 0 ? wanted - wanted % 10 : wanted;
        }

        synchronized Optional<JsonNode> apply(String property, JsonNode wanted) throws ShadowRefusedException {
            int value = wanted.asInt();
            Integer before = latest.put(property, value);
            if (before != null && before > value) {
                overtaken.add(property + ": " + value + " after " + before);
            }
            news.add(property);
            if (refuses(value)) {
                throw new ShadowRefusedException(422, "no sevens");
            }
            is.put(property, result(value));
            return Optional.of(IntNode.valueOf(result(value)));
        }

        synchronized RoundtripDevice on() throws Exception {
            return RoundtripDevice.named(thing.name().value())
                    .at(cloud.cloud().iotEndpoint())
                    .identity(
                            thing.files().certificate(),
                            thing.files().privateKey(),
                            cloud.cloud().state().authorityFile())
                    .mqtt(mqtt)
                    .shadow(this::describe)
                    .connect();
        }

        private void describe(ShadowBuilder shadow) {
            shadow.onOther(this::apply);
            is.forEach(shadow::reporting);
        }
    }

    private static Pump pump(String name, MqttVersion mqtt) throws Exception {
        Thing thing = cloud.thing(name);
        cloud.edit(
                thing.files().policy(),
                policy -> policy.replaceFirst(
                        "\\[\\s*\\{", "[" + """
                        {"Effect":"Allow","Action":["iot:Publish","iot:Receive"],
                         "Resource":"arn:aws:iot:*:*:topic/$aws/things/NAME/shadow/*"},
                        {"Effect":"Allow","Action":"iot:Subscribe",
                         "Resource":"arn:aws:iot:*:*:topicfilter/$aws/things/NAME/shadow/*"},{""".replace("NAME", name).replace("$", "\\$")));
        return new Pump(thing, mqtt);
    }

    private static JsonNode shadow(String thing) throws Exception {
        return Json.read(app.getThingShadow(request -> request.thingName(thing))
                        .payload()
                        .asByteArray())
                .path("state");
    }

    private static void desire(String thing, ObjectNode desired) {
        ObjectNode update = Json.object();
        update.putObject("state").set("desired", desired);
        var unused = app.updateThingShadow(
                request -> request.thingName(thing).payload(SdkBytes.fromString(update.toString(), UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({"MQTT_5, 1", "MQTT_5, 2", "MQTT_3, 3", "MQTT_3, 4"})
    void in_the_end_device_and_shadow_agree_and_no_older_wish_overtook_a_newer_one(MqttVersion mqtt, int seed)
            throws Exception {
        String name = "pump-" + seed;
        Pump pump = pump(name, mqtt);
        Faults faults = Objects.requireNonNull(cloud.cloud().faults());
        Random random = new Random(seed);
        Map<String, Integer> desired = new ConcurrentHashMap<>();
        RoundtripDevice device = pump.on();
        device.awaitReady(PATIENCE);
        var none = faults.replace(FaultSpec.parse(
                "seed=" + seed + ",drop=0.1,delay=0.2:20ms,duplicate=0.2,reorder=0.1,late=0.05:10ms,cut=0.01"));

        for (int step = 1; step <= STEPS; step++) {
            ObjectNode change = Json.object();
            for (String property : PROPERTIES) {
                if (random.nextBoolean()) {
                    change.put(property, step);
                    desired.put(property, step);
                }
            }
            desire(name, change);
            if (random.nextInt(8) == 0) {
                device.close();
                device = pump.on();
            }
            var unused = pump.news.poll(random.nextInt(40), TimeUnit.MILLISECONDS);
        }
        Map<String, Long> met = faults.replace(FaultSpec.NONE).sinceReplaced();
        device.close();
        try (RoundtripDevice last = pump.on()) {
            last.awaitReady(PATIENCE);

            await().atMost(PATIENCE).untilAsserted(() -> agree(shadow(name), pump, desired));
        }
        assertThat(pump.overtaken).isEmpty();
        assertThat(met).containsKeys("drop", "duplicate");
    }

    private static void agree(JsonNode state, Pump pump, Map<String, Integer> desired) {
        JsonNode reported = state.path("reported");
        desired.forEach((property, wanted) -> {
            assertThat(reported.path(property).asInt()).as(property).isEqualTo(pump.is.getOrDefault(property, 0));
            assertThat(reported.path("acks").path(property).path("ac").asInt())
                    .as("acknowledgement of %s=%s", property, wanted)
                    .isEqualTo(Pump.refuses(wanted) ? 422 : 200);
            if (!Pump.refuses(wanted)) {
                assertThat(pump.is).containsEntry(property, Pump.result(wanted));
            }
        });
    }
}
