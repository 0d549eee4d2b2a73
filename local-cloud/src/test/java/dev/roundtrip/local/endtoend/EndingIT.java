package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.app.LocalCloudSettings.Ports;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.simulator.Device;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.behaviour.Fault;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a call can end, over real sockets. */
class EndingIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void device_that_says_it_failed_is_a_device_error() throws Exception {
        cloud.device("pump", Behaviour.honest().with(Fault.failing(new DeviceError("jammed", "the valve is stuck"))));

        HttpResponse<String> answer = cloud.get("target=pump&method=greet&request=");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(result(answer)).isEqualTo("device_error");
        assertThat(json(answer).path("error").toString())
                .isEqualTo("{\"code\":\"jammed\",\"message\":\"the valve is stuck\"}");
    }

    @Test
    void wrong_arguments_are_an_error_of_the_devices() throws Exception {
        cloud.device("pump");

        HttpResponse<String> division = cloud.post("{\"target\":\"pump\",\"method\":\"div\",\"request\":[1,0]}");
        HttpResponse<String> sum = cloud.get("target=pump&method=add&request=one");

        assertThat(division.statusCode()).isEqualTo(502);
        assertThat(sum.statusCode()).isEqualTo(502);
        assertThat(json(sum).path("error").path("code").textValue()).isNotEmpty();
    }

    @Test
    void answer_that_cannot_be_read_is_a_device_error() throws Exception {
        cloud.device("pump", TestCloud.GARBLED);

        HttpResponse<String> answer = cloud.get("target=pump&method=greet&request=");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(json(answer).path("error").path("code").textValue()).isEqualTo("unreadable_answer");
    }

    @Test
    void silence_is_a_timeout() throws Exception {
        cloud.device("pump", TestCloud.SILENT);

        HttpResponse<String> answer = cloud.get("target=pump&method=greet&request=&timeout=1");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(result(answer)).isEqualTo("timeout");
        assertThat(json(answer).path("elapsed").asInt()).isGreaterThanOrEqualTo(1_000);
        assertThat(json(answer).path("id").textValue()).isNotEmpty();
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
    }

    @Test
    void late_answer_does_not_disturb_the_next_call() throws Exception {
        AtomicBoolean isFirst = new AtomicBoolean(true);
        Fault late = Fault.late(Duration.ofMillis(500));
        Fault slow = Fault.delay(Duration.ofSeconds(1));
        cloud.device(
                "pump",
                Behaviour.honest()
                        .with((command, plan) -> (isFirst.getAndSet(false) ? late : slow).distort(command, plan)));

        HttpResponse<String> first = cloud.get("target=pump&method=echo&request=first&timeout=1");
        // While this one waits, the first is answered.
        HttpResponse<String> next = cloud.get("target=pump&method=echo&request=second&timeout=20");

        assertThat(result(first)).isEqualTo("timeout");
        assertThat(json(next).path("response").textValue()).isEqualTo("second");
    }

    @Test
    void repeated_answer_is_dropped() throws Exception {
        cloud.device("pump", Behaviour.honest().with(Fault.duplicate()));

        for (int i = 0; i < 5; i++) {
            HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=" + i);
            assertThat(json(answer).path("response").textValue()).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void device_that_does_not_exist_is_a_timeout_because_the_broker_does_not_tell() throws Exception {
        HttpResponse<String> answer = cloud.get("target=nobody&method=greet&request=&timeout=1");

        assertThat(answer.statusCode()).isEqualTo(504);
    }

    @Test
    void what_the_broker_cannot_carry_is_too_large_and_reaches_nobody() throws Exception {
        Device pump = cloud.device("pump");

        HttpResponse<String> payload =
                cloud.post("{\"target\":\"pump\",\"method\":\"echo\",\"request\":\"" + "x".repeat(128 * 1024) + "\"}");

        assertThat(payload.statusCode()).isEqualTo(413);
        assertThat(result(payload)).isEqualTo("too_large");
        assertThat(pump.counters().received()).isZero();
    }

    @Test
    void request_of_the_largest_size_passes_both_ways() throws Exception {
        cloud.device("pump");
        String request = "x".repeat(128 * 1024 - 300);

        HttpResponse<String> answer =
                cloud.post("{\"target\":\"pump\",\"method\":\"echo\",\"request\":\"" + request + "\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("response").textValue()).isEqualTo(request);
    }

    @Test
    void everything_that_is_wrong_with_a_call_is_told() throws Exception {
        HttpResponse<String> answer = cloud.get("target=a%2Fb&method=%23&timeout=-1&verbose=yes");

        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode body = json(answer);
        assertThat(body.path("result").textValue()).isEqualTo("invalid_parameters");
        assertThat(body.path("problems").findValuesAsText("parameter"))
                .containsExactlyInAnyOrder("target", "method", "request", "timeout", "verbose");
    }

    @Test
    void broker_that_is_away_is_unavailable_before_the_deadline() throws Exception {
        int port = FreePort.any();
        Path other = Files.createDirectory(state.resolve("other"));
        try (TestCloud lonely = TestCloud.start(
                restricted(other),
                settings -> settings.withBroker(new BrokerChoice.Other("127.0.0.1:" + port, null)))) {
            HttpResponse<String> answer = lonely.get("target=pump&method=greet&request=&timeout=28");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(result(answer)).isEqualTo("unavailable");
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            // A broker that is waited for in vain is told with another sentence, at the deadline.
            assertThat(json(answer).path("error").path("message").textValue())
                    .contains("could not be reached, or refused");
        }
    }

    @Test
    void broker_that_refuses_the_command_is_unavailable_and_the_device_hears_nothing() throws Exception {
        Path policy = state.resolve("gateway-policy.json");
        Files.writeString(
                policy, Files.readString(policy).replace("topic/*/*/roundtrip/*", "topic/pump/allowed/roundtrip/*"));
        try (TestCloud strict = TestCloud.start(state)) {
            Device pump = strict.device("pump", TestCloud.VERSATILE);

            HttpResponse<String> refused = strict.get("target=pump&method=forbidden&request=");
            HttpResponse<String> allowed = strict.get("target=pump&method=allowed&request=");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(result(refused)).isEqualTo("unavailable");
            assertThat(json(refused).path("error").path("message").textValue()).contains("NOT_AUTHORIZED");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(result(allowed)).isEqualTo("ok");
            assertThat(pump.counters().received()).isOne();
        }
    }

    @Test
    void first_call_after_the_broker_is_back_is_ok() throws Exception {
        Path elsewhere = restricted(Files.createDirectory(state.resolve("other")));
        Ports ports = new Ports(0, FreePort.any(), FreePort.any());
        TestCloud first = TestCloud.start(elsewhere, settings -> settings.withPorts(ports));
        BrokerChoice there = new BrokerChoice.Other(
                "127.0.0.1:" + ports.wss(), first.cloud().state().authorityFile());
        try (TestCloud front = TestCloud.start(elsewhere, settings -> settings.withBroker(there))) {
            first.device("pump");
            assertThat(result(front.get("target=pump&method=echo&request=hi"))).isEqualTo("ok");

            first.close();
            front.awaitLostConnection();
            HttpResponse<String> away = front.get("target=pump&method=echo&request=hi&timeout=5");
            HttpResponse<String> back;
            try (TestCloud second = TestCloud.start(elsewhere, settings -> settings.withPorts(ports))) {
                second.device("pump");
                back = front.get("target=pump&method=echo&request=hi");
            }

            assertThat(away.statusCode()).isEqualTo(503);
            assertThat(result(away)).isEqualTo("unavailable");
            assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
            assertThat(result(back)).isEqualTo("ok");
        }
    }

    @Test
    void call_whose_end_cannot_be_logged_ends_as_it_ended_and_nothing_tells_the_reason() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        Consumer<String> full = line -> {
            if (line.contains("\"event\":\"call\"")) {
                throw new IllegalStateException("the disk is full, and the secret is planted");
            }
            lines.add(line);
        };
        Path other = restricted(Files.createDirectory(state.resolve("other")));
        try (TestCloud broken = TestCloud.start(other, settings -> LocalCloudSettings.of(settings.state(), full))) {
            broken.device("pump");

            HttpResponse<String> answer = broken.get("target=pump&method=echo&request=hi");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(result(answer)).isEqualTo("ok");
            assertThat(answer.body()).doesNotContain("planted", "Exception");
            assertThat(lines).noneMatch(line -> line.contains("secret is planted"));
        }
    }

    private static Path restricted(Path directory) throws Exception {
        return Files.setPosixFilePermissions(
                directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void limit_of_the_broker_is_throttled() throws Exception {
        Path other = restricted(Files.createDirectory(state.resolve("other")));
        BrokerLimits narrow =
                BrokerLimits.local().withTopics(BrokerLimits.local().topics().withMaxSubscriptionsPerConnection(3));
        try (TestCloud limited = TestCloud.start(
                        other,
                        settings -> settings.withBroker(new BrokerChoice.Own(narrow))
                                .withFunction(Map.of("ACK_SUBSCRIPTION", "per-call")));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Device pump = limited.device("pump", Behaviour.honest().with(Fault.delay(Duration.ofMillis(500))));

            var calls = new java.util.ArrayList<Future<HttpResponse<String>>>();
            for (int i = 0; i < 10; i++) {
                calls.add(callers.submit(() -> limited.get("target=pump&method=echo&request=hi&timeout=5")));
            }

            int ok = 0;
            int throttled = 0;
            for (Future<HttpResponse<String>> call : calls) {
                HttpResponse<String> answer = call.get();
                switch (answer.statusCode()) {
                    case 200 -> ok++;
                    case 429 -> {
                        throttled++;
                        assertThat(result(answer)).isEqualTo("throttled");
                        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                    }
                    default -> assertThat(answer.body()).isEmpty();
                }
            }
            assertThat(ok).isPositive();
            assertThat(throttled).isPositive();
            assertThat(pump.counters().ran()).isEqualTo(ok);
        }
    }

    @Test
    void per_call_answer_topics_work_one_after_another_and_together() throws Exception {
        Path other = restricted(Files.createDirectory(state.resolve("other")));
        try (TestCloud perCall = TestCloud.start(
                        other, settings -> settings.withFunction(Map.of("ACK_SUBSCRIPTION", "per-call")));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            perCall.device("pump");
            for (int i = 0; i < 100; i++) {
                HttpResponse<String> answer = perCall.get("target=pump&method=echo&request=" + i);
                assertThat(json(answer).path("response").asText()).isEqualTo(Integer.toString(i));
            }
            var calls = new java.util.ArrayList<Future<HttpResponse<String>>>();
            for (int i = 0; i < 40; i++) {
                String query = "target=pump&method=echo&request=" + i;
                calls.add(callers.submit(() -> perCall.get(query)));
            }
            for (int i = 0; i < 40; i++) {
                assertThat(json(calls.get(i).get()).path("response").asText()).isEqualTo(Integer.toString(i));
            }
        }
    }
}
