package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.local.users.UserName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.IotException;
import software.amazon.awssdk.services.iotdataplane.IotDataPlaneClient;
import software.amazon.awssdk.services.iotdataplane.model.GetRetainedMessageResponse;
import software.amazon.awssdk.services.iotdataplane.model.IotDataPlaneException;
import software.amazon.awssdk.services.iotdataplane.model.ListRetainedMessagesResponse;
import software.amazon.awssdk.services.iotdataplane.model.ResourceNotFoundException;
import software.amazon.awssdk.services.iotdataplane.model.RetainedMessageSummary;

/** The unmodified client of AWS's SDK for Java on the API's port, which serves whatever is signed for. */
class DataPlaneSdkIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    @SuppressWarnings("NullAway.Init")
    private IotDataPlaneClient client;

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state);
        client = client(cloud.cloud(), "iot:*");
    }

    private static IotDataPlaneClient client(LocalCloud cloud, String action) throws Exception {
        Credentials credentials = cloud.state()
                .caller(
                        new UserName("alice"),
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"" + action
                                + "\",\"Resource\":\"*\"}]}")
                .credentials();
        return client(cloud, credentials);
    }

    private static IotDataPlaneClient client(LocalCloud cloud, Credentials credentials) {
        return IotDataPlaneClient.builder()
                .endpointOverride(
                        URI.create("http://127.0.0.1:" + cloud.apiEndpoint().getPort()))
                .region(Region.of(cloud.state().account().region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(credentials.accessKeyId(), credentials.secretAccessKey())))
                .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        cloud.close();
    }

    @Test
    void retained_message_is_published_read_listed_and_removed() {
        client.publish(request -> request.topic("meter/1/status")
                .qos(1)
                .retain(true)
                .userProperties("[{\"unit\":\"kWh\"}]")
                .payload(SdkBytes.fromUtf8String("{\"on\":true}")));
        client.publish(request -> request.topic("meter/2/status").retain(true).payload(SdkBytes.fromUtf8String("x")));

        GetRetainedMessageResponse retained = client.getRetainedMessage(request -> request.topic("meter/1/status"));
        assertThat(retained.payload().asUtf8String()).isEqualTo("{\"on\":true}");
        assertThat(retained.qos()).isEqualTo(1);
        assertThat(retained.userProperties().asUtf8String()).isEqualTo("[{\"unit\":\"kWh\"}]");
        ListRetainedMessagesResponse first = client.listRetainedMessages(request -> request.maxResults(1));
        ListRetainedMessagesResponse second =
                client.listRetainedMessages(request -> request.maxResults(1).nextToken(first.nextToken()));
        assertThat(topics(first)).containsExactly("meter/1/status");
        assertThat(first.retainedTopics().getFirst().payloadSize()).isEqualTo(11);
        assertThat(topics(second)).containsExactly("meter/2/status");
        assertThat(second.nextToken()).isNull();

        client.publish(request -> request.topic("meter/1/status").retain(true));

        assertThatThrownBy(() -> client.getRetainedMessage(request -> request.topic("meter/1/status")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void unknown_key_is_forbidden_in_the_words_of_the_data_endpoint() {
        try (IotDataPlaneClient stranger = client(cloud.cloud(), Credentials.random(new SecureRandom()))) {
            assertThatThrownBy(() -> stranger.publish(request -> request.topic("t")))
                    .isInstanceOfSatisfying(IotDataPlaneException.class, error -> {
                        assertThat(error.statusCode()).isEqualTo(403);
                        assertThat(error.awsErrorDetails().errorCode()).isEqualTo("ForbiddenException");
                        assertThat(error.awsErrorDetails().errorMessage())
                                .isEqualTo("The security token included in the request is invalid.");
                    });
        }
    }

    private static List<String> topics(ListRetainedMessagesResponse page) {
        return page.retainedTopics().stream().map(RetainedMessageSummary::topic).toList();
    }

    @Test
    void nothing_is_taken_while_the_broker_starts_again() throws Exception {
        Thread restart = Thread.ofVirtual().start(() -> {
            try {
                cloud.broker().restart(Duration.ofSeconds(2));
            } catch (IOException | InterruptedException failed) {
                throw new IllegalStateException(failed);
            }
        });
        await().until(() -> !cloud.broker().isListening());

        assertThatThrownBy(() -> client.publish(request -> request.topic("t").retain(true)))
                .isInstanceOfSatisfying(
                        IotDataPlaneException.class,
                        error -> assertThat(error.statusCode()).isEqualTo(503));

        restart.join();
        client.publish(request -> request.topic("t"));
    }

    @Test
    void operation_that_is_not_served_is_named_in_the_error() {
        Credentials own = cloud.cloud().state().credentials();
        try (IotClient control = IotClient.builder()
                .endpointOverride(URI.create(
                        "http://127.0.0.1:" + cloud.cloud().apiEndpoint().getPort()))
                .region(Region.of(cloud.cloud().state().account().region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(own.accessKeyId(), own.secretAccessKey())))
                .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClient(UrlConnectionHttpClient.create())
                .build()) {
            assertThatThrownBy(() -> control.listAuditTasks(request -> {}))
                    .isInstanceOfSatisfying(IotException.class, error -> {
                        assertThat(error.statusCode()).isEqualTo(501);
                        assertThat(error.awsErrorDetails().errorCode()).isEqualTo("NotImplementedException");
                        assertThat(error.awsErrorDetails().errorMessage()).contains("ListAuditTasks");
                        assertThat(error.requestId()).hasSize(36);
                    });
        }
    }
}
