package dev.roundtrip.things;

import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.sts.StsClient;

/** The clients of AWS's SDK. Credentials, region and endpoints come from where the SDK finds them, such as
 * {@code AWS_ENDPOINT_URL_IOT}: nothing here knows whether it is AWS or a local cloud. Thread-safe.
 */
final class Cloud implements AutoCloseable {
    /** Requests for many things are throttled; our choice. */
    private static final int MAX_ATTEMPTS = 8;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Duration WHOLE_CALL = Duration.ofMinutes(3);

    private final SdkHttpClient http = UrlConnectionHttpClient.builder()
            .connectionTimeout(CONNECT)
            .socketTimeout(ANSWER)
            .build();
    private final IotClient iot;
    private final IotClient once;
    private final StsClient sts;

    /** @param settings what the clients need beyond what the SDK finds by itself */
    Cloud(Consumer<AwsClientBuilder<?, ?>> settings) {
        this.iot = IotClient.builder()
                .httpClient(http)
                .overrideConfiguration(some -> some.retryStrategy(repeating()).apiCallTimeout(WHOLE_CALL))
                .applyMutation(settings::accept)
                .build();
        this.once = IotClient.builder()
                .httpClient(http)
                .overrideConfiguration(
                        some -> some.retryStrategy(repeatingWhatWasThrottled()).apiCallTimeout(WHOLE_CALL))
                .applyMutation(settings::accept)
                .build();
        this.sts = StsClient.builder()
                .httpClient(http)
                .applyMutation(settings::accept)
                .build();
    }

    static Cloud ofProcess() {
        return new Cloud(builder -> {});
    }

    private static RetryStrategy repeating() {
        return AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(MAX_ATTEMPTS)
                .throttlingBackoffStrategy(BackoffStrategy.exponentialDelay(FIRST_PAUSE, LONGEST_PAUSE))
                .build();
    }

    private static RetryStrategy repeatingWhatWasThrottled() {
        return DefaultRetryStrategy.standardStrategyBuilder()
                .useClientDefaults(false)
                .retryOnException(Cloud::isThrottling)
                .treatAsThrottling(Cloud::isThrottling)
                .maxAttempts(MAX_ATTEMPTS)
                .throttlingBackoffStrategy(BackoffStrategy.exponentialDelay(FIRST_PAUSE, LONGEST_PAUSE))
                .build();
    }

    private static boolean isThrottling(Throwable failure) {
        return failure instanceof AwsServiceException refusal && refusal.isThrottlingException();
    }

    /** The control plane. A request without an answer is repeated. */
    IotClient iot() {
        return iot;
    }

    /** The control plane, for what must not happen twice: a request is repeated only where AWS has throttled it. */
    IotClient once() {
        return once;
    }

    /** Whose credentials these are, and the region of the clients. */
    AccountRegion accountRegion() {
        var caller = sts.getCallerIdentity();
        return new AccountRegion(
                caller.arn().split(":", 3)[1],
                caller.account(),
                iot.serviceClientConfiguration().region().id());
    }

    @Override
    public void close() {
        iot.close();
        once.close();
        sts.close();
        http.close();
    }
}
