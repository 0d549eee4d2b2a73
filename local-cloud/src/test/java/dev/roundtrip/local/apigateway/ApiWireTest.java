package dev.roundtrip.local.apigateway;

import static dev.roundtrip.local.apigateway.LocalApi.get;
import static dev.roundtrip.local.apigateway.LocalApi.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.auth.sigv4.SdkSigner.Call;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.apigateway.RawClient.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiWireTest {
    private static final ApiLimits LIMITS = new ApiLimits(
            Duration.ofSeconds(10), Duration.ofMillis(300), Duration.ofMillis(1000), Duration.ofMillis(500));

    /** Longer than what lies between two sockets. */
    private static final String LONG_ANSWER = "0123456789abcdef".repeat(300_000);

    private final Semaphore mayAnswer = new Semaphore(0);
    private LocalApi api;

    @BeforeEach
    void start() throws IOException {
        api = LocalApi.start(LIMITS, FunctionSettings.DEFAULT, this::answer);
    }

    private APIGatewayProxyResponseEvent answer(APIGatewayProxyRequestEvent event, Context context) {
        if (event.getQueryStringParameters() != null
                && event.getQueryStringParameters().containsKey("wait")) {
            mayAnswer.acquireUninterruptibly();
        }
        if (event.getQueryStringParameters() != null
                && event.getQueryStringParameters().containsKey("long")) {
            return ok(LONG_ANSWER);
        }
        return ok(
                event.getQueryStringParameters() == null
                        ? ""
                        : event.getQueryStringParameters().toString());
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "GET\r\n\r\n",
                "GET /Prod/invoke\r\n\r\n",
                "GET /Prod/invoke HTTP/2.0\r\nHost: a\r\n\r\n",
                "GET /Prod/invoke HTTP/1.1\r\n\r\n",
                "GET /Prod/invoke HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET /Prod/invoke HTTP/1.1\r\nHost: a\r\nB\u0000ad: a\r\n\r\n",
                "GET /Prod/invoke HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
                "GET /Prod/invoke?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /Prod/invoke?a=% HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /Prod/invoke?a={b} HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /Prod/invoke?a=\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /Prod/invoke#a HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET Prod/invoke HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nTransfer-Encoding:"
                        + " chunked\r\n\r\nzz\r\n\r\n",
            })
    void malformed_request_is_a_bad_request_and_ends_the_connection(String request) throws Exception {
        try (RawClient client = new RawClient(api)) {
            Answer answer = client.send(request).read();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo("{\"message\":\"Bad Request\"}");
            assertThat(answer.header("x-amzn-ErrorType")).isEqualTo("BadRequestException");
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void head_that_is_too_long_is_refused() throws Exception {
        String pad = "a".repeat(ApiLimits.MAX_HEAD_BYTES);
        try (RawClient client = new RawClient(api)) {
            assertThat(client.send("GET /Prod/invoke?a=" + pad + " HTTP/1.1\r\nHost: a\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(414);
        }
        try (RawClient client = new RawClient(api)) {
            assertThat(client.send("GET /Prod/invoke HTTP/1.1\r\nHost: a\r\nX: " + pad + "\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(431);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 10485761\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Expect: 100-continue\r\nContent-Length: 10485761\r\n"
            })
    void body_over_ten_megabytes_is_refused_while_it_comes(String framing) throws Exception {
        try (LocalApi patient = LocalApi.start((event, context) -> LocalApi.ok("{}"));
                RawClient client = new RawClient(patient)) {
            client.send("POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\n" + framing + "\r\n");
            if (framing.startsWith("Transfer")) {
                byte[] chunk = chunk(1024 * 1024);
                for (int i = 0; i < 11; i++) {
                    client.send(chunk);
                }
            }
            Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo("HTTP content length exceeded 10485760 bytes.");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n",
                "POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST /Prod/else HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nContent-Length: 9000\r\n\r\n",
                "POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"
            })
    void request_that_cannot_be_served_is_refused_by_its_head(String head) throws Exception {
        try (RawClient client = new RawClient(api)) {
            Answer answer = client.send(head).read();

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo("{\"message\":\"Missing Authentication Token\"}");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void chunked_body_is_taken_whole() throws Exception {
        SignedRequest signed = LocalApi.post(api, LocalApi.bytes("{}"));
        String head = new String(RawClient.bytes(signed), StandardCharsets.ISO_8859_1);
        String chunked = head.replace(
                "Content-Length: 2\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n");
        try (RawClient client = new RawClient(api)) {
            assertThat(client.send(chunked).read().status()).isEqualTo(200);
        }
    }

    @Test
    void request_in_single_bytes_is_understood() throws Exception {
        try (RawClient client = new RawClient(api)) {
            for (byte octet : RawClient.bytes(get(api, "?a=b"))) {
                client.send(new byte[] {octet});
            }
            assertThat(client.read().body()).isEqualTo("{a=b}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "GET /Prod/invoke HTTP/1.1\r\nHost: a\r\n",
                "POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nContent-Length: 10\r\n\r\n123"
            })
    void request_that_does_not_end_is_cut_off(String beginning) throws Exception {
        try (RawClient client = new RawClient(api)) {
            Answer answer = client.send(beginning).read();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void idle_connection_is_closed() throws Exception {
        try (RawClient client = new RawClient(api)) {
            assertThat(client.send(get(api, "")).read().status()).isEqualTo(200);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void pipelined_requests_are_answered_in_order() throws Exception {
        // given
        ByteArrayOutputStream pipeline = new ByteArrayOutputStream();
        pipeline.writeBytes(RawClient.bytes(get(api, "?wait=0")));
        for (int i = 1; i < 20; i++) {
            pipeline.writeBytes(RawClient.bytes(get(api, "?i=" + i)));
        }

        try (RawClient client = new RawClient(api)) {
            // when
            client.send(pipeline.toByteArray());
            mayAnswer.release();

            // then
            assertThat(client.read().body()).isEqualTo("{wait=0}");
            for (int i = 1; i < 20; i++) {
                assertThat(client.read().body()).isEqualTo("{i=" + i + "}");
            }
        }
    }

    @Test
    void answer_that_the_caller_is_slow_to_read_arrives_whole_and_before_the_next() throws Exception {
        try (RawClient client = new RawClient(api)) {
            client.send(get(api, "?long=1")).send(get(api, "?after=it"));
            // By now it has been written as far as it goes.
            await().until(client::hasMoreThanABufferToRead);

            assertThat(client.read().body()).isEqualTo(LONG_ANSWER);
            assertThat(client.read().body()).isEqualTo("{after=it}");
        }
    }

    @Test
    void caller_that_does_not_read_its_answer_is_cut_off() throws Exception {
        Duration idle = Duration.ofMillis(200);
        ApiLimits limits =
                new ApiLimits(LIMITS.integrationTimeout(), LIMITS.requestTimeout(), idle, LIMITS.drainTimeout());
        try (LocalApi impatient =
                        LocalApi.start(limits, FunctionSettings.DEFAULT, (event, context) -> ok(LONG_ANSWER));
                RawClient client = new RawClient(impatient)) {
            client.send(get(impatient, ""));
            // There is nothing to see before it is read, and reading would be what it is cut off for not doing.
            Thread.sleep(idle.multipliedBy(10));

            assertThat(client.readUntilClosed()).isLessThan(LONG_ANSWER.length());
        }
    }

    @Test
    void answer_to_head_has_no_body_that_the_next_one_could_be_taken_for() throws Exception {
        URI uri = api.endpoint();
        try (RawClient client = new RawClient(api)) {
            client.send(LocalApi.signer().sign(new Call("HEAD", uri, List.of(), new byte[0])));
            assertThat(client.read(false).status()).isEqualTo(403);

            assertThat(client.send(get(api, "?a=b")).read().body()).isEqualTo("{a=b}");
        }
    }

    @Test
    void body_without_room_is_refused_after_the_answer_before_it() throws Exception {
        try (LocalApi full = LocalApi.withoutRoom(LIMITS, this::answer);
                RawClient client = new RawClient(full)) {
            client.send(get(full, "?wait=0"))
                    .send("POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nContent-Length: 9\r\n\r\nbody");
            // What is refused out of turn would come at once.
            assertThat(client.hasAnswerWithin(Duration.ofMillis(300))).isFalse();
            mayAnswer.release();

            assertThat(client.read().body()).isEqualTo("{wait=0}");
            assertThat(client.read().status()).isEqualTo(429);
        }
    }

    @Test
    void unknown_expectation_is_refused_after_the_answer_before_it_and_what_follows_is_not_read() throws Exception {
        String hidden = new String(RawClient.bytes(get(api, "?hidden=1")), StandardCharsets.ISO_8859_1);
        try (RawClient client = new RawClient(api)) {
            client.send(get(api, "?wait=0"))
                    .send("POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nExpect: x\r\nContent-Length: "
                            + hidden.length() + "\r\n\r\n" + hidden);
            mayAnswer.release();

            assertThat(client.read().body()).isEqualTo("{wait=0}");
            Answer refused = client.read();
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.header("Connection")).isEqualTo("close");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void caller_whose_request_is_refused_behind_a_call_can_read_the_answer_while_it_sends() throws Exception {
        try (RawClient client = new RawClient(api)) {
            client.send(get(api, "?wait=0"))
                    .send("POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n")
                    .send(new byte[256 * 1024]);
            mayAnswer.release();

            assertThat(client.read().body()).isEqualTo("{wait=0}");
            assertThat(client.read().status()).isEqualTo(403);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void connection_close_is_honoured() throws Exception {
        byte[] request = new String(RawClient.bytes(get(api, "")), StandardCharsets.ISO_8859_1)
                .replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        try (RawClient client = new RawClient(api)) {
            Answer answer = client.send(request).read();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void caller_that_breaks_off_leaves_the_api_working() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (RawClient client = new RawClient(api)) {
                client.send(get(api, "?wait=" + i));
            }
        }
        mayAnswer.release(20);
        assertThat(RawClient.call(api, get(api, "?a=b")).status()).isEqualTo(200);
    }

    @Test
    void absolute_form_of_the_target_is_understood() throws Exception {
        byte[] request = new String(RawClient.bytes(get(api, "?a=b")), StandardCharsets.ISO_8859_1)
                .replace("GET /", "GET http://127.0.0.1:" + api.port() + "/")
                .getBytes(StandardCharsets.ISO_8859_1);
        try (RawClient client = new RawClient(api)) {
            assertThat(client.send(request).read().status()).isEqualTo(200);
        }
    }

    private static byte[] chunk(int size) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(new byte[size]);
        chunk.writeBytes(new byte[] {'\r', '\n'});
        return chunk.toByteArray();
    }
}
