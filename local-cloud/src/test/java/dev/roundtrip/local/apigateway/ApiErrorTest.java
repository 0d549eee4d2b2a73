package dev.roundtrip.local.apigateway;

import static dev.roundtrip.local.apigateway.LocalApi.get;
import static dev.roundtrip.local.apigateway.LocalApi.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.apigateway.RawClient.Answer;
import dev.roundtrip.local.http.BodyBudget;
import dev.roundtrip.local.http.HttpPipeline;
import dev.roundtrip.local.http.HttpServices;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever fails, and be it an Error, is answered and logged. */
final class ApiErrorTest {
    private static final String SERVER_ERROR = "{\"message\": \"Internal server error\"}";

    @ParameterizedTest
    @ValueSource(classes = {OutOfMemoryError.class, InternalError.class, AssertionError.class, LinkageError.class})
    void error_in_the_function_is_an_internal_server_error_and_logged(Class<? extends Error> type) throws Exception {
        Error error = type.getConstructor().newInstance();
        try (LogLines log = LogLines.of(Integration.class);
                LocalApi api = LocalApi.start((event, context) -> {
                    throw error;
                })) {
            assertThat(RawClient.call(api, get(api, "")).status()).isEqualTo(502);
            assertThat(log.lines()).singleElement().asString().contains(type.getName());
        }
    }

    static List<Runnable> failures() {
        return List.of(
                () -> {
                    throw new OutOfMemoryError("a secret");
                },
                () -> {
                    throw new NoClassDefFoundError("a secret");
                },
                () -> {
                    throw new IllegalStateException("a secret");
                });
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failure_of_the_api_itself_is_answered_and_logged_and_the_next_call_works(Runnable failure) throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        ApiAuthorizer authorizer = (caller, resourceArn, sourceIp) -> {
            if (fails.getAndSet(false)) {
                failure.run();
            }
            return ApiAuthorizer.Decision.ALLOWED;
        };
        try (LogLines log = LogLines.of(RestApi.class);
                LocalApi api = LocalApi.start(
                        ApiLimits.AWS, FunctionSettings.DEFAULT, authorizer, (event, context) -> ok("{}"));
                RawClient client = new RawClient(api)) {
            Answer answer = client.send(get(api, "")).read();

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).isEqualTo(SERVER_ERROR);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains(answer.header("x-amzn-RequestId"))
                    .doesNotContain("secret");
            assertThat(client.send(get(api, "")).read().status()).isEqualTo(200);
        }
    }

    @Test
    void error_on_the_connection_is_answered_and_ends_it() throws Exception {
        ApiSettings settings = ApiSettings.of(LocalApi.REGION, LocalApi.ACCOUNT);
        RestApi api =
                new RestApi(settings, 1, LocalApi.verifier(), ApiAuthorizer.ALLOW_ALL, (event, context) -> ok("{}"));
        EmbeddedChannel channel = new EmbeddedChannel();
        new HttpPipeline(new HttpServices(api), ApiLimits.AWS.connections(), new BodyBudget())
                .addTo(channel.pipeline());
        try (LogLines log = LogLines.of("dev.roundtrip.local.http.HttpConnection")) {
            channel.pipeline().fireExceptionCaught(new NoClassDefFoundError("a jar was rebuilt"));

            ByteBuf answer = channel.readOutbound();
            assertThat(answer.toString(StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 500 ")
                    .endsWith(SERVER_ERROR);
            answer.release();
            assertThat(log.lines()).singleElement().asString().contains("NoClassDefFoundError");
        } finally {
            channel.finishAndReleaseAll();
        }
    }
}
