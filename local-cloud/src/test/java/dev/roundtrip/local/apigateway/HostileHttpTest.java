package dev.roundtrip.local.apigateway;

import static dev.roundtrip.local.apigateway.LocalApi.get;
import static dev.roundtrip.local.apigateway.LocalApi.ok;
import static dev.roundtrip.local.apigateway.LocalApi.post;
import static dev.roundtrip.local.hostile.HostileCaller.statuses;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.local.apigateway.RawClient.Answer;
import dev.roundtrip.local.hostile.HostileCaller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad requests over real sockets: each is answered with what is wrong with it or cut off, never with a 5xx, and
 * nothing that was not signed reaches the function.
 */
class HostileHttpTest {
    private static final int ROUNDS = 1_000;

    private final Queue<String> paths = new ConcurrentLinkedQueue<>();
    private LocalApi api;
    private LocalApi patient;

    @BeforeEach
    void start() throws IOException {
        ApiLimits limits = new ApiLimits(
                Duration.ofSeconds(29), Duration.ofMillis(300), Duration.ofMillis(400), Duration.ofMillis(500));
        api = LocalApi.start(limits, FunctionSettings.DEFAULT, (event, context) -> {
            paths.add(event.getPath() + event.getQueryStringParameters());
            return ok("{}");
        });
    }

    @BeforeEach
    void startPatient() throws IOException {
        patient = LocalApi.start((event, context) -> ok("{}"));
    }

    @AfterEach
    void stop() {
        patient.close();
        api.close();
    }

    /** Everything that comes back until the other end closes, which it must, for nothing more is sent. */
    private String exchange(byte[] request) throws IOException {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.setSoTimeout(20_000);
            try {
                socket.getOutputStream().write(request);
                socket.getInputStream().transferTo(heard);
            } catch (SocketException cutOff) {
                // In the middle of what was sent, or of the answer.
            }
        }
        return heard.toString(ISO_8859_1);
    }

    private List<byte[]> corpus() {
        SignedRequest post = post(api, LocalApi.bytes("{\"target\":\"a\"}"));
        List<byte[]> corpus = new ArrayList<>();
        corpus.add(RawClient.bytes(get(api, "?target=a&method=b&request=c")));
        corpus.add(RawClient.bytes(get(api, "/pump/m?request=%7B%22a%22%3A1%7D", new Header("X-More", "1"))));
        corpus.add(RawClient.bytes(post));
        corpus.add(chunked(post, "e\r\n{\"target\":\"a\"}\r\n0\r\n\r\n"));
        corpus.add("GET /Prod/invoke HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
        corpus.add("POST /Prod/invoke HTTP/1.0\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}".getBytes(ISO_8859_1));
        return corpus;
    }

    private static byte[] chunked(SignedRequest post, String chunks) {
        String head = new String(RawClient.bytes(post), ISO_8859_1);
        return head.substring(0, head.indexOf("\r\n\r\n"))
                .replaceAll("Content-Length: \\d+", "Transfer-Encoding: chunked")
                .concat("\r\n\r\n" + chunks)
                .getBytes(ISO_8859_1);
    }

    @Test
    void mutated_requests_are_answered_or_cut_off() throws Exception {
        List<String> failures = new HostileCaller(this::exchange).attack(corpus(), ROUNDS, status -> status >= 500);

        assertThat(failures).isEmpty();
        assertThat(RawClient.call(api, get(api, "?alive=1")).status()).isEqualTo(200);
    }

    private static final String SMUGGLED = "GET /Prod/invoke?smuggled=1 HTTP/1.1\r\nHost: x\r\n\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 4",
                "Transfer-Encoding: identity\r\nContent-Length: 4",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity, chunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding:\u000bchunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Content-Length: 4\r\nContent-Length: 5",
                "Content-Length: 4, 5",
                "Content-Length: +4",
                "Content-Length: 0x4",
                "Content-Length: 4 4",
                "Content-Length : 4",
                " Content-Length: 4",
                "Content-Length: \r\n 4",
            })
    void request_of_two_lengths_is_refused_and_what_follows_it_is_not_served(String framing) throws Exception {
        String signed = new String(RawClient.bytes(get(api, "?outer=1")), ISO_8859_1);
        String request = signed.replaceFirst("\r\n\r\n$", Matcher.quoteReplacement("\r\n" + framing + "\r\n\r\n"))
                + "0\r\n\r\n" + SMUGGLED;

        List<Integer> statuses = statuses(exchange(request.getBytes(ISO_8859_1)));

        assertThat(statuses).as(framing).isNotEmpty().allMatch(status -> status == 400 || status == 403);
        assertThat(paths).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ffffffffffffffff\r\n",
                "-1\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                "5 \u0000\r\nhello\r\n0\r\n\r\n",
                "zz\r\n",
                "5\r\nhelloXX0\r\n\r\n",
                "5\nhello\n0\n\n",
                "80000000\r\n",
            })
    void chunks_that_are_none_are_refused_or_cut_off(String chunks) throws Exception {
        String heard = exchange(chunked(post(api, LocalApi.bytes("hello")), chunks));

        assertThat(statuses(heard)).as(chunks).allMatch(status -> status == 400 || status == 403 || status == 408);
        assertThat(paths).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n\r\n\r\n",
                "GET\r\n\r\n",
                "GET  HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /Prod/invoke\r\n\r\n",
                "GET /Prod/invoke HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET /Prod/invoke HTTP/2.0\r\nHost: x\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /Prod/invoke HTTP/1.1\r\n\r\n",
                "GET /Prod/invoke HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                "GET /Prod/invoke HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n",
                "GET /Prod/invoke HTTP/1.1\r\nHost: x\r\nA\u0000: y\r\n\r\n",
                "GET /Prod/invoke HTTP/1.1\r\nHost: x\r\nA: \u0000y\r\n\r\n",
                "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000",
                "g\u00e9t /Prod/invoke HTTP/1.1\r\nHost: x\r\n\r\n",
            })
    void what_is_no_request_is_refused_or_cut_off(String bytes) throws Exception {
        assertThat(statuses(exchange(bytes.getBytes(ISO_8859_1)))).allMatch(status -> status >= 400 && status < 500);
    }

    @Test
    void thousand_requests_at_once_are_answered_in_order() throws Exception {
        byte[] one = RawClient.bytes(get(api, "?n=1"));
        int count = 1_000;
        try (RawClient client = new RawClient(api)) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        client.send(one);
                    }
                } catch (IOException broken) {
                    // The reader will find out.
                }
            });
            for (int i = 0; i < count; i++) {
                Answer answer = client.read();
                assertThat(answer.status()).isEqualTo(200);
            }
            writer.join();
        }
        assertThat(paths).hasSize(count);
    }

    @Test
    void unfinished_bodies_of_many_connections_have_a_bound_together() throws Exception {
        byte[] body = new byte[9 * 1024 * 1024];
        List<Socket> sockets = new ArrayList<>();
        boolean refused = false;
        try {
            for (int i = 0; i < 30 && !refused; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), patient.port());
                sockets.add(socket);
                socket.setSoTimeout(20_000);
                refused = isRefused(socket, body);
            }
            assertThat(refused).isTrue();
            assertThat(RawClient.call(patient, get(patient, "?alive=1")).status())
                    .isEqualTo(200);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(RawClient.call(patient, post(patient, new byte[5 * 1024 * 1024]))
                                .status())
                        .isEqualTo(200));
    }

    /** Sends all but the end of a body, byte for byte read by the other end, as an answer to a second, small connection
     * shows.
     */
    private boolean isRefused(Socket socket, byte[] body) throws IOException {
        try {
            socket.getOutputStream()
                    .write("POST /Prod/invoke HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n"
                            .getBytes(ISO_8859_1));
            socket.getOutputStream().write(body);
        } catch (SocketException cutOff) {
            return true;
        }
        return socket.getInputStream().available() > 0;
    }
}
