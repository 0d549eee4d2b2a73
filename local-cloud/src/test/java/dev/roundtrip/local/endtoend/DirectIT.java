package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectRestrictions;
import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.simulator.Device;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls whose commands go by direct message: with proof of delivery. */
class DirectIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state, settings -> settings.withFunction(Map.of("DELIVERY", "direct")));
    }

    @AfterEach
    void stop() {
        cloud.close();
        callers.close();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void device_answers(MqttVersion mqtt) throws Exception {
        Device pump = cloud.device("pump:1", mqtt);

        for (int i = 0; i < 20; i++) {
            HttpResponse<String> answer = cloud.get("target=pump:1&method=echo&request=" + i);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(json(answer).path("response").textValue()).isEqualTo(Integer.toString(i));
        }

        assertThat(pump.counters().ran()).isEqualTo(20);
    }

    @Test
    void device_that_never_was_there_is_offline() throws Exception {
        HttpResponse<String> answer = cloud.get("target=nobody&method=greet&request=&timeout=28");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(result(answer)).isEqualTo("offline");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(json(answer).has("since")).isFalse();
    }

    @Test
    void device_that_left_is_offline_and_the_answer_says_since_when_and_why() throws Exception {
        Instant before = Instant.now().minusSeconds(1);
        cloud.device("pump").close();
        awaitGone();

        HttpResponse<String> answer = cloud.get("target=pump&method=greet&request=&timeout=20");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(result(answer)).isEqualTo("offline");
        assertThat(Instant.parse(json(answer).path("since").textValue())).isBetween(before, Instant.now());
        assertThat(json(answer).path("reason").textValue()).isEqualTo("CLIENT_INITIATED_DISCONNECT");
    }

    @Test
    void device_that_is_away_stays_offline_when_nobody_may_ask_why() throws Exception {
        Path policy = state.resolve("gateway-policy.json");
        cloud.edit(policy, text -> text.replace("iot:GetConnection", "iot:GetRetainedMessage"));
        cloud.device("pump").close();
        awaitGone();

        HttpResponse<String> answer = cloud.get("target=pump&method=greet&request=");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(result(answer)).isEqualTo("offline");
        assertThat(json(answer).has("since")).isFalse();
    }

    @Test
    void device_that_confirms_and_never_answers_is_a_timeout() throws Exception {
        Device pump = cloud.device("pump", TestCloud.SILENT);

        HttpResponse<String> answer = cloud.get("target=pump&method=greet&request=&timeout=1");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(result(answer)).isEqualTo("timeout");
        assertThat(pump.counters().received()).isEqualTo(1);
    }

    @Test
    void answer_counts_whether_or_not_the_device_confirmed_the_command() throws Exception {
        Mqtt5AsyncClient pump = raw("pump", Mqtt5ConnectRestrictions.builder().build());
        pump.publishes(
                MqttGlobalPublishFilter.ALL,
                command -> pump.publishWith()
                        .topic(command.getResponseTopic().orElseThrow())
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(("{\"id\":\""
                                        + UTF_8.decode(
                                                command.getCorrelationData().orElseThrow())
                                        + "\",\"response\":\""
                                        + command.getContentType().orElseThrow() + "\"}")
                                .getBytes(UTF_8))
                        .send(),
                true);

        HttpResponse<String> answer = cloud.get("target=pump&method=greet&request=&timeout=20");

        assertThat(answer.body()).contains("application/json");
        assertThat(answer.statusCode()).isEqualTo(200);
        pump.disconnect().get();
    }

    @Test
    void device_that_neither_confirms_nor_answers_is_a_timeout() throws Exception {
        Mqtt5AsyncClient pump = raw("pump", Mqtt5ConnectRestrictions.builder().build());
        pump.publishes(MqttGlobalPublishFilter.ALL, command -> {}, true);

        HttpResponse<String> answer = cloud.get("target=pump&method=greet&request=&timeout=2");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(result(answer)).isEqualTo("timeout");
        pump.disconnect().get();
    }

    @Test
    void command_that_the_device_refuses_in_its_acknowledgement_may_have_run() throws Exception {
        Path authority = cloud.cloud().state().authorityFile();
        int port = cloud.broker().devicePort();
        try (RefusingDevice pump =
                new RefusingDevice("pump", cloud.thing("pump").files(), authority, port)) {

            HttpResponse<String> answer = cloud.get("target=pump&method=greet&request=&timeout=2");

            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(result(answer)).isEqualTo("timeout");
            assertThat(pump.refused()).isOne();
        }
    }

    @Test
    void command_that_the_device_does_not_take_is_too_large() throws Exception {
        Mqtt5AsyncClient pump = raw(
                "pump",
                Mqtt5ConnectRestrictions.builder().maximumPacketSize(600).build());

        HttpResponse<String> answer = cloud.get("target=pump&method=greet&request=" + "x".repeat(600));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(result(answer)).isEqualTo("too_large");
        pump.disconnect().get();
    }

    private Mqtt5AsyncClient raw(String name, Mqtt5ConnectRestrictions restrictions) throws Exception {
        Mqtt5AsyncClient client = MqttClient.builder()
                .useMqttVersion5()
                .identifier(name)
                .serverHost("127.0.0.1")
                .serverPort(cloud.broker().devicePort())
                .sslConfig(TestTls.of(
                        cloud.thing(name).files(), cloud.cloud().state().authorityFile()))
                .buildAsync();
        client.connectWith().restrictions(restrictions).send().get();
        return client;
    }

    @Test
    void device_that_may_not_receive_is_unavailable_and_did_not_run() throws Exception {
        Path policy = cloud.thing("pump").files().policy();
        cloud.edit(policy, text -> text.replace("iot:Receive", "iot:GetThingShadow"));
        Device pump = cloud.device("pump");

        HttpResponse<String> answer = cloud.get("target=pump&method=greet&request=");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(result(answer)).isEqualTo("unavailable");
        assertThat(json(answer).path("error").path("message").textValue()).contains("403 ForbiddenException");
        assertThat(pump.counters().received()).isZero();
    }

    @Test
    void device_with_too_many_messages_is_throttled_and_ran_nothing_of_that() throws Exception {
        Path other = Files.createDirectory(state.resolve("other"));
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rwx------"));
        BrokerLimits twoASecond =
                BrokerLimits.local().withRates(new BrokerLimits.Rates(2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        try (TestCloud limited = TestCloud.start(
                other,
                settings -> settings.withFunction(Map.of("DELIVERY", "direct"))
                        .withBroker(new BrokerChoice.Own(twoASecond)))) {
            Device pump = limited.device("pump");
            // One message to the device, and one from it.
            assertThat(result(limited.get("target=pump&method=echo&request=hi")))
                    .isEqualTo("ok");
            List<Future<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                calls.add(callers.submit(() -> limited.get("target=pump&method=echo&request=hi&timeout=5")));
            }

            int ok = 1;
            int throttled = 0;
            int unanswered = 0;
            for (Future<HttpResponse<String>> call : calls) {
                switch (call.get().statusCode()) {
                    case 200 -> ok++;
                    case 429 -> throttled++;
                    // The device's answers count among its messages: one too many is lost.
                    case 504 -> unanswered++;
                    default -> assertThat(call.get().body()).isEmpty();
                }
            }

            assertThat(throttled).isPositive();
            assertThat(pump.counters().ran()).isBetween((long) ok, (long) ok + unanswered);
        }
    }

    @Test
    void device_that_comes_back_in_time_gets_the_command_once() throws Exception {
        Future<HttpResponse<String>> call =
                callers.submit(() -> cloud.get("target=pump&method=echo&request=hi&timeout=28&wait=27"));
        Device pump = cloud.device("pump");

        HttpResponse<String> answer = call.get();

        assertThat(answer.body()).contains("\"hi\"");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(pump.counters().ran()).isEqualTo(1);
        assertThat(pump.counters().received()).isEqualTo(1);
    }

    @Test
    void device_that_does_not_come_back_is_offline_when_the_wait_is_over() throws Exception {
        HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=hi&timeout=20&wait=1");

        assertThat(answer.body()).contains("offline");
        assertThat(answer.statusCode()).isEqualTo(503);
        // To say so it has the last 200 ms of its time, which a busy machine may miss.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> result(cloud.get("target=pump&method=echo&request=hi&timeout=1&wait=1"))
                        .equals("offline"));
        // It comes too late: what was told not to run does not.
        Device pump = cloud.device("pump");
        assertThat(result(cloud.get("target=pump&method=echo&request=hi"))).isEqualTo("ok");
        assertThat(pump.counters().received()).isEqualTo(1);
    }

    private void awaitGone() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> cloud.broker().counters().connected() == 1);
    }
}
