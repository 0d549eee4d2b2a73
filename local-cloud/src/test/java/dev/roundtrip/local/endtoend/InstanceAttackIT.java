package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import dev.roundtrip.device.RoundtripDevice;
import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.WireId;
import dev.roundtrip.simulator.Device;
import dev.roundtrip.simulator.behaviour.Behaviour;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on calls whose topics name an instance. The attackers know the instance and the id, which they could not
 * guess. Our deployment is {@code roundtrip}; all policies are those of the contract.
 */
class InstanceAttackIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

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
        cloud = TestCloud.start(state, settings -> settings.withFunction(Map.of("ACK_SUBSCRIPTION", "instance")));
    }

    @AfterEach
    void stop() {
        cloud.close();
        callers.close();
    }

    private ForeignGateway foreign(String prefix) throws Exception {
        Path elsewhere = Files.createDirectory(
                directory.resolve(UUID.randomUUID().toString()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ForeignGateway gateway = new ForeignGateway(
                cloud, prefix + "." + UUID.randomUUID(), ForeignGateway.role(cloud, prefix, elsewhere));
        assertThat(gateway.isConnected()).isTrue();
        return gateway;
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

    /** What a call is named on the wire, from the moment when its device has the request. */
    private WireId nextAsked() throws InterruptedException {
        return Objects.requireNonNull(asked.poll(20, TimeUnit.SECONDS), "no request reached the device");
    }

    private static String request(String id) {
        return "{\"timestamp\":\"1\",\"request\":\"boom\",\"id\":\"" + id + "\",\"deadline\":"
                + (System.currentTimeMillis() + 60_000) + "}";
    }

    private static String lie(WireId id) {
        return "{\"id\":\"" + id + "\",\"response\":\"lie\"}";
    }

    private static void publish(Mqtt5BlockingClient client, String topic, String payload) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    private static void subscribe(Mqtt5BlockingClient client, String filter) {
        client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send();
    }

    /** Their prefix may be the name of a device or of a method of ours. */
    @ParameterizedTest
    @ValueSource(strings = {"round", "roundtrip_b", "echo", "pump", "abcdefgh2"})
    void another_deployment_commands_no_device_of_ours(String theirs) throws Exception {
        Device pump = cloud.device(cloud.settings("pump"), Behaviour.honest(), ledger);
        assertThat(result(cloud.get("target=pump&method=echo&request=hi&timeout=20")))
                .isEqualTo("ok");
        String instance = Objects.requireNonNull(nextAsked().instance()).value();
        try (ForeignGateway gateway = foreign(theirs)) {
            for (String topic : List.of("pump/echo/roundtrip/INSTANCE/ID", "pump/THEIRS/roundtrip/INSTANCE/ID")) {
                String id = UUID.randomUUID().toString();
                String attack = topic.replace("INSTANCE", instance)
                        .replace("THEIRS", theirs)
                        .replace("ID", id);
                assertThat(gateway.publish(attack, request(instance + "/" + id)))
                        .as(attack)
                        .isEqualTo("NOT_AUTHORIZED");
                assertThat(gateway.send("pump", attack, request(instance + "/" + id)))
                        .as(attack)
                        .isEqualTo(403);
            }
            // Topics that their policy may let them write to: whatever reaches the device is no command.
            for (String topic : List.of(
                    "pump/echo/roundtrip/THEIRS/ID",
                    "pump/echo/roundtrip/.THEIRS/ID",
                    "pump/echo/THEIRS/roundtrip/ID",
                    "pump/echo/THEIRS/INSTANCE/ID",
                    "pump/echo/THEIRS/roundtrip/INSTANCE/ID",
                    "pump/echo/roundtrip/INSTANCE/THEIRS/ID",
                    "pump/echo/roundtrip/THEIRS/INSTANCE/ID",
                    "pump//THEIRS/roundtrip/INSTANCE/ID",
                    "/pump/THEIRS/roundtrip/INSTANCE/ID")) {
                String id = UUID.randomUUID().toString();
                String attack = topic.replace("INSTANCE", instance)
                        .replace("THEIRS", theirs)
                        .replace("ID", id);
                var unused = gateway.publish(attack, request(instance + "/" + id));
                assertThat(gateway.send("pump", attack, request(instance + "/" + id)))
                        .as(attack)
                        .isIn(200, 400, 403);
            }
        }

        // What was published before would be there before this.
        HttpResponse<String> ours = cloud.get("target=pump&method=echo&request=hi&timeout=20");

        assertThat(result(ours)).isEqualTo("ok");
        assertThat(nextAsked().id()).hasToString(json(ours).path("id").textValue());
        assertThat(asked).isEmpty();
        assertThat(pump.counters().ran()).isEqualTo(2);
    }

    /** A device and a method of ours may be named like their prefix. */
    @ParameterizedTest
    @ValueSource(strings = {"target=pump&method=echo", "target=b&method=echo", "target=pump&method=b"})
    void another_deployment_forges_no_answer(String names) throws Exception {
        String target = names.replaceFirst("target=([a-z]+)&.*", "$1");
        String method = names.replaceFirst(".*method=", "");
        cloud.device(cloud.settings(target), TestCloud.SILENT, ledger);
        // The worst name of a device of theirs is our prefix.
        Mqtt5BlockingClient theirDevice =
                connect(cloud.cloud().state().provision(new Target("roundtrip"), new ClientPrefix("b")));
        String mine = "roundtrip." + UUID.randomUUID();
        try (ForeignGateway ours = new ForeignGateway(cloud, mine);
                ForeignGateway theirs = foreign("b")) {
            Future<HttpResponse<String>> call = callers.submit(() -> cloud.get(names + "&request=truth&timeout=4"));
            WireId id = nextAsked();
            assertThat(ours.subscribe("roundtrip/" + id.instance() + "/+/+/+/ack"))
                    .isEqualTo("GRANTED_QOS_1");
            String answer = "roundtrip/" + id + "/" + target + "/" + method + "/ack";

            assertThat(theirs.publish(answer, lie(id))).isEqualTo("NOT_AUTHORIZED");
            assertThat(theirs.send(mine, answer, lie(id))).isEqualTo(403);
            assertThatThrownBy(() -> publish(theirDevice, answer, lie(id))).isInstanceOf(Mqtt5PubAckException.class);

            assertThat(result(call.get())).isEqualTo("timeout");
            assertThat(ours.heard()).isEmpty();
        } finally {
            theirDevice.disconnect();
        }
    }

    @Test
    void another_deployment_hears_no_answer_to_an_instance_of_ours() throws Exception {
        cloud.device(cloud.settings("b"), Behaviour.honest(), ledger);
        assertThat(result(cloud.get("target=b&method=echo&request=hi&timeout=20")))
                .isEqualTo("ok");
        String instance = Objects.requireNonNull(nextAsked().instance()).value();
        Mqtt5BlockingClient theirDevice =
                connect(cloud.cloud().state().provision(new Target("roundtrip"), new ClientPrefix("b")));
        try (ForeignGateway theirs = foreign("b");
                Mqtt5Publishes heard = theirDevice.publishes(MqttGlobalPublishFilter.ALL)) {
            for (String filter : List.of(
                    "roundtrip/" + instance + "/+/+/+/ack",
                    "roundtrip/+/+/+/+/ack",
                    "roundtrip/#",
                    "+/" + instance + "/+/+/+/ack",
                    "+/+/+/+/+/ack",
                    "$share/b/roundtrip/" + instance + "/+/+/+/ack")) {
                assertThat(theirs.subscribe(filter)).as(filter).isNotEqualTo("GRANTED_QOS_1");
            }
            assertThat(theirs.subscribe("b/" + instance + "/+/+/+/ack")).isEqualTo("GRANTED_QOS_1");
            // A device may subscribe whatever begins with its name, and receives requests of its deployment alone.
            subscribe(theirDevice, "roundtrip/#");
            subscribe(theirDevice, "roundtrip/" + instance + "/+/+/+/ack");

            assertThat(result(cloud.get("target=b&method=echo&request=hi&timeout=20")))
                    .isEqualTo("ok");
            assertThat(result(cloud.get("target=b&method=b&request=hi&timeout=20")))
                    .isIn("ok", "refused");

            // Everything before it would have come first.
            assertThat(theirs.publish("roundtrip/last/b/1", "{}")).isEqualTo("SUCCESS");
            assertThat(heard.receive(20, TimeUnit.SECONDS)
                            .orElseThrow()
                            .getTopic()
                            .toString())
                    .isEqualTo("roundtrip/last/b/1");
            assertThat(theirs.heard()).isEmpty();
        } finally {
            theirDevice.disconnect();
        }
    }

    @Test
    void device_of_ours_answers_for_no_other_wherever_it_writes_its_name() throws Exception {
        cloud.device(cloud.settings("pump"), TestCloud.SILENT, ledger);
        Mqtt5BlockingClient thief = connect(cloud.thing("thief"));
        try {
            Future<HttpResponse<String>> call =
                    callers.submit(() -> cloud.get("target=pump&method=echo&request=truth&timeout=4"));
            WireId id = nextAsked();
            String answer = "roundtrip/" + id + "/pump/echo/ack";
            assertThatThrownBy(() -> publish(thief, answer, lie(id))).isInstanceOf(Mqtt5PubAckException.class);

            String[] levels = answer.split("/", -1);
            for (int level = 0; level < levels.length; level++) {
                for (String written : List.of("thief", "thief/" + levels[level], levels[level] + "/thief")) {
                    int place = level;
                    String forged = String.join(
                            "/",
                            IntStream.range(0, levels.length)
                                    .mapToObj(i -> i == place ? written : levels[i])
                                    .toList());
                    try {
                        publish(thief, forged, lie(id));
                    } catch (Mqtt5PubAckException refused) {
                        continue;
                    }
                    // What it may publish names itself.
                    assertThat(forged).startsWith("roundtrip/").contains("/thief/");
                }
            }

            assertThat(result(call.get())).isEqualTo("timeout");
        } finally {
            thief.disconnect();
        }
    }

    @Test
    void device_of_ours_receives_no_request_to_another() throws Exception {
        cloud.device(cloud.settings("pump"), Behaviour.honest(), ledger);
        Mqtt5BlockingClient thief = connect(cloud.thing("thief"));
        try (Mqtt5Publishes heard = thief.publishes(MqttGlobalPublishFilter.ALL)) {
            for (String filter : List.of(
                    "pump/#",
                    "pump/echo/roundtrip/+/+",
                    "+/+/roundtrip/+/+",
                    "+/echo/#",
                    "#",
                    "$share/thief/pump/#",
                    "$share/thief/+/+/roundtrip/+/+")) {
                assertThatThrownBy(() -> subscribe(thief, filter)).as(filter).isInstanceOf(Mqtt5SubAckException.class);
            }
            subscribe(thief, "thief/#");

            assertThat(result(cloud.get("target=pump&method=echo&request=hi&timeout=20")))
                    .isEqualTo("ok");
            assertThat(nextAsked().instance()).isNotNull();

            // Everything before it would have come first.
            assertThat(result(cloud.get("target=thief&method=echo&request=hi&timeout=1")))
                    .isEqualTo("timeout");
            assertThat(heard.receive(20, TimeUnit.SECONDS)
                            .orElseThrow()
                            .getTopic()
                            .toString())
                    .startsWith("thief/echo/roundtrip/.");
            assertThat(heard.receiveNow()).isEmpty();
        } finally {
            thief.disconnect();
        }
    }

    /** Even when the gateway of its own deployment sends it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ".ABCDEFGH2",
                ".abcdefgh",
                ".abcdefgh23",
                "abcdefgh2",
                "aabcdefgh2",
                ".abcdefgh1",
                "..bcdefgh2",
                "."
            })
    void request_with_a_malformed_instance_is_dropped_by_the_library_and_by_the_simulator(String malformed)
            throws Exception {
        AtomicInteger discarded = new AtomicInteger();
        CommandListener drops = event -> {
            if (event instanceof CommandEvent.Discarded) {
                discarded.incrementAndGet();
            } else if (event instanceof CommandEvent.Received received) {
                asked.add(received.command().route().wireId());
            }
        };
        AtomicInteger runs = new AtomicInteger();
        cloud.device(cloud.settings("simulated"), Behaviour.honest(), drops);
        Thing thing = cloud.thing("written");
        try (RoundtripDevice written = RoundtripDevice.named("written")
                        .at(cloud.cloud().iotEndpoint())
                        .identity(
                                thing.files().certificate(),
                                thing.files().privateKey(),
                                cloud.cloud().state().authorityFile())
                        .on("echo", (request, call) -> runs.incrementAndGet())
                        .connect();
                ForeignGateway gateway = new ForeignGateway(cloud, "roundtrip." + UUID.randomUUID())) {
            written.awaitReady(Duration.ofSeconds(10));
            assertThat(gateway.subscribe("roundtrip/" + malformed + "/+/+/+/ack"))
                    .isEqualTo("GRANTED_QOS_1");
            for (String device : List.of("simulated", "written")) {
                String id = malformed + "/" + UUID.randomUUID();
                assertThat(gateway.publish(device + "/echo/roundtrip/" + id, request(id)))
                        .isEqualTo("SUCCESS");
            }

            // What was published before is there before these.
            for (String device : List.of("simulated", "written")) {
                assertThat(result(cloud.get("target=" + device + "&method=echo&request=hi&timeout=20")))
                        .isEqualTo("ok");
            }

            await().untilAsserted(() -> assertThat(discarded).hasValue(1));
            assertThat(asked).hasSize(1);
            assertThat(runs).hasValue(1);
            assertThat(gateway.heard()).isEmpty();
        }
    }
}
