package dev.roundtrip.local.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.protocol.Json;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iotdataplane.IotDataPlaneClient;

/** A local cloud with the clients of AWS's SDK, which sign as its own user.
 *
 * @param iot of the control plane
 * @param data of the data plane
 */
record SdkCloud(TestCloud cloud, IotClient iot, IotDataPlaneClient data) implements AutoCloseable {

    static SdkCloud start(Path state) throws Exception {
        return start(state, UnaryOperator.identity());
    }

    static SdkCloud start(Path state, UnaryOperator<LocalCloudSettings> changes) throws Exception {
        TestCloud cloud = TestCloud.start(state, changes);
        return new SdkCloud(
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

    /** @param resource the end, such as {@code thing/pump} */
    String arn(String resource) {
        return "arn:aws:iot:" + cloud.cloud().state().account().region() + ":000000000000:" + resource;
    }

    static SdkBytes bytes(String text) {
        return SdkBytes.fromUtf8String(text);
    }

    /** @param name null for the classic shadow */
    void update(String thing, @Nullable String name, String request) {
        data.updateThingShadow(
                update -> update.thingName(thing).shadowName(name).payload(bytes(request)));
    }

    /** @param name null for the classic shadow */
    JsonNode shadow(String thing, @Nullable String name) throws Exception {
        return Json.mapper()
                .readTree(data.getThingShadow(get -> get.thingName(thing).shadowName(name))
                        .payload()
                        .asUtf8String());
    }

    @Override
    public void close() {
        iot.close();
        data.close();
        cloud.close();
    }
}
