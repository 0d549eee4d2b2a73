package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.local.iot.registry.ThingFiles;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.UnsignedRequest;
import dev.roundtrip.simulator.behaviour.Behaviour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A state directory that an earlier version made serves today's local cloud: its devices connect, its callers call. */
class EarlierStateIT {
    private static final Path EARLIER = Path.of("src", "test", "resources", "earlier-state");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    @BeforeEach
    void start() throws Exception {
        state = directory.resolve("state");
        StateCopy.of(EARLIER, state);
        cloud = TestCloud.start(state);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    /** Connects with the files as they are, and lets nobody make them anew. */
    private void connect(String name, MqttVersion mqtt) throws Exception {
        ThingFiles files = new ThingFiles(state.resolve("things").resolve(name));
        Login login = new Login(
                new Target(name),
                Endpoint.of(cloud.cloud().iotEndpoint()),
                new TlsFiles(state.resolve("ca.pem"), files.certificate(), files.privateKey()));
        cloud.device(DeviceSettings.of(login).withMqtt(mqtt), Behaviour.honest(), CommandListener.none());
    }

    /** The keys that a shell has after it sourced the file. */
    private static RequestSigner signer(TestCloud cloud, Path environment) throws Exception {
        Map<String, String> keys = new HashMap<>();
        Matcher exported = Pattern.compile("export (\\w+)='([^']*)'").matcher(Files.readString(environment));
        while (exported.find()) {
            keys.put(exported.group(1), exported.group(2));
        }
        return new RequestSigner(
                AwsCredentialsIdentity.create(
                        keys.getOrDefault("AWS_ACCESS_KEY_ID", "none"),
                        keys.getOrDefault("AWS_SECRET_ACCESS_KEY", "none")),
                cloud.scope());
    }

    private HttpResponse<String> call(String environment, String path) throws Exception {
        return cloud.send(signer(cloud, EARLIER.resolve(environment))
                .sign(UnsignedRequest.get(cloud.cloud().apiEndpoint() + path + "?request=hi&timeout=10")));
    }

    @ParameterizedTest
    @CsvSource({"pump-1, MQTT_5", "pump-1, MQTT_3", "my-device, MQTT_5", "my-device, MQTT_3"})
    void device_of_an_earlier_version_connects_and_answers(String name, MqttVersion mqtt) throws Exception {
        // given
        connect(name, mqtt);

        // when
        HttpResponse<String> answer = call("env", "/" + name + "/echo");

        // then
        assertThat(json(answer).path("response").asText()).isEqualTo("hi");
        assertThat(result(answer)).isEqualTo("ok");
    }

    @Test
    void caller_of_an_earlier_version_calls_what_it_was_allowed_and_no_more() throws Exception {
        // given
        connect("my-device", MqttVersion.MQTT_5);
        connect("pump-1", MqttVersion.MQTT_5);

        // when
        HttpResponse<String> allowed = call("callers/alice/env", "/my-device/echo");
        HttpResponse<String> denied = call("callers/alice/env", "/pump-1/echo");

        // then
        assertThat(result(allowed)).isEqualTo("ok");
        assertThat(denied.statusCode()).isEqualTo(403);
    }

    @Test
    void client_of_others_answers_as_a_device_of_an_earlier_version() throws Exception {
        // given
        ThingFiles files = new ThingFiles(state.resolve("things").resolve("pump-1"));
        Endpoint devices = Endpoint.of(cloud.cloud().iotEndpoint());
        Mqtt3AsyncClient client = MqttClient.builder()
                .useMqttVersion3()
                .identifier("pump-1")
                .serverHost(devices.host())
                .serverPort(devices.port())
                .sslConfig(TestTls.of(files, state.resolve("ca.pem")))
                .buildAsync();
        client.connect().get(10, TimeUnit.SECONDS);
        client.subscribeWith()
                .topicFilter("pump-1/#")
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(request -> {
                    String[] levels = request.getTopic().toString().split("/", -1);
                    JsonNode id = read(request.getPayloadAsBytes()).path("id");
                    client.publishWith()
                            .topic(levels[2] + "/" + levels[3] + "/pump-1/" + levels[1] + "/ack")
                            .qos(MqttQos.AT_LEAST_ONCE)
                            .payload(("{\"id\":" + id + ",\"response\":42}").getBytes(UTF_8))
                            .send();
                })
                .send()
                .get(10, TimeUnit.SECONDS);

        // when
        HttpResponse<String> answer = call("env", "/pump-1/add");
        client.disconnect().get(10, TimeUnit.SECONDS);

        // then
        assertThat(json(answer).path("response").asInt()).isEqualTo(42);
    }

    private static JsonNode read(byte[] payload) {
        try {
            return Json.mapper().readTree(payload);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void keys_and_certificates_stay_as_they_were() throws Exception {
        // given
        connect("pump-1", MqttVersion.MQTT_5);
        cloud.thing("my-device");

        // when
        cloud.cloud().writeEnvironment();

        // then
        for (String file : new String[] {
            "ca.pem",
            "authority.pem",
            "credentials.json",
            "callers/alice/credentials",
            "things/pump-1/certificate.pem",
            "things/pump-1/private.key",
            "things/my-device/certificate.pem",
            "things/my-device/private.key",
        }) {
            assertThat(state.resolve(file)).as(file).hasSameBinaryContentAs(EARLIER.resolve(file));
        }
    }
}
