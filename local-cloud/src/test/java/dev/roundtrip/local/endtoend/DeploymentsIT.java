package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.Device;
import dev.roundtrip.simulator.behaviour.Behaviour;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Another deployment of the same account can neither command our devices nor forge their answers; ours is
 * {@code roundtrip}.
 */
class DeploymentsIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

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

    private ForeignGateway foreign(String prefix) throws Exception {
        Credentials role = ForeignGateway.role(cloud, prefix, elsewhere());
        ForeignGateway gateway = new ForeignGateway(cloud, prefix + "." + UUID.randomUUID(), role);
        assertThat(gateway.isConnected()).isTrue();
        return gateway;
    }

    private Path elsewhere() throws Exception {
        Path elsewhere = directory.resolve(UUID.randomUUID().toString());
        return Files.createDirectory(
                elsewhere,
                java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                        java.nio.file.attribute.PosixFilePermissions.fromString("rwx------")));
    }

    private static String request(String id) {
        return "{\"timestamp\":\"1\",\"request\":\"boom\",\"id\":\"" + id + "\",\"deadline\":"
                + (System.currentTimeMillis() + 60_000) + "}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"round", "roundtrip_b", "roundtrip:b", "roundtrip-", "Roundtrip"})
    void another_deployment_connects_under_no_id_of_ours(String theirs) throws Exception {
        Credentials role = ForeignGateway.role(cloud, theirs, elsewhere());

        for (String id : new String[] {"roundtrip." + UUID.randomUUID(), "roundtrip", theirs, theirs + "_x", "pump"}) {
            try (ForeignGateway gateway = new ForeignGateway(cloud, id, role)) {
                assertThat(gateway.isConnected()).as(id).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"roundtrip_b." + "x", "roundtrip_pump", "roundtrip", "roundtri.x", "roundtrip:b.x"})
    void ours_connects_under_no_id_of_another_deployment_or_of_a_thing(String id) throws Exception {
        try (ForeignGateway gateway = new ForeignGateway(cloud, id)) {
            assertThat(gateway.isConnected()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"round", "roundtrip_b", "reset", "pump"})
    void another_deployment_commands_no_device_of_ours(String theirs) throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        CommandListener ledger = event -> {
            if (event instanceof CommandEvent.Received command) {
                received.add(command.command().id().toString());
            }
        };
        Device pump = cloud.device(cloud.settings("pump"), Behaviour.honest(), ledger);
        try (ForeignGateway gateway = foreign(theirs)) {
            for (String topic : new String[] {
                "pump/reset/" + theirs + "/ID",
                "pump/reset/roundtrip/ID",
                "pump/" + theirs + "/roundtrip/ID",
                "pump/reset/roundtrip/" + theirs + "/ID",
                "pump/reset/" + theirs + "/roundtrip/ID",
                "pump//" + theirs + "/roundtrip/ID",
                "pump/reset/roundtrip//" + theirs + "/ID",
                "pump/" + theirs + "/" + theirs + "/ID",
                "pump/reset/" + theirs + "/.abcdefghi/ID",
                "pump/reset/roundtrip/.abcdefghi/ID",
                "pump/reset/roundtrip/.abcdefghi/" + theirs + "/ID",
                "pump/" + theirs + "/roundtrip/.abcdefghi/ID"
            }) {
                String id = UUID.randomUUID().toString();
                var unused = gateway.publish(topic.replace("ID", id), request(id));
                int status = gateway.send("pump", topic.replace("ID", id), request(id));
                assertThat(status).as(topic).isIn(200, 403, 400);
            }
        }

        // What was published before would be there before this.
        HttpResponse<String> ours = cloud.get("target=pump&method=echo&request=hi&timeout=10");

        assertThat(result(ours)).isEqualTo("ok");
        assertThat(received).containsExactly(json(ours).path("id").textValue());
        assertThat(pump.counters().ran()).isOne();
    }

    @Test
    void plain_request_of_another_deployment_is_not_even_delivered() throws Exception {
        Device pump = cloud.device("pump");
        String id = UUID.randomUUID().toString();
        try (ForeignGateway gateway = foreign("b")) {
            assertThat(gateway.publish("pump/reset/b/" + id, request(id))).isEqualTo("SUCCESS");
            assertThat(gateway.send("pump", "pump/reset/b/" + id, request(id))).isEqualTo(403);
        }

        assertThat(result(cloud.get("target=pump&method=echo&request=hi&timeout=10")))
                .isEqualTo("ok");
        assertThat(pump.counters().received()).isOne();
    }

    /** A device and a method of ours that are named like their prefix. */
    @ParameterizedTest
    @ValueSource(strings = {"target=b&method=echo", "target=pump&method=b", "target=b&method=b"})
    void another_deployment_forges_no_answer(String names) throws Exception {
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        CommandListener ledger = event -> {
            if (event instanceof CommandEvent.Received received) {
                asked.add(received.command().id().toString());
            }
        };
        String target = names.replaceFirst("target=([a-z]+)&.*", "$1");
        String method = names.replaceFirst(".*method=", "");
        cloud.device(cloud.settings(target), TestCloud.SILENT, ledger);
        String mine = "roundtrip." + UUID.randomUUID();
        try (ForeignGateway ours = new ForeignGateway(cloud, mine)) {
            assertThat(ours.subscribe("roundtrip/+/+/+/ack")).isEqualTo("GRANTED_QOS_1");
            Future<HttpResponse<String>> call = callers.submit(() -> cloud.get(names + "&request=truth&timeout=5"));
            String id = asked.poll(20, TimeUnit.SECONDS);
            String topic = "roundtrip/" + id + "/" + target + "/" + method + "/ack";
            String lie = "{\"id\":\"" + id + "\",\"response\":\"lie\"}";
            try (ForeignGateway gateway = foreign("b")) {
                assertThat(gateway.publish(topic, lie)).isEqualTo("NOT_AUTHORIZED");
                assertThat(gateway.send(mine, topic, lie)).isEqualTo(403);
            }

            assertThat(result(call.get())).isEqualTo("timeout");
            assertThat(ours.heard()).isEmpty();
        }
    }

    @Test
    void another_deployment_hears_neither_our_answers_nor_requests_to_a_device_named_like_its_prefix()
            throws Exception {
        cloud.device("b");
        try (ForeignGateway gateway = foreign("b")) {
            for (String filter : new String[] {
                "b/#", "b/+/+/+", "b/+/roundtrip/+", "roundtrip/+/+/+/ack", "+/+/+/+/ack", "#", "$share/g/b/#"
            }) {
                assertThat(gateway.subscribe(filter)).as(filter).isNotEqualTo("GRANTED_QOS_1");
            }
            assertThat(gateway.subscribe("b/+/+/+/ack")).isEqualTo("GRANTED_QOS_1");
            assertThat(gateway.subscribe("b/.abcdefghi/+/+/+/ack")).isEqualTo("GRANTED_QOS_1");

            assertThat(result(cloud.get("target=b&method=echo&request=hi&timeout=10")))
                    .isEqualTo("ok");
            assertThat(result(cloud.get("target=b&method=b&request=hi&timeout=10")))
                    .isIn("ok", "refused");

            assertThat(gateway.heard()).isEmpty();
        }
    }

    private Mqtt5BlockingClient connect(Thing thing) throws Exception {
        Mqtt5BlockingClient client = MqttClient.builder()
                .useMqttVersion5()
                .identifier(thing.name().value())
                .serverHost("127.0.0.1")
                .serverPort(cloud.broker().devicePort())
                .sslConfig(TestTls.of(thing.files(), cloud.cloud().state().authorityFile()))
                .buildBlocking();
        client.connect();
        return client;
    }

    /** The worst names: our device is named like their prefix, and their device like ours. */
    @Test
    void device_of_ours_neither_hears_another_deployment_nor_answers_for_it() throws Exception {
        Mqtt5BlockingClient ours = connect(cloud.thing("b"));
        Mqtt5BlockingClient theirs =
                connect(cloud.cloud().state().provision(new Target("roundtrip"), new ClientPrefix("b")));
        String id = UUID.randomUUID().toString();
        try (ForeignGateway gateway = foreign("b");
                Mqtt5Publishes heard = ours.publishes(MqttGlobalPublishFilter.ALL)) {
            ours.subscribeWith().topicFilter("b/#").qos(MqttQos.AT_LEAST_ONCE).send();
            assertThat(gateway.subscribe("b/+/+/+/ack")).isEqualTo("GRANTED_QOS_1");

            publish(theirs, "b/" + id + "/roundtrip/echo/ack");
            assertThat(gateway.heard().poll(10, TimeUnit.SECONDS)).isEqualTo("b/" + id + "/roundtrip/echo/ack");
            assertThat(gateway.publish("b/echo/b/" + id, request(id))).isEqualTo("SUCCESS");
            for (String forged : new String[] {
                "b/" + id + "/b/echo/ack",
                "b/" + id + "/roundtrip/b/ack",
                "b/" + id + "/roundtrip/echo/ack",
                "b/b/b/b/ack"
            }) {
                assertThatThrownBy(() -> publish(ours, forged)).as(forged).isInstanceOf(Mqtt5PubAckException.class);
            }

            // Everything before it would have come first.
            Future<HttpResponse<String>> call =
                    callers.submit(() -> cloud.get("target=b&method=echo&request=hi&timeout=1"));
            assertThat(heard.receive(10, TimeUnit.SECONDS)
                            .orElseThrow()
                            .getTopic()
                            .toString())
                    .startsWith("b/echo/roundtrip/");
            assertThat(result(call.get())).isEqualTo("timeout");
        } finally {
            ours.disconnect();
            theirs.disconnect();
        }
    }

    private static void publish(Mqtt5BlockingClient client, String topic) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .send();
    }
}
