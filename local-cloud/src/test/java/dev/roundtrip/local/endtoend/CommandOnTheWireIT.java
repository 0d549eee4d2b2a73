package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.roundtrip.protocol.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command as a device sees it that others wrote and that speaks MQTT 5. */
class CommandOnTheWireIT {
    private static final long TIMEOUT_SECONDS = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        callers.close();
    }

    /** @param arrivedAt epoch milliseconds */
    private record Seen(Mqtt5Publish publish, JsonNode payload, long arrivedAt) {}

    @Test
    void published_command_carries_what_the_contract_says_and_expires_with_its_deadline() throws Exception {
        Seen command = call("publish");

        assertContract(command);
        // The broker forwards the whole seconds that are left of what the gateway rounded up, and counts from when it
        // came.
        long left = (command.payload().path("deadline").longValue() - command.arrivedAt()) / 1000 - 1;
        assertThat(command.publish().getMessageExpiryInterval().orElseThrow()).isBetween(left, TIMEOUT_SECONDS);
    }

    @Test
    void direct_command_carries_the_same_but_an_expiry_which_direct_messages_have_not() throws Exception {
        Seen command = call("direct");

        assertContract(command);
        assertThat(command.publish().getMessageExpiryInterval()).isEmpty();
    }

    private static void assertContract(Seen command) {
        Mqtt5Publish publish = command.publish();
        String id = command.payload().path("id").textValue();
        assertThat(UUID.fromString(id).version()).isEqualTo(4);
        assertThat(publish.getTopic()).hasToString("pump/open/roundtrip/" + id);
        assertThat(publish.getQos()).isEqualTo(MqttQos.AT_LEAST_ONCE);
        assertThat(publish.isRetain()).isFalse();
        assertThat(publish.getResponseTopic().orElseThrow()).hasToString("roundtrip/" + id + "/pump/open/ack");
        assertThat(UTF_8.decode(publish.getCorrelationData().orElseThrow()).toString())
                .isEqualTo(id);
        assertThat(publish.getContentType().orElseThrow()).hasToString("application/json");
        assertThat(publish.getUserProperties().asList()).isEmpty();
        assertThat(command.payload().properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("timestamp", "request", "id", "deadline");
        assertThat(command.payload().path("request").textValue()).isEqualTo("wide");
        assertThat(command.payload().path("timestamp").textValue()).matches("[0-9]{13}");
        long sent = Long.parseLong(command.payload().path("timestamp").textValue());
        assertThat(command.payload().path("deadline").longValue()).isBetween(sent, sent + 1000 * TIMEOUT_SECONDS);
    }

    /** Makes a call that the device answers by what the command says alone. */
    private Seen call(String delivery) throws Exception {
        try (TestCloud cloud =
                TestCloud.start(state, settings -> settings.withFunction(Map.of("DELIVERY", delivery)))) {
            Mqtt5BlockingClient pump = MqttClient.builder()
                    .useMqttVersion5()
                    .identifier("pump")
                    .serverHost("127.0.0.1")
                    .serverPort(cloud.broker().devicePort())
                    .sslConfig(TestTls.of(
                            cloud.thing("pump").files(), cloud.cloud().state().authorityFile()))
                    .buildBlocking();
            pump.connect();
            try (Mqtt5BlockingClient.Mqtt5Publishes commands = pump.publishes(MqttGlobalPublishFilter.ALL)) {
                pump.subscribeWith()
                        .topicFilter("pump/#")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send();
                Future<HttpResponse<String>> call = callers.submit(
                        () -> cloud.get("target=pump&method=open&request=wide&timeout=" + TIMEOUT_SECONDS));
                Mqtt5Publish publish = commands.receive(30, TimeUnit.SECONDS).orElseThrow();
                long arrivedAt = System.currentTimeMillis();
                JsonNode payload = Json.mapper().readTree(publish.getPayloadAsBytes());
                pump.publishWith()
                        .topic(publish.getResponseTopic().orElseThrow())
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(("{\"id\":" + payload.path("id") + ",\"response\":true}").getBytes(UTF_8))
                        .send();
                assertThat(call.get().statusCode()).isEqualTo(200);
                return new Seen(publish, payload, arrivedAt);
            } finally {
                pump.disconnect();
            }
        }
    }
}
