package dev.roundtrip.local.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An answer whose body is written bit by bit. */
class HttpStreamTest {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<HttpStream> streams = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpListener listener;

    /** Streams what is asked for at {@code /stream}, and answers everything else. */
    private final class Streaming implements HttpService {
        @Override
        public Set<String> signingNames() {
            return Set.of();
        }

        @Override
        public HttpLimits limits() {
            return new HttpLimits(1000, 1000, 1000);
        }

        @Override
        public Head judge(SignedRequest head) {
            return Head.TRUSTED;
        }

        @Override
        public void serve(HttpExchange exchange) {
            HttpReply reply = new HttpReply(200, List.of(new Header("X-A", "b")), new byte[] {'o', 'k'});
            if (exchange.request().path().equals("/stream")) {
                streams.add(exchange.stream(reply));
            } else {
                exchange.answer(reply);
                streams.add(exchange.stream(reply));
            }
        }

        @Override
        public HttpReply refuse(Unserved why, @Nullable SignedRequest head, InetAddress source) {
            return new HttpReply(400, List.of(), new byte[0]);
        }
    }

    @BeforeEach
    void start() throws IOException {
        listener = HttpListener.bind(loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.serve(new HttpPipeline(
                new HttpServices(new Streaming()),
                new ConnectionTimes(Duration.ofMinutes(5), Duration.ofMillis(100), Duration.ofSeconds(20)),
                new BodyBudget()));
    }

    @AfterEach
    void stop() {
        listener.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Socket ask(String request) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return socket;
    }

    private HttpStream stream() throws InterruptedException {
        HttpStream stream = streams.poll(20, TimeUnit.SECONDS);
        assertThat(stream).isNotNull();
        return stream;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    @Test
    void parts_come_in_chunks_and_the_connection_closes_at_the_end() throws Exception {
        try (Socket socket = ask(get("/stream"))) {
            HttpStream stream = stream();

            assertThat(stream.offer(bytes("first"))).isTrue();
            assertThat(stream.offer(bytes("second"))).isTrue();
            stream.end();
            stream.end();

            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answer)
                    .startsWith("HTTP/1.1 200 OK\r\nX-A: b\r\n")
                    .contains("transfer-encoding: chunked", "connection: close")
                    .doesNotContain("content-length")
                    .endsWith("\r\n\r\n5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n");
            assertThat(stream.offer(bytes("late"))).isFalse();
            assertThat(stream.isOpen()).isFalse();
            assertThat(stream.room()).isZero();
        }
    }

    @Test
    void stream_outlasts_the_idle_time_and_what_else_the_client_sends_is_thrown_away() throws Exception {
        try (Socket socket = ask(get("/stream") + get("/other") + "nonsense\r\n\r\n")) {
            HttpStream stream = stream();
            socket.getOutputStream().write(bytes(get("/stream")));
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);

            assertThat(stream.offer(bytes("still here"))).isTrue();
            stream.end();

            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .endsWith("\r\n\r\na\r\nstill here\r\n0\r\n\r\n");
            assertThat(streams).isEmpty();
        }
    }

    @Test
    void client_that_does_not_read_has_a_bounded_number_of_bytes_waiting() throws Exception {
        try (Socket socket = ask(get("/stream"))) {
            HttpStream stream = stream();
            byte[] part = new byte[16 * 1024];

            // The operating system takes some megabytes for both ends.
            int taken = 0;
            while (stream.offer(part)) {
                taken += part.length;
                assertThat(taken).isLessThan(256 * 1024 * 1024);
            }

            assertThat(stream.isOpen()).isTrue();
            assertThat(socket.getInputStream().readNBytes(taken)).hasSize(taken);
            await().atMost(Duration.ofSeconds(20)).until(() -> stream.offer(part));
        }
    }

    @Test
    void stream_ends_when_its_client_goes() throws Exception {
        HttpStream stream;
        try (Socket socket = ask(get("/stream"))) {
            stream = stream();
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }

        await().atMost(Duration.ofSeconds(20)).until(() -> !stream.isOpen());
        assertThat(stream.offer(bytes("late"))).isFalse();
    }

    @Test
    void streams_end_when_the_listener_drains() throws Exception {
        try (Socket socket = ask(get("/stream"))) {
            HttpStream stream = stream();

            listener.close();

            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .endsWith("\r\n0\r\n\r\n");
            assertThat(stream.isOpen()).isFalse();
        }
    }

    @Test
    void request_that_is_answered_has_no_stream() throws Exception {
        try (Socket socket = ask("GET /other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) {
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .endsWith("\r\n\r\nok");
            assertThat(stream().isOpen()).isFalse();
        }
    }
}
