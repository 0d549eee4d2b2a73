package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import dev.roundtrip.simulator.Device;
import dev.roundtrip.simulator.behaviour.Behaviour;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A local cloud whose disk is full refuses to write, and goes on with everything else. The limit on the size of files
 * stands for a full disk.
 */
class FullDiskIT {
    private static final String FULL = "2000000";

    /** Less than a page of SQLite. */
    private static final String FULL_FOR_EVERY_ROW = "4096";

    private static final int PAYLOAD = 100_000;
    private static final int MOST = 200;

    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @Test
    @Timeout(600)
    void full_disk_refuses_writes_serves_the_rest_and_loses_nothing() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/prlimit")), "prlimit of util-linux is not installed");
        Path path = directory.resolve("state");
        StateDirectory state = StateDirectory.open(path);
        Thing sensor = state.provision(new Target("sensor"), LocalCloudSettings.PREFIX);
        Files.writeString(sensor.files().policy(), POLICY);
        Thing pump = state.provision(new Target("pump"), LocalCloudSettings.PREFIX);
        Thing door = state.provision(new Target("door"), LocalCloudSettings.PREFIX);
        List<String> command = CloudProcess.command(path, List.of());
        List<String> kept = new ArrayList<>();
        try (Front front = new Front(state, sensor)) {
            RightsWriter rights = new RightsWriter(door, front);
            Map<String, String> known = Map.of("certificate", "ACTIVE", "attached", "");
            try (CloudProcess cloud = CloudProcess.start(command);
                    Device device = device(cloud, state, pump)) {
                front.connect(cloud);
                device.awaitReady(Duration.ofSeconds(20));

                assertThat(call(cloud, state).statusCode()).isEqualTo(200);
                rights.attachment(rights.read()).request().send();
                assertThat(rights.read()).isEqualTo(known);
                limitFiles(cloud, FULL);
                fill(front, kept);

                assertThat(kept).as("messages before the disk was full").hasSizeBetween(5, MOST - 1);
                assertThatThrownBy(() -> retain(front, "full/one-more"))
                        .isInstanceOfSatisfying(
                                AwsServiceException.class,
                                refused -> assertThat(refused.statusCode()).isEqualTo(503));
                assertThatThrownBy(
                                () -> front.publish("full/over-mqtt", payload().getBytes(UTF_8), true))
                        .hasStackTraceContaining("PUBACK");
                assertThat(topics(front)).containsExactlyInAnyOrderElementsOf(kept);
                assertThat(call(cloud, state).statusCode()).isEqualTo(200);
                limitFiles(cloud, FULL_FOR_EVERY_ROW);
                expectRefusal(rights.attachment(known));
                expectRefusal(rights.status(known));
                assertThat(rights.read()).isEqualTo(known);

                limitFiles(cloud, "unlimited");
                rights.attachment(known).request().send();
                known = rights.attachment(known).after();
                assertThat(rights.read()).isEqualTo(known);
                rights.status(known).request().send();
                known = rights.status(known).after();
                assertThat(rights.read()).isEqualTo(known);
                retain(front, "full/again");
                kept.add("full/again");
                assertThat(topics(front)).containsExactlyInAnyOrderElementsOf(kept);
                cloud.kill();
            }
            try (CloudProcess cloud = CloudProcess.start(command)) {
                front.connect(cloud);
                assertThat(topics(front)).containsExactlyInAnyOrderElementsOf(kept);
                assertThat(rights.read()).isEqualTo(known);
            }
        }
    }

    private static void expectRefusal(KillableWriter.Write write) {
        assertThatThrownBy(() -> write.request().send())
                .as(write.name())
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        refused -> assertThat(refused.statusCode()).isEqualTo(503));
    }

    private static String payload() {
        return "x".repeat(PAYLOAD);
    }

    private static void retain(Front front, String topic) {
        front.data()
                .publish(publish ->
                        publish.topic(topic).qos(1).retain(true).payload(SdkBytes.fromUtf8String(payload())));
    }

    private static boolean isRetained(Front front, String topic) {
        try {
            retain(front, topic);
            return true;
        } catch (AwsServiceException refused) {
            return false;
        }
    }

    /** Until two in a row are refused: a log that is full is emptied into the file after the first. */
    private static void fill(Front front, List<String> kept) {
        for (int number = 0, refused = 0; number < MOST && refused < 2; number++) {
            String topic = "full/" + number;
            if (isRetained(front, topic)) {
                kept.add(topic);
                refused = 0;
            } else {
                refused++;
            }
        }
    }

    private static void limitFiles(CloudProcess cloud, String bytes) throws Exception {
        Process limit = new ProcessBuilder(
                        "prlimit", "--pid", String.valueOf(cloud.pid()), "--fsize=" + bytes + ":unlimited")
                .inheritIO()
                .start();
        assertThat(limit.waitFor()).isZero();
    }

    private static List<String> topics(Front front) {
        return front.data().listRetainedMessages(list -> list.maxResults(200)).retainedTopics().stream()
                .map(retained -> retained.topic())
                .toList();
    }

    private static Device device(CloudProcess cloud, StateDirectory state, Thing thing) throws Exception {
        Login login = new Login(
                thing.name(),
                Endpoint.of("127.0.0.1:" + cloud.devicePort()),
                new TlsFiles(
                        state.authorityFile(),
                        thing.files().certificate(),
                        thing.files().privateKey()));
        return Device.connect(DeviceSettings.of(login), Behaviour.honest(), CommandListener.none());
    }

    private static HttpResponse<String> call(CloudProcess cloud, StateDirectory state) throws Exception {
        Credentials own = state.credentials();
        RequestSigner signer = new RequestSigner(
                AwsCredentialsIdentity.create(own.accessKeyId(), own.secretAccessKey()),
                new SigningScope("eu-central-1", SigningScope.EXECUTE_API));
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    signer.sign(UnsignedRequest.get(cloud.services() + "/Prod/invoke/pump/echo?request=hi&timeout=20"))
                            .toHttpRequest(),
                    BodyHandlers.ofString());
        }
    }
}
