package dev.roundtrip.local.apigateway;

import static dev.roundtrip.local.apigateway.LocalApi.get;
import static dev.roundtrip.local.apigateway.LocalApi.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.apigateway.RawClient.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever has begun a request has to end it in time, whatever came before it on the connection. */
final class SlowRequestTest {
    /** An idle connection is closed without a word, and long after the tests have given up. */
    private static final ApiLimits LIMITS = new ApiLimits(
            Duration.ofSeconds(29), Duration.ofMillis(300), Duration.ofMinutes(5), Duration.ofMillis(500));

    private static final String HALF_HEAD = "GET /Prod/invoke HTTP/1.1\r\nHost: a\r\nX: ";
    private static final String HALF_BODY =
            "POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nContent-Length: 9000\r\n\r\n{";

    private final Semaphore entered = new Semaphore(0);
    private final Semaphore mayAnswer = new Semaphore(0);
    private LocalApi api;

    @BeforeEach
    void start() throws IOException {
        api = LocalApi.start(LIMITS, FunctionSettings.DEFAULT, (event, context) -> {
            if (event.getQueryStringParameters() != null) {
                entered.release();
                mayAnswer.acquireUninterruptibly();
            }
            return ok("");
        });
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static void assertCutOff(RawClient client) throws IOException {
        Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(client.isClosedByServer()).isTrue();
    }

    private static byte[] together(byte[] request, String half) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(request);
        bytes.writeBytes(half.getBytes(StandardCharsets.ISO_8859_1));
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET /Prod/invoke HTTP/1.1\r\nHost: a\r\n", HALF_HEAD, HALF_BODY})
    void half_request_behind_a_call_is_cut_off_after_its_answer(String half) throws Exception {
        try (RawClient client = new RawClient(api)) {
            // given
            client.send(get(api, "?slow=1"));
            entered.acquire();
            client.send(half);

            // when
            mayAnswer.release();

            // then
            assertThat(client.read().status()).isEqualTo(200);
            assertCutOff(client);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET /Prod/invoke HTTP/1.1\r\nHost: a\r\n", HALF_HEAD, HALF_BODY})
    void half_request_that_comes_with_a_whole_one_is_cut_off_after_its_answer(String half) throws Exception {
        try (RawClient client = new RawClient(api)) {
            client.send(together(RawClient.bytes(get(api, "?slow=1")), half));
            mayAnswer.release();

            assertThat(client.read().status()).isEqualTo(200);
            assertCutOff(client);
        }
    }

    @Test
    void half_request_behind_several_calls_is_cut_off_after_the_last_answer() throws Exception {
        byte[] request = RawClient.bytes(get(api, "?slow=1"));
        try (RawClient client = new RawClient(api)) {
            client.send(request).send(request).send(together(request, HALF_HEAD));
            mayAnswer.release(3);

            for (int i = 0; i < 3; i++) {
                assertThat(client.read().status()).isEqualTo(200);
            }
            assertCutOff(client);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", HALF_HEAD, HALF_BODY})
    void half_request_on_a_connection_that_was_kept_is_cut_off(String half) throws Exception {
        try (RawClient client = new RawClient(api)) {
            assertThat(client.send(get(api, "")).read().status()).isEqualTo(200);

            client.send(half);

            assertCutOff(client);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {HALF_HEAD, HALF_BODY})
    void request_that_comes_drop_by_drop_is_cut_off(String half) throws Exception {
        try (RawClient client = new RawClient(api)) {
            client.send(half);

            await().until(() -> client.send("x").hasAnswer());

            assertCutOff(client);
        }
    }

    @Test
    void request_that_is_ended_is_answered_though_it_began_behind_another() throws Exception {
        String whole = new String(RawClient.bytes(get(api, "")), StandardCharsets.ISO_8859_1);
        try (RawClient client = new RawClient(api)) {
            client.send(together(RawClient.bytes(get(api, "?slow=1")), whole.substring(0, 20)));
            entered.acquire();
            client.send(whole.substring(20));
            mayAnswer.release();

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(200);
        }
    }
}
