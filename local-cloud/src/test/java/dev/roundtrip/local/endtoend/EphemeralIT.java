package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.app.LocalCloudSettings.Storage;
import dev.roundtrip.local.users.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iotdataplane.IotDataPlaneClient;
import software.amazon.awssdk.services.iotdataplane.model.ResourceNotFoundException;

/** {@code start --ephemeral} keeps nothing of what services write, and leaves alone what was kept before. */
class EphemeralIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    /** The clients of AWS's SDK of one start. */
    private record Clients(TestCloud cloud, IotClient iot, IotDataPlaneClient data) implements AutoCloseable {
        static Clients of(TestCloud cloud) {
            return new Clients(
                    cloud,
                    client(cloud, IotClient.builder()).build(),
                    client(cloud, IotDataPlaneClient.builder()).build());
        }

        private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B client(
                TestCloud cloud, B builder) {
            Credentials own = cloud.cloud().state().credentials();
            return builder.endpointOverride(cloud.cloud().servicesEndpoint())
                    .region(Region.of(cloud.cloud().state().account().region()))
                    .credentialsProvider(StaticCredentialsProvider.create(
                            AwsBasicCredentials.create(own.accessKeyId(), own.secretAccessKey())))
                    .httpClient(new JdkSdkClient());
        }

        void write(String name) {
            iot.createThing(request -> request.thingName(name));
            data.updateThingShadow(
                    update -> update.thingName(name).payload(SdkBytes.fromUtf8String("{\"state\":{\"reported\":{}}}")));
            data.publish(
                    publish -> publish.topic(name).retain(true).qos(1).payload(SdkBytes.fromUtf8String("retained")));
        }

        void assertKeptNothingBut(String... names) {
            assertThat(iot.listThings().things())
                    .extracting(thing -> thing.thingName())
                    .containsExactly(names);
            assertThat(data.listRetainedMessages(list -> list.maxResults(200)).retainedTopics())
                    .extracting(retained -> retained.topic())
                    .containsExactly(names);
        }

        @Override
        public void close() {
            iot.close();
            data.close();
            cloud.close();
        }
    }

    private Clients start(Storage storage) throws Exception {
        return Clients.of(TestCloud.start(state, settings -> settings.withStorage(storage)));
    }

    @Test
    void what_services_write_is_gone_after_a_restart_and_no_file_is_made() throws Exception {
        try (Clients first = start(Storage.EPHEMERAL)) {
            first.write("pump");
            first.assertKeptNothingBut("pump");
        }

        try (Clients second = start(Storage.EPHEMERAL)) {
            second.assertKeptNothingBut();
            assertThatThrownBy(() -> second.data().getThingShadow(get -> get.thingName("pump")))
                    .isInstanceOf(ResourceNotFoundException.class);
        }
        assertThat(state.resolve("services.db")).doesNotExist();
    }

    @Test
    void start_that_writes_nothing_makes_no_file_either() throws Exception {
        try (Clients durable = start(Storage.DURABLE)) {
            durable.assertKeptNothingBut();
        }

        assertThat(state.resolve("services.db")).doesNotExist();
    }

    @Test
    void what_was_kept_before_is_neither_seen_nor_changed() throws Exception {
        try (Clients durable = start(Storage.DURABLE)) {
            durable.write("pump");
        }
        byte[] before = Files.readAllBytes(state.resolve("services.db"));

        try (Clients ephemeral = start(Storage.EPHEMERAL)) {
            ephemeral.assertKeptNothingBut();
            ephemeral.write("valve");
        }

        assertThat(state.resolve("services.db")).hasBinaryContent(before);
        try (Clients durable = start(Storage.DURABLE)) {
            durable.assertKeptNothingBut("pump");
        }
    }
}
