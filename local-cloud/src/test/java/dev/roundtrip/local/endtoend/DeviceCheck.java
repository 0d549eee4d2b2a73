package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.roundtrip.protocol.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Plays the gateway for one device, and holds what the device does against the contract. */
final class DeviceCheck implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Of a process that serves many calls: it stands before the id, in topics and payloads. */
    private static final String INSTANCE = ".abcdefg27";

    private final String device;
    private final Mqtt5BlockingClient gateway;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

    private record Answer(String topic, JsonNode payload) {}

    /** @param name of a thing whose certificate the gateway shows; its policy is made to allow everything */
    DeviceCheck(TestCloud cloud, String name, String device) throws Exception {
        this.device = device;
        Path policy = cloud.thing(name).files().policy();
        cloud.edit(
                policy,
                text -> "{\"Version\":\"2012-10-17\",\"Statement\":"
                        + "[{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"}]}");
        this.gateway = MqttClient.builder()
                .useMqttVersion5()
                .identifier(name)
                .serverHost("127.0.0.1")
                .serverPort(cloud.broker().devicePort())
                .sslConfig(TestTls.of(
                        cloud.thing(name).files(), cloud.cloud().state().authorityFile()))
                .buildBlocking();
        gateway.connect();
        gateway.toAsync().publishes(MqttGlobalPublishFilter.ALL, this::hear);
        gateway.subscribeWith()
                .topicFilter("roundtrip/#")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send();
    }

    private void hear(Mqtt5Publish publish) {
        try {
            answers.add(new Answer(publish.getTopic().toString(), Json.mapper().readTree(publish.getPayloadAsBytes())));
        } catch (IOException notJson) {
            answers.add(new Answer(publish.getTopic().toString(), Json.mapper().nullNode()));
        }
    }

    /** Repeats a call, each time under a new id, until the device answers one. */
    void awaitReady() {
        List<String> ids = new ArrayList<>();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
            boolean isReady = ids.stream().anyMatch(id -> count(id) > 0);
            if (!isReady) {
                ids.add(send("echo", "0"));
            }
            return isReady;
        });
    }

    /** For a device that loses requests. */
    void answers_at_last() {
        assertThat(callUntilAnswered("echo", "[\"ö\"]", 20)
                        .path("response")
                        .path(0)
                        .textValue())
                .isEqualTo("ö");
        assertThat(callUntilAnswered("div", "[84,2]", 20).path("response").asDouble())
                .isEqualTo(42);
        assertThat(callUntilAnswered("count", "null", 20).path("response").asInt())
                .isEqualTo(1);
        assertThat(callUntilAnswered("count", "null", 20).path("response").asInt())
                .isEqualTo(2);
        assertThat(refusal(callUntilAnswered("count", "null", -1))).isEqualTo("expired");
        assertThat(refusal(callUntilAnswered("no-such", "null", 20))).isEqualTo("unknown_method");
        assertThat(refusal(callUntilAnswered("div", "[1,\"2\"]", 20))).isEqualTo("invalid_request");
    }

    private JsonNode callUntilAnswered(String method, String request, int seconds) {
        String id = UUID.randomUUID().toString();
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
            if (count(id) == 0) {
                publish(topic(method, id), payload(id, request, secondsFromNow(seconds)));
            }
            return count(id) > 0;
        });
        return answer(method, id);
    }

    void answers_with_what_the_method_returns() {
        assertThat(call("echo", "{\"ö\":[true,null,\"\\u0000\",1.5]}").path("response"))
                .hasToString("{\"ö\":[true,null,\"\\u0000\",1.5]}");
        assertThat(call("div", "[84,2]").path("response").asDouble()).isEqualTo(42);
        assertThat(call("div", "[1,0]").path("error").path("code").textValue()).isEqualTo("division_by_zero");
    }

    void answers_a_request_whose_id_has_an_instance() {
        String id = INSTANCE + "/" + UUID.randomUUID();

        publish(topic("echo", id), payload(id, "7", secondsFromNow(20)));

        assertThat(answer("echo", id).path("response").intValue()).isEqualTo(7);
    }

    void gives_the_same_answer_to_a_repeated_request_without_running_it_again() {
        String id = UUID.randomUUID().toString();
        String payload = payload(id, "null", secondsFromNow(20));

        publish(topic("count", id), payload);
        publish(topic("count", id), payload);
        JsonNode first = answer("count", id);
        publish(topic("count", id), payload);

        await().atMost(PATIENCE).until(() -> count(id) >= 2);
        int next = call("count", "null").path("response").intValue();
        assertThat(answers)
                .filteredOn(answer -> answer.payload().path("id").asText().equals(id))
                .allSatisfy(answer -> assertThat(answer.payload()).isEqualTo(first));
        assertThat(next).isEqualTo(first.path("response").intValue() + 1);
    }

    void refuses_what_it_does_not_run() {
        String late = UUID.randomUUID().toString();

        publish(topic("count", late), payload(late, "null", secondsFromNow(-1)));

        assertThat(refusal(answer("count", late))).isEqualTo("expired");
        assertThat(refusal(call("no-such", "null"))).isEqualTo("unknown_method");
        assertThat(refusal(call("div", "[1]"))).isEqualTo("invalid_request");
        assertThat(refusal(call("div", "[true,\"2\"]"))).isEqualTo("invalid_request");
        assertThat(refusal(call("div", "0"))).isEqualTo("invalid_request");
    }

    void runs_a_request_without_deadline_and_is_silent_where_it_does_not_run() {
        String ran = UUID.randomUUID().toString();
        String unknown = UUID.randomUUID().toString();
        String invalid = UUID.randomUUID().toString();

        publish(topic("no-such", unknown), payload(unknown, "null", null));
        publish(topic("div", invalid), payload(invalid, "null", null));
        publish(topic("echo", ran), payload(ran, "1", null));

        assertThat(answer("echo", ran).path("response").intValue()).isEqualTo(1);
        var unused = call("echo", "2");
        assertThat(count(unknown) + count(invalid)).isZero();
    }

    void drops_what_is_no_request_and_goes_on() {
        int before = call("count", "null").path("response").intValue();
        String id = UUID.randomUUID().toString();
        String request = payload(id, "null", secondsFromNow(20));

        for (String payload : new String[] {
            "",
            "{",
            "7",
            "null",
            "[]",
            "[".repeat(100_000),
            "{}",
            request + "x",
            request.replace(id, UUID.randomUUID().toString()),
            request.replace("\"request\"", "\"other\""),
            request.replace("\"deadline\":", "\"deadline\":\"soon\",\"other\":"),
            "{\"id\":7,\"request\":null}"
        }) {
            publish(topic("count", id), payload);
        }
        gateway.publishWith()
                .topic(topic("count", id))
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'})
                .send();
        for (String topic : new String[] {
            device,
            device + "/count",
            device + "/count/roundtrip",
            device + "/count/roundtrip/" + id + "/more",
            device + "/count/roundtrip/" + INSTANCE + "/" + id,
            device + "/count/roundtrip/.ABCDEFG27/" + id,
            device + "/count/roundtrip/x/y/" + id,
            device + "//roundtrip/" + id,
            device + "/co unt/roundtrip/" + id
        }) {
            publish(topic, request);
        }

        assertThat(call("count", "null").path("response").intValue()).isEqualTo(before + 1);
        assertThat(count(id)).isZero();
    }

    private static String refusal(JsonNode answer) {
        return answer.path("refused").path("code").asText();
    }

    private static long secondsFromNow(int seconds) {
        return System.currentTimeMillis() + 1000L * seconds;
    }

    private String topic(String method, String id) {
        return device + "/" + method + "/roundtrip/" + id;
    }

    private static String payload(String id, String request, @Nullable Long deadline) {
        return "{\"timestamp\":\"1\",\"request\":" + request + ",\"id\":\"" + id + "\""
                + (deadline == null ? "" : ",\"deadline\":" + deadline) + "}";
    }

    private JsonNode call(String method, String request) {
        return answer(method, send(method, request));
    }

    private String send(String method, String request) {
        String id = UUID.randomUUID().toString();
        publish(topic(method, id), payload(id, request, secondsFromNow(20)));
        return id;
    }

    private void publish(String topic, String payload) {
        gateway.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes(UTF_8))
                .send();
    }

    private long count(String id) {
        return answers.stream()
                .filter(answer -> answer.topic().startsWith("roundtrip/" + id + "/"))
                .count();
    }

    private JsonNode answer(String method, String id) {
        await().alias("an answer of " + method).atMost(PATIENCE).until(() -> count(id) > 0);
        Answer answer = Objects.requireNonNull(answers.stream()
                .filter(one -> one.topic().startsWith("roundtrip/" + id + "/"))
                .findFirst()
                .orElse(null));
        assertThat(answer.topic()).isEqualTo("roundtrip/" + id + "/" + device + "/" + method + "/ack");
        assertThat(answer.payload().path("id").asText()).isEqualTo(id);
        return answer.payload();
    }

    @Override
    public void close() {
        gateway.disconnect();
    }
}
