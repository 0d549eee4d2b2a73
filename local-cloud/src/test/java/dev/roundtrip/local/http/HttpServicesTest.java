package dev.roundtrip.local.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.auth.sigv4.SignedRequest;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two services behind one listener: a request is served, or refused, by the one that it is signed for. */
class HttpServicesTest {
    private static final String SCOPE =
            "Authorization: AWS4-HMAC-SHA256 Credential=A/20261127/eu-central-1/%s/aws4_request, Signature=0\r\n";

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpListener listener;

    /** Says its name, and why it refuses. */
    private record Named(String name) implements HttpService {
        @Override
        public Set<String> signingNames() {
            return Set.of(name);
        }

        @Override
        public HttpLimits limits() {
            return new HttpLimits(1000, name.equals("wide") ? 4000 : 1000, 10_000);
        }

        @Override
        public Head judge(SignedRequest head) {
            return Head.TO_BE_VERIFIED;
        }

        @Override
        public void serve(HttpExchange exchange) {
            exchange.answer(reply(200, name + " " + exchange.request().body().length));
        }

        @Override
        public HttpReply refuse(Unserved why, @Nullable SignedRequest head, InetAddress source) {
            return reply(400, name + " " + why + (head == null ? "" : " " + head.path()));
        }

        private static HttpReply reply(int status, String text) {
            return new HttpReply(status, List.of(), text.getBytes(ISO_8859_1));
        }
    }

    @BeforeEach
    void start() throws IOException {
        listener = HttpListener.bind(loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.serve(new HttpPipeline(
                new HttpServices(new Named("first"), new Named("wide")).below("/_own/", new Named("own")),
                new ConnectionTimes(Duration.ofMillis(300), Duration.ofMinutes(5), Duration.ZERO),
                new BodyBudget(8_000, 20_000)));
    }

    @AfterEach
    void stop() {
        listener.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private String ask(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    private static String get(String headers) {
        return get("/a", headers);
    }

    private static String get(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers + "\r\n";
    }

    @ParameterizedTest
    @CsvSource({"first, first 0", "wide, wide 0", "other, first 0"})
    void request_goes_to_the_service_that_it_is_signed_for(String signedFor, String answer) throws IOException {
        assertThat(ask(get(SCOPE.formatted(signedFor)))).isEqualTo(answer);
    }

    @Test
    void request_that_is_not_signed_goes_to_the_first_service() throws IOException {
        assertThat(ask(get(""))).isEqualTo("first 0");
    }

    @ParameterizedTest
    @CsvSource({"/_own/a, own 0", "/_own, first 0", "/a/_own/, first 0", "/%5fown/, first 0"})
    void request_that_is_not_signed_may_go_to_a_service_by_its_path(String path, String answer) throws IOException {
        assertThat(ask(get(path, ""))).isEqualTo(answer);
    }

    @Test
    void request_that_is_signed_goes_to_no_service_by_its_path() throws IOException {
        assertThat(ask(get("/_own/a", SCOPE.formatted("wide")))).isEqualTo("wide 0");
        assertThat(ask(get("/_own/a", SCOPE.formatted("other")))).isEqualTo("first 0");
    }

    @ParameterizedTest
    @CsvSource({"first, first HEADERS_TOO_LARGE /a", "wide, wide 0"})
    void limits_are_those_of_the_service(String signedFor, String answer) throws IOException {
        String pad = "X: " + "a".repeat(2000) + "\r\n";

        assertThat(ask(get(SCOPE.formatted(signedFor) + pad))).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({"first, first TOO_SLOW /a", "wide, wide TOO_SLOW /a"})
    void slow_request_is_refused_by_its_service(String signedFor, String answer) throws IOException {
        assertThat(ask("POST /a HTTP/1.1\r\nHost: a\r\n" + SCOPE.formatted(signedFor)
                        + "Content-Length: 10\r\n\r\nhalf"))
                .isEqualTo(answer);
    }

    @Test
    void body_beyond_the_budget_is_refused_by_its_service_and_the_budget_is_whole_again() throws IOException {
        String head = "POST /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + SCOPE.formatted("wide");

        for (int i = 0; i < 5; i++) {
            assertThat(ask(head + "Content-Length: 9000\r\n\r\n" + "x".repeat(9000)))
                    .isEqualTo("wide NO_ROOM /a");
            assertThat(ask(head + "Content-Length: 7000\r\n\r\n" + "x".repeat(7000)))
                    .isEqualTo("wide 7000");
        }
    }
}
