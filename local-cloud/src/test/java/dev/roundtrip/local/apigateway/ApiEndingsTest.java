package dev.roundtrip.local.apigateway;

import static dev.roundtrip.local.apigateway.LocalApi.QUICK;
import static dev.roundtrip.local.apigateway.LocalApi.get;
import static dev.roundtrip.local.apigateway.LocalApi.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.local.apigateway.RawClient.Answer;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ApiEndingsTest {
    private static final String SERVER_ERROR = "{\"message\": \"Internal server error\"}";

    private final CountDownLatch entered = new CountDownLatch(1);
    private final AtomicBoolean interrupted = new AtomicBoolean();

    @Test
    void function_slower_than_the_integration_is_a_gateway_timeout_and_runs_on_until_its_own() throws Exception {
        try (LocalApi api = LocalApi.start(QUICK, function(Duration.ofMillis(600)), (event, context) -> sleep(60))) {
            // when
            long start = System.nanoTime();
            Answer answer = RawClient.call(api, get(api, ""));

            // then
            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.body()).isEqualTo("{\"message\": \"Endpoint request timed out\"}");
            assertThat(interrupted).isFalse();
            await().atMost(Duration.ofSeconds(5)).untilTrue(interrupted);
            assertThat(System.nanoTime() - start)
                    .isGreaterThan(Duration.ofMillis(590).toNanos());
        }
    }

    @Test
    void function_that_exceeds_its_own_timeout_is_an_internal_server_error() throws Exception {
        try (LocalApi api = LocalApi.start(QUICK, function(Duration.ofMillis(100)), (event, context) -> sleep(60))) {
            Answer answer = RawClient.call(api, get(api, ""));
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).isEqualTo(SERVER_ERROR);
            await().atMost(Duration.ofSeconds(5)).untilTrue(interrupted);
        }
    }

    @Test
    void function_whose_caller_has_gone_is_interrupted_at_its_timeout() throws Exception {
        try (LocalApi api =
                LocalApi.start(ApiLimits.AWS, function(Duration.ofMillis(300)), (event, context) -> sleep(60))) {
            try (RawClient client = new RawClient(api)) {
                client.send(get(api, ""));
                assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
            }

            await().atMost(Duration.ofSeconds(20)).untilTrue(interrupted);
        }
    }

    @Test
    void failing_function_is_an_internal_server_error_and_the_next_call_works() throws Exception {
        try (LocalApi api = LocalApi.start((event, context) -> {
            if (event.getQueryStringParameters() == null) {
                throw new IllegalStateException("broken");
            }
            if (event.getQueryStringParameters().containsKey("deep")) {
                throw new StackOverflowError();
            }
            return ok("{}");
        })) {
            for (String query : List.of("", "?deep=1")) {
                Answer answer = RawClient.call(api, get(api, query));
                assertThat(answer.status()).isEqualTo(502);
                assertThat(answer.body()).isEqualTo(SERVER_ERROR).doesNotContain("broken");
                assertThat(answer.header("x-amzn-ErrorType")).isEqualTo("InternalServerErrorException");
            }
            assertThat(RawClient.call(api, get(api, "?a=b")).status()).isEqualTo(200);
        }
    }

    static List<APIGatewayProxyResponseEvent> malformed() {
        return List.of(
                new APIGatewayProxyResponseEvent(),
                new APIGatewayProxyResponseEvent().withStatusCode(0),
                new APIGatewayProxyResponseEvent().withStatusCode(101),
                new APIGatewayProxyResponseEvent().withStatusCode(600),
                ok("no base64!").withIsBase64Encoded(true),
                ok("").withHeaders(Map.of("X-Split", "a\r\nSet-Cookie: b")),
                ok("").withHeaders(Map.of("bad name", "a")),
                ok("").withMultiValueHeaders(Map.of("X", List.of("a\n"))),
                ok("x".repeat(ApiLimits.MAX_FUNCTION_PAYLOAD_BYTES + 1)));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformed_answer_is_an_internal_server_error(APIGatewayProxyResponseEvent answer) throws Exception {
        try (LocalApi api = LocalApi.start((event, context) -> answer)) {
            Answer got = RawClient.call(api, get(api, ""));
            assertThat(got.status()).isEqualTo(502);
            assertThat(got.body()).isEqualTo(SERVER_ERROR);
        }
    }

    @Test
    void absent_answer_is_an_internal_server_error_and_absent_parts_are_not() throws Exception {
        try (LocalApi api = LocalApi.start((event, context) -> null)) {
            assertThat(RawClient.call(api, get(api, "")).status()).isEqualTo(502);
        }
        APIGatewayProxyResponseEvent sparse = new APIGatewayProxyResponseEvent()
                .withStatusCode(204)
                .withHeaders(Collections.singletonMap("X-Absent", null))
                .withMultiValueHeaders(Collections.singletonMap("X-Absent-Too", null));
        try (LocalApi api = LocalApi.start((event, context) -> sparse)) {
            assertThat(RawClient.call(api, get(api, "")).status()).isEqualTo(204);
        }
    }

    @Test
    void close_lets_a_running_call_end() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        LocalApi api = LocalApi.start((event, context) -> {
            entered.countDown();
            hold(mayEnd);
            return ok("{}");
        });
        try (RawClient client = new RawClient(api);
                RawClient idle = new RawClient(api)) {
            // given: one call under way
            client.send(get(api, ""));
            assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();

            // when
            Thread closing = Thread.startVirtualThread(api::close);
            assertThat(idle.isClosedByServer()).isTrue();
            mayEnd.countDown();

            // then
            Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(closing.join(Duration.ofSeconds(1))).isTrue();
        }
    }

    @Test
    void close_waits_for_nobody_for_long_whatever_runs() throws Exception {
        LocalApi api = LocalApi.start((event, context) -> sleep(60));
        try (RawClient client = new RawClient(api);
                RawClient half = new RawClient(api)) {
            // given
            client.send(get(api, ""));
            half.send("GET /Prod");
            assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();

            // when
            api.close();

            // then
            assertThat(client.isClosedByServerAtLast()).isTrue();
            await().atMost(Duration.ofSeconds(5)).untilTrue(interrupted);
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), api.port()))
                    .isInstanceOf(ConnectException.class);
            await().atMost(Duration.ofSeconds(5)).until(ApiEndingsTest::noThreadIsLeft);
        }
    }

    private static boolean noThreadIsLeft() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("local-api"));
    }

    private APIGatewayProxyResponseEvent sleep(int seconds) {
        entered.countDown();
        try {
            TimeUnit.SECONDS.sleep(seconds);
            return ok("slept");
        } catch (InterruptedException e) {
            interrupted.set(true);
            throw new IllegalStateException(e);
        }
    }

    private static void hold(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FunctionSettings function(Duration timeout) {
        return new FunctionSettings("slow", timeout, 128, StandardErrorLogger.INSTANCE);
    }
}
