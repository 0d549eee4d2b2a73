package dev.roundtrip.local.apigateway;

import static dev.roundtrip.local.apigateway.LocalApi.get;
import static dev.roundtrip.local.apigateway.LocalApi.ok;
import static dev.roundtrip.local.apigateway.LocalApi.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.local.apigateway.RawClient.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What API Gateway answers by itself, and whether the function was called then: as the contract has it.
 * {@code ProcessRuntimeIT} has the 500 of a throttled function.
 */
final class OwnAnswersTest {
    private static final Path CONTRACT = Path.of("../docs/protocol.md");
    private static final ApiLimits LIMITS = new ApiLimits(
            Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMinutes(5), Duration.ofMillis(500));

    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    @AfterEach
    void endTheFunction() {
        mayEnd.countDown();
    }

    private void hold() {
        try {
            mayEnd.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private LocalApi answering() throws Exception {
        return LocalApi.start(LIMITS, FunctionSettings.DEFAULT, this::answer);
    }

    private APIGatewayProxyResponseEvent answer(APIGatewayProxyRequestEvent event, Context context) {
        calls.incrementAndGet();
        return ok("{}");
    }

    /** Asserts that an answer is API Gateway's own, and that the contract says so of its status. */
    private static void assertOwn(Answer answer, int status, String ran) throws Exception {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("\"result\"");
        assertThat(Files.readString(CONTRACT))
                .containsPattern("\n\\| " + status + " \\|[^|]*\\| " + Pattern.quote(ran) + " ");
    }

    private void assertNotCalled(Answer answer, int status) throws Exception {
        assertOwn(answer, status, "no");
        assertThat(calls).hasValue(0);
    }

    @Test
    void malformed_request_did_not_run() throws Exception {
        try (LocalApi api = answering();
                RawClient client = new RawClient(api)) {
            assertNotCalled(client.send("GET /Prod/invoke HTTP/1.1\r\n\r\n").read(), 400);
        }
    }

    @Test
    void unsigned_call_did_not_run() throws Exception {
        try (LocalApi api = answering();
                RawClient client = new RawClient(api)) {
            Answer answer =
                    client.send("GET /Prod/invoke HTTP/1.1\r\nHost: a\r\n\r\n").read();

            assertNotCalled(answer, 403);
        }
    }

    @Test
    void request_that_does_not_end_did_not_run() throws Exception {
        try (LocalApi api = answering();
                RawClient client = new RawClient(api)) {
            assertNotCalled(client.send("GET /Prod").read(), 408);
        }
    }

    @Test
    void body_that_is_too_long_did_not_run() throws Exception {
        try (LocalApi api = LocalApi.start(ApiLimits.AWS, FunctionSettings.DEFAULT, this::answer);
                RawClient client = new RawClient(api)) {
            assertNotCalled(RawClient.call(api, post(api, new byte[ApiLimits.MAX_FUNCTION_PAYLOAD_BYTES + 1])), 413);
            String head = "POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nContent-Length: "
                    + (ApiLimits.MAX_BODY_BYTES + 1) + "\r\n\r\n";

            assertNotCalled(client.send(head).read(), 413);
        }
    }

    @Test
    void head_that_is_too_long_did_not_run() throws Exception {
        String pad = "a".repeat(ApiLimits.MAX_HEAD_BYTES);
        try (LocalApi api = answering();
                RawClient line = new RawClient(api);
                RawClient headers = new RawClient(api)) {
            assertNotCalled(
                    line.send("GET /Prod/invoke?a=" + pad + " HTTP/1.1\r\n\r\n").read(), 414);
            assertNotCalled(
                    headers.send("GET /Prod/invoke HTTP/1.1\r\nHost: a\r\nX: " + pad + "\r\n\r\n")
                            .read(),
                    431);
        }
    }

    @Test
    void call_that_there_is_no_room_for_did_not_run() throws Exception {
        try (LocalApi api = LocalApi.withoutRoom(ApiLimits.AWS, this::answer);
                RawClient client = new RawClient(api)) {
            assertNotCalled(client.send(post(api, LocalApi.bytes("{}"))).read(), 429);
        }
    }

    @Test
    void function_that_breaks_off_may_have_run() throws Exception {
        try (LocalApi api = LocalApi.start((event, context) -> {
            calls.incrementAndGet();
            throw new IllegalStateException();
        })) {
            assertOwn(RawClient.call(api, get(api, "")), 502, "perhaps");
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void function_that_is_too_slow_may_have_run_and_runs_on() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        try (LocalApi api = LocalApi.start(LIMITS, FunctionSettings.DEFAULT, (event, context) -> {
            calls.incrementAndGet();
            hold();
            ended.incrementAndGet();
            return ok("{}");
        })) {
            assertOwn(RawClient.call(api, get(api, "")), 504, "perhaps");
            assertThat(calls).hasValue(1);

            mayEnd.countDown();

            await().untilAsserted(() -> assertThat(ended).hasValue(1));
        }
    }
}
