package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.local.users.UserName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.StsException;

/** AWS's client of the Security Token Service, and requests for services that the local cloud does not have. */
class SecurityTokensIT {
    private static final String NO_POLICY = "{\"Version\":\"2012-10-17\",\"Statement\":"
            + "[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @SuppressWarnings("NullAway.Init")
    private static TestCloud cloud;

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(state);
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    private static StsClient client(Credentials credentials) {
        return StsClient.builder()
                .endpointOverride(cloud.cloud().servicesEndpoint())
                .region(Region.of(cloud.cloud().state().account().region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(credentials.accessKeyId(), credentials.secretAccessKey())))
                .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    @Test
    void signer_is_told_who_it_is() {
        try (StsClient client = client(cloud.cloud().state().credentials())) {
            GetCallerIdentityResponse identity = client.getCallerIdentity();

            assertThat(identity.account()).isEqualTo("000000000000");
            assertThat(identity.arn()).isEqualTo("arn:aws:iam::000000000000:user/local");
            assertThat(identity.userId()).startsWith("AIDA");
            assertThat(identity.responseMetadata().requestId()).hasSize(36);
        }
    }

    @Test
    void no_policy_is_asked() throws Exception {
        Credentials alice =
                cloud.cloud().state().caller(new UserName("alice"), NO_POLICY).credentials();

        try (StsClient client = client(alice)) {
            assertThat(client.getCallerIdentity().arn()).isEqualTo("arn:aws:iam::000000000000:user/alice");
        }
    }

    @Test
    void unknown_key_is_told_in_the_words_of_the_service() {
        try (StsClient client = client(Credentials.random(new SecureRandom()))) {
            assertThatThrownBy(client::getCallerIdentity).isInstanceOfSatisfying(StsException.class, error -> {
                assertThat(error.statusCode()).isEqualTo(403);
                assertThat(error.awsErrorDetails().errorCode()).isEqualTo("InvalidClientTokenId");
                assertThat(error.awsErrorDetails().errorMessage())
                        .isEqualTo("The security token included in the request is invalid.");
            });
        }
    }

    @Test
    void wrong_secret_is_told_in_the_words_of_the_service() {
        Credentials wrong = new Credentials(cloud.cloud().state().credentials().accessKeyId(), "not+the+secret");
        try (StsClient client = client(wrong)) {
            assertThatThrownBy(client::getCallerIdentity).isInstanceOfSatisfying(StsException.class, error -> {
                assertThat(error.awsErrorDetails().errorCode()).isEqualTo("SignatureDoesNotMatch");
                assertThat(error.awsErrorDetails().errorMessage())
                        .startsWith("The request signature we calculated does not match");
            });
        }
    }

    @Test
    void operation_that_is_not_served_is_named_in_the_error() {
        try (StsClient client = client(cloud.cloud().state().credentials())) {
            assertThatThrownBy(client::getSessionToken).isInstanceOfSatisfying(StsException.class, error -> {
                assertThat(error.statusCode()).isEqualTo(501);
                assertThat(error.awsErrorDetails().errorCode()).isEqualTo("NotImplemented");
                assertThat(error.awsErrorDetails().errorMessage()).contains("GetSessionToken");
            });
        }
    }

    private static HttpResponse<String> ask(String service, String path, String contentType, String body)
            throws IOException, InterruptedException {
        URI uri = cloud.cloud().servicesEndpoint().resolve(path);
        String scope = "A/20261128/eu-central-1/" + service + "/aws4_request";
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(uri)
                            .header("Authorization", "AWS4-HMAC-SHA256 Credential=" + scope + ", Signature=0")
                            .header("Content-Type", contentType)
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "signer | /signing-jobs | application/json | {\"message\":\"the local cloud does not serve",
                "sns    | /             | application/x-www-form-urlencoded | <Error><Type>Receiver</Type>",
                "s3     | /bucket/key   | application/json | <Error><Code>NotImplemented</Code>",
            })
    void service_that_is_not_served_answers_in_its_own_shape(
            String service, String path, String contentType, String expected) throws Exception {
        HttpResponse<String> answer = ask(service, path, contentType, "Action=A");

        assertThat(answer.statusCode()).isEqualTo(501);
        assertThat(answer.body()).contains(expected).contains("the service " + service + ";");
    }

    @Test
    void path_of_the_api_is_answered_by_the_api_whatever_it_is_signed_for() throws Exception {
        HttpResponse<String> answer = ask("signer", "/Prod/invoke", "application/json", "{}");

        assertThat(answer.statusCode()).isEqualTo(403);
    }
}
