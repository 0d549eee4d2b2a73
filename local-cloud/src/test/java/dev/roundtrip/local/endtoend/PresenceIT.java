package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.iot.registry.GatewayRole.PresenceQueries;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.BrokerSettings;
import dev.roundtrip.mqtt.ClientState;
import dev.roundtrip.mqtt.DisconnectReason;
import dev.roundtrip.simulator.Device;
import dev.roundtrip.simulator.behaviour.Behaviour;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that are published, by callers who want to know whether the device is there. */
class PresenceIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state);
    }

    @AfterEach
    void stop() {
        cloud.close();
        callers.close();
    }

    @Test
    void device_that_is_there_answers_as_ever() throws Exception {
        cloud.device("pump");

        HttpResponse<String> get = cloud.get("target=pump&method=echo&request=hi&presence=check");
        HttpResponse<String> post = cloud.post(
                "{\"target\":\"pump\",\"method\":\"echo\",\"request\":\"hi\",\"presence\":\"check\",\"wait\":5}");

        assertThat(get.statusCode()).isEqualTo(200);
        assertThat(post.statusCode()).isEqualTo(200);
    }

    @Test
    void device_that_never_was_there_is_offline() throws Exception {
        HttpResponse<String> answer = cloud.get("target=nobody&method=echo&request=hi&timeout=28&presence=check");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(result(answer)).isEqualTo("offline");
    }

    @Test
    void device_that_has_been_away_for_a_while_is_offline_since_then() throws Exception {
        cloud.device("pump").close();
        awaitAwayFor(Duration.ofSeconds(4));

        HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=hi&timeout=28&presence=check");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(result(answer)).isEqualTo("offline");
        assertThat(json(answer).path("reason").textValue()).isEqualTo("CLIENT_INITIATED_DISCONNECT");
        assertThat(json(answer).path("since").textValue()).isNotEmpty();
    }

    @Test
    void device_that_got_the_command_and_left_may_have_run_it() throws Exception {
        Behaviour leaving = command -> {
            cloud.broker().connections().disconnect("pump", DisconnectReason.API_INITIATED_DISCONNECT);
            return List.of();
        };
        cloud.device("pump", leaving);

        HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=hi&timeout=3&presence=check");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(result(answer)).isEqualTo("timeout");
    }

    @Test
    void device_whose_session_waits_for_it_may_run_the_command_yet() throws Exception {
        Mqtt5BlockingClient pump = persistent("pump");
        pump.disconnect();
        awaitAwayFor(Duration.ofSeconds(4));

        HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=hi&timeout=2&presence=check");

        assertThat(answer.statusCode()).isEqualTo(504);
    }

    private void awaitAwayFor(Duration time) {
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        cloud.broker().connections().find("pump").orElseThrow() instanceof ClientState.Disconnected gone
                                && !gone.since().isAfter(Instant.now().minus(time)));
    }

    private Mqtt5BlockingClient persistent(String name) throws Exception {
        var files = cloud.thing(name).files();
        Mqtt5BlockingClient client = MqttClient.builder()
                .useMqttVersion5()
                .identifier(name)
                .serverHost("127.0.0.1")
                .serverPort(cloud.broker().devicePort())
                .sslConfig(TestTls.of(files, cloud.cloud().state().authorityFile()))
                .buildBlocking();
        client.connectWith().cleanStart(false).sessionExpiryInterval(300).send();
        client.subscribeWith()
                .topicFilter(name + "/#")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send();
        return client;
    }

    @Test
    void check_that_is_forbidden_changes_nothing() throws Exception {
        Path policy = state.resolve("gateway-policy.json");
        cloud.edit(policy, text -> text.replace("iot:GetConnection", "iot:GetRetainedMessage"));

        HttpResponse<String> check = cloud.get("target=nobody&method=echo&request=hi&timeout=1&presence=check");
        HttpResponse<String> wait = cloud.get("target=nobody&method=echo&request=hi&timeout=20&wait=20");

        assertThat(check.statusCode()).isEqualTo(504);
        assertThat(wait.statusCode()).isEqualTo(503);
        assertThat(result(wait)).isEqualTo("unavailable");
        assertThat(json(wait).path("error").path("message").textValue()).contains("403 ForbiddenException");
    }

    /** As on AWS, where PresenceQueries is "deny" unless somebody wants it otherwise. */
    @Test
    void local_cloud_lets_the_function_ask_for_no_device_unless_it_is_told_to() throws Exception {
        cloud.close();
        cloud = TestCloud.start(state, settings -> settings.withPresenceQueries(PresenceQueries.DENY));

        HttpResponse<String> check = cloud.get("target=nobody&method=echo&request=hi&timeout=1&presence=check");
        HttpResponse<String> wait = cloud.get("target=nobody&method=echo&request=hi&timeout=20&wait=20");

        assertThat(check.statusCode()).isEqualTo(504);
        assertThat(wait.statusCode()).isEqualTo(503);
        assertThat(json(wait).path("error").path("message").textValue()).contains("403 ForbiddenException");
        assertThat(cloud.log()).anyMatch(line -> line.contains("gateway-policy.json was made for other parameters"));
    }

    @Test
    void device_that_comes_back_in_time_gets_the_command_once() throws Exception {
        Future<HttpResponse<String>> call =
                callers.submit(() -> cloud.get("target=pump&method=echo&request=hi&timeout=28&wait=27"));
        Device pump = cloud.device("pump");

        HttpResponse<String> answer = call.get();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Server-Timing").orElse("")).contains("wait;dur=");
        assertThat(pump.counters().received()).isEqualTo(1);
        assertThat(pump.counters().ran()).isEqualTo(1);
    }

    @Test
    void device_that_does_not_come_back_is_offline_and_gets_nothing() throws Exception {
        Mqtt5BlockingClient away = persistent("pump");
        away.disconnect();
        awaitAwayFor(Duration.ZERO);

        HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=hi&timeout=20&wait=1");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(result(answer)).isEqualTo("offline");
        assertThat(json(answer).path("reason").textValue()).isEqualTo("CLIENT_INITIATED_DISCONNECT");
        // To say so it has the last 200 ms of its time, which a busy machine may miss.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> cloud.get("target=pump&method=echo&request=hi&timeout=2&wait=2")
                                .statusCode()
                        == 503);
        assertThat(cloud.broker().counters().delivered()).isZero();
    }

    @Test
    void broker_that_tells_that_nobody_listens_makes_the_device_offline_at_once() throws Exception {
        Path other = Files.createDirectory(state.resolve("other"));
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rwx------"));
        try (TestCloud telling = TestCloud.start(
                other,
                settings -> settings.withBroker(
                        new BrokerChoice.Own(BrokerLimits.local()).withUnheard(BrokerSettings.Unheard.TOLD)))) {
            HttpResponse<String> away = telling.get("target=pump&method=echo&request=hi&timeout=28");
            Device pump = telling.device("pump");
            HttpResponse<String> there = telling.get("target=pump&method=echo&request=hi&timeout=28");

            assertThat(away.statusCode()).isEqualTo(503);
            assertThat(result(away)).isEqualTo("offline");
            assertThat(there.statusCode()).isEqualTo(200);
            assertThat(pump.counters().received()).isEqualTo(1);
        }
    }
}
