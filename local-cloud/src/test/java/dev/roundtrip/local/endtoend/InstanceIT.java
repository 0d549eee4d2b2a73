package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.mqtt.BrokerCounters;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.WireId;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.behaviour.Fault;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that are addressed to one connection of the gateway: {@code ACK_SUBSCRIPTION=instance}. */
class InstanceIT {
    private static final Map<String, String> INSTANCE = Map.of("ACK_SUBSCRIPTION", "instance");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    private final BlockingQueue<WireId> asked = new LinkedBlockingQueue<>();
    private final CommandListener ledger = event -> {
        if (event instanceof CommandEvent.Received received) {
            asked.add(received.command().route().wireId());
        }
    };
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state, settings -> settings.withFunction(INSTANCE));
    }

    @AfterEach
    void stop() {
        callers.close();
        cloud.close();
    }

    /** A function of its own on the broker that all share. */
    private TestCloud another(Map<String, String> variables) throws Exception {
        BrokerChoice shared = new BrokerChoice.Other(
                "127.0.0.1:" + cloud.gatewayPort(), cloud.cloud().state().authorityFile());
        TestCloud function =
                TestCloud.start(state, settings -> settings.withBroker(shared).withFunction(variables));
        // The other function may have made the gateway's policy anew, for its way of delivery.
        cloud.cloud().readStateAgain();
        return function;
    }

    @Test
    void several_environments_at_once_never_hear_each_others_answers_and_no_call_subscribes() throws Exception {
        int calls = 40;
        cloud.device(cloud.settings("pump"), Behaviour.honest(), ledger);
        try (TestCloud second = another(INSTANCE);
                TestCloud third = another(INSTANCE)) {
            List<TestCloud> functions = List.of(cloud, second, third);
            for (TestCloud function : functions) {
                assertThat(result(function.get("target=pump&method=echo&request=first&timeout=20")))
                        .isEqualTo("ok");
            }
            BrokerCounters before = cloud.counters();

            List<Future<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                TestCloud function = functions.get(i % functions.size());
                String request = "target=pump&method=echo&request=question-" + i + "&timeout=20";
                all.add(callers.submit(() -> function.get(request)));
            }
            for (int i = 0; i < calls; i++) {
                assertThat(json(all.get(i).get()).path("response").textValue()).isEqualTo("question-" + i);
            }

            // The device heard each request, and one function each answer.
            assertThat(cloud.counters().delivered() - before.delivered()).isEqualTo(2L * calls);
            // The device's and one for each function. A silent connection makes its own again, as a sign of life.
            assertThat(cloud.counters().subscriptions()).isEqualTo(1 + functions.size());
            assertThat(cloud.counters().unsubscribes()).isEqualTo(before.unsubscribes());
            Set<String> instances = new HashSet<>();
            asked.forEach(id -> instances.add(
                    Objects.requireNonNull(id.instance(), "no instance").value()));
            assertThat(instances).hasSize(functions.size());
        }
    }

    @Test
    void environments_of_every_way_to_listen_share_a_prefix() throws Exception {
        cloud.device(cloud.settings("pump"), Behaviour.honest(), ledger);
        try (TestCloud perCall = another(Map.of("ACK_SUBSCRIPTION", "per-call"));
                TestCloud shared = another(Map.of("ACK_SUBSCRIPTION", "shared"))) {
            for (TestCloud function : List.of(cloud, perCall, shared, cloud)) {
                assertThat(result(function.get("target=pump&method=echo&request=hi&timeout=20")))
                        .isEqualTo("ok");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void call_by_every_way_is_answered_to_the_instance_and_its_caller_sees_the_id_alone(Way way) throws Exception {
        cloud.device(cloud.settings("pump"), Behaviour.honest(), ledger);
        Map<String, String> variables = new java.util.HashMap<>(way.settings());
        variables.putAll(INSTANCE);
        try (TestCloud function = another(variables)) {
            HttpResponse<String> answer = function.get(way.call("hi", 20));

            WireId id = Objects.requireNonNull(asked.poll(20, TimeUnit.SECONDS), answer.body());
            assertThat(id.instance()).isNotNull();
            assertThat(result(answer)).isEqualTo("ok");
            assertThat(json(answer).path("id").textValue()).isEqualTo(id.id().toString());
            assertThat(answer.headers().firstValue("X-Invocation-Id"))
                    .contains(id.id().toString());
        }
    }

    /** Makes the answer's topic of the third level of the request's, the payload's id, its own name and the method. */
    private static void answerAsTheSampleDoes(Mqtt3AsyncClient device, Mqtt3Publish request) {
        try {
            String[] levels = request.getTopic().toString().split("/", -1);
            var payload = Json.read(request.getPayloadAsBytes());
            String id = payload.path("id").textValue();
            String response = "Your request was '" + payload.path("request").textValue() + "'.";
            var unused = device.publishWith()
                    .topic(levels[2] + "/" + id + "/test-iot-thing/" + levels[1] + "/ack")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(("{\"id\": \"" + id + "\", \"response\": \"" + response + "\"}")
                            .getBytes(StandardCharsets.UTF_8))
                    .send();
        } catch (Exception unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    /** Its policy has no deny, and lets the device publish on every topic of the deployment. */
    @Test
    void device_of_the_aws_sample_answers_with_its_own_code_and_policy() throws Exception {
        Thing thing = cloud.thing("test-iot-thing");
        cloud.edit(thing.files().policy(), ours -> """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": ["iot:Publish"],
                   "Resource": ["arn:aws:iot:*:*:topic/roundtrip/*"]},
                  {"Effect": "Allow", "Action": ["iot:Receive"],
                   "Resource": ["arn:aws:iot:*:*:topic/${iot:Connection.Thing.ThingName}/*/roundtrip/*"]},
                  {"Effect": "Allow", "Action": ["iot:Subscribe"],
                   "Resource": ["arn:aws:iot:*:*:topicfilter/${iot:Connection.Thing.ThingName}/*"]},
                  {"Effect": "Allow", "Action": ["iot:Connect"],
                   "Resource": ["arn:aws:iot:*:*:client/${iot:Connection.Thing.ThingName}"]}
                ]}""");
        Mqtt3AsyncClient device = MqttClient.builder()
                .useMqttVersion3()
                .identifier("test-iot-thing")
                .serverHost("127.0.0.1")
                .serverPort(cloud.broker().devicePort())
                .sslConfig(TestTls.of(thing.files(), cloud.cloud().state().authorityFile()))
                .buildAsync();
        device.connectWith().cleanSession(false).keepAlive(30).send().get(20, TimeUnit.SECONDS);
        try {
            device.publishes(MqttGlobalPublishFilter.ALL, request -> answerAsTheSampleDoes(device, request));
            device.subscribeWith()
                    .topicFilter("test-iot-thing/#")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send()
                    .get(20, TimeUnit.SECONDS);

            HttpResponse<String> answer =
                    cloud.get("target=test-iot-thing&method=test_method&request=my_request_1&timeout=20");

            assertThat(result(answer)).isEqualTo("ok");
            assertThat(json(answer).path("response").textValue()).isEqualTo("Your request was 'my_request_1'.");
        } finally {
            device.disconnect().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void another_device_cannot_answer_for_the_one_that_was_asked() throws Exception {
        cloud.device(cloud.settings("pump"), TestCloud.SILENT, ledger);
        Thing other = cloud.thing("thief");
        Mqtt5BlockingClient thief = MqttClient.builder()
                .useMqttVersion5()
                .identifier("thief")
                .serverHost("127.0.0.1")
                .serverPort(cloud.broker().devicePort())
                .sslConfig(TestTls.of(other.files(), cloud.cloud().state().authorityFile()))
                .buildBlocking();
        thief.connect();
        try {
            Future<HttpResponse<String>> call =
                    callers.submit(() -> cloud.get("target=pump&method=echo&request=truth&timeout=3"));
            // The thief is even told the id, which it could never guess.
            WireId id = Objects.requireNonNull(asked.poll(20, TimeUnit.SECONDS));
            byte[] lie = ("{\"id\":\"" + id + "\",\"response\":\"lie\"}").getBytes(StandardCharsets.UTF_8);

            for (String forged : List.of(
                    "roundtrip/" + id + "/pump/echo/ack",
                    "roundtrip/" + id.id() + "/pump/echo/ack",
                    "roundtrip/" + id + "/pump/thief/ack")) {
                assertThatThrownBy(() -> publish(thief, forged, lie))
                        .as(forged)
                        .isInstanceOf(Mqtt5PubAckException.class);
            }
            publish(thief, "roundtrip/" + id + "/thief/echo/ack", lie);
            publish(thief, "roundtrip/" + id.instance() + "/thief/pump/echo/ack", lie);

            assertThat(result(call.get())).isEqualTo("timeout");
        } finally {
            thief.disconnect();
        }
    }

    private static void publish(Mqtt5BlockingClient client, String topic, byte[] payload) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .send();
    }

    @Test
    void late_answer_of_an_earlier_call_is_dropped() throws Exception {
        Fault late = Fault.late(Duration.ofMillis(100));
        cloud.device(
                "pump",
                Behaviour.honest()
                        .with((command, plan) ->
                                command.method().value().equals("greet") ? late.distort(command, plan) : plan));
        long before = cloud.counters().delivered();

        assertThat(result(cloud.get("target=pump&method=greet&request=hi&timeout=1")))
                .isEqualTo("timeout");

        // The first request, and its answer that nobody waits for.
        await().until(() -> cloud.counters().delivered() >= before + 2);
        HttpResponse<String> next = cloud.get("target=pump&method=echo&request=next&timeout=20");
        assertThat(json(next).path("response").textValue()).isEqualTo("next");
    }
}
