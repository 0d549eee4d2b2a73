package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.local.users.UserName;
import dev.roundtrip.mqtt.ClientState;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody may do changes while the cloud runs and the client is connected. */
class PrincipalsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestCloud cloud;

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(directory.resolve("state"));
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private boolean isConnected() {
        return cloud.broker().connections().find("pump").orElse(null) instanceof ClientState.Connected;
    }

    @Test
    void device_whose_certificate_another_process_replaces_is_disconnected() throws Exception {
        cloud.device("pump");
        assertThat(isConnected()).isTrue();

        StateDirectory other = StateDirectory.open(directory.resolve("state"));
        var unused = other.replace(new Target("pump"), new ClientPrefix("roundtrip"));

        await().atMost(PATIENCE).until(() -> !isConnected());
    }

    @Test
    void device_whose_certificate_is_deactivated_in_its_file_is_disconnected_and_does_not_come_back() throws Exception {
        cloud.device("pump");
        Thing pump = cloud.thing("pump");

        Files.writeString(
                pump.files().thing(), Files.readString(pump.files().thing()).replace("ACTIVE", "INACTIVE"));

        await().atMost(PATIENCE).until(() -> !isConnected());
        assertThat(cloud.get("target=pump&method=greet&request=&timeout=1").statusCode())
                .isEqualTo(504);
    }

    @Test
    void policy_of_a_connected_device_counts_from_its_next_message_on() throws Exception {
        cloud.device("pump");
        assertThat(result(cloud.get("target=pump&method=greet&request="))).isEqualTo("ok");

        cloud.edit(cloud.thing("pump").files().policy(), policy -> policy.replace("iot:Publish", "iot:GetThingShadow"));

        assertThat(result(cloud.get("target=pump&method=greet&request=&timeout=1")))
                .isEqualTo("timeout");
    }

    @Test
    void user_connects_over_a_websocket_as_far_as_the_users_policy_goes() throws Exception {
        String mine = "arn:aws:iot:*:*:client/mine";
        Credentials alice = cloud.cloud()
                .state()
                .caller(
                        new UserName("alice"),
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iot:Connect\","
                                + "\"Resource\":\""
                                + mine + "\"},{\"Effect\":\"Allow\",\"Action\":\"iot:Publish\","
                                + "\"Resource\":\"arn:aws:iot:*:*:topic/free\"}]}")
                .credentials();

        try (ForeignGateway allowed = new ForeignGateway(cloud, "mine", alice);
                ForeignGateway refused = new ForeignGateway(cloud, "roundtrip.x", alice)) {
            assertThat(allowed.isConnected()).isTrue();
            assertThat(allowed.publish("free", "x")).isEqualTo("SUCCESS");
            assertThat(allowed.publish("pump/greet/roundtrip/x", "x")).isEqualTo("NOT_AUTHORIZED");
            assertThat(allowed.send("pump", "free", "x")).isEqualTo(403);
            assertThat(refused.isConnected()).isFalse();
        }
    }

    @Test
    void user_asks_the_data_plane_as_far_as_the_users_policy_goes() throws Exception {
        cloud.device("pump");
        Credentials alice = cloud.cloud()
                .state()
                .caller(
                        new UserName("alice"),
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                                + "\"Action\":\"iot:SendDirectMessage\","
                                + "\"Resource\":\"arn:aws:iot:*:*:client/pump\"}]}")
                .credentials();

        try (ForeignGateway user = new ForeignGateway(cloud, "any", alice)) {
            assertThat(user.isConnected()).isFalse();
            assertThat(user.send("pump", "pump/greet/roundtrip/x", "x")).isEqualTo(200);
            assertThat(user.send("valve", "free", "x")).isEqualTo(403);
        }
    }
}
