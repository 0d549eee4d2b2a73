package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.roundtrip.local.iot.registry.ThingFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;

/** {@code start --ports aws}: clients that fix AWS's ports find the local cloud. */
class StartOnAwsPortsIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static @Nullable Programs programs;

    @BeforeAll
    static void start() throws Exception {
        assumeFree(443);
        assumeFree(8883);
        Programs started = new Programs(directory);
        programs = started;
        var unused = Programs.output(started.localCloud("provision", "pump", "--state", "state"));
        Process cloud = started.localCloud("start", "--state", "state", "--api-port", "0", "--ports", "aws");
        var banner = Programs.until(cloud.inputReader(), "Ctrl-C");
        assertThat(banner).anyMatch(line -> line.contains("127.0.0.1:443"));
    }

    private static void assumeFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.isBound()).isTrue();
        } catch (IOException taken) {
            abort("port " + port + " cannot be had here: " + taken.getMessage());
        }
    }

    @AfterAll
    static void stop() {
        if (programs != null) {
            programs.close();
        }
    }

    @Test
    void endpoint_has_no_port() throws Exception {
        Map<String, String> environment = Objects.requireNonNull(programs).environment();
        try (IotClient iot = IotClient.builder()
                .endpointOverride(URI.create(value(environment, "AWS_ENDPOINT_URL_IOT")))
                .region(Region.of(value(environment, "AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        value(environment, "AWS_ACCESS_KEY_ID"), value(environment, "AWS_SECRET_ACCESS_KEY"))))
                .httpClient(new JdkSdkClient())
                .build()) {
            assertThat(iot.describeEndpoint(request -> request.endpointType("iot:Data-ATS"))
                            .endpointAddress())
                    .isEqualTo("127.0.0.1");
        }
    }

    private static String value(Map<String, String> environment, String name) {
        return Objects.requireNonNull(environment.get(name), name);
    }

    /** On 443 it agrees on MQTT in the handshake. */
    @ParameterizedTest
    @ValueSource(ints = {443, 8883})
    void client_of_the_device_sdk_connects(int port) throws Exception {
        Path state = directory.resolve("state");
        ThingFiles pump = new ThingFiles(state.resolve("things").resolve("pump"));
        try (AwsIotMqttConnectionBuilder builder = AwsIotMqttConnectionBuilder.newMtlsBuilderFromPath(
                        pump.certificate().toString(), pump.privateKey().toString())
                .withCertificateAuthorityFromPath(null, state.resolve("ca.pem").toString())
                .withEndpoint("127.0.0.1")
                .withPort(port)
                .withClientId("pump")
                .withCleanSession(true)) {
            try (MqttClientConnection connection = builder.build()) {
                assertThat(connection.connect().get(20, TimeUnit.SECONDS)).isFalse();
                connection.disconnect().get(20, TimeUnit.SECONDS);
            }
        }
    }
}
