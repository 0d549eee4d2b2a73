package dev.roundtrip.local.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.roundtrip.local.running.LocalApiException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events over streams that break. */
@Timeout(60)
class SubscriptionTest {
    /** What the local API answers, one after the other; afterwards it has stopped. */
    private final Queue<Script> scripts = new ArrayDeque<>();

    private final Queue<String> resumedAfter = new ConcurrentLinkedQueue<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private RunningCloud cloud;

    private interface Script {
        void play(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            resumedAfter.add(
                    Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Last-Event-ID"), "none"));
            try (exchange) {
                Script script = scripts.poll();
                if (script == null) {
                    exchange.sendResponseHeaders(401, -1);
                } else {
                    script.play(exchange);
                }
            }
        });
        server.start();
        cloud = new RunningCloud(
                Path.of("state"),
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/_roundtrip/v1/"),
                "token");
    }

    @AfterEach
    void stop() {
        cloud.close();
        server.stop(0);
    }

    private static Script events(String text) {
        return exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        };
    }

    /** The connection ends in the middle of the answer. */
    private static Script cut(String text) {
        return exchange -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length + 1L);
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody().flush();
        };
    }

    private static Script status(int status) {
        return exchange -> exchange.sendResponseHeaders(status, -1);
    }

    private static String event(int number) {
        return "id: " + number + ".0\nevent: entry\ndata: {\"n\":" + number + "}\n\n";
    }

    private List<Integer> read(int most) throws Exception {
        List<Integer> read = new ArrayList<>();
        new Subscription(cloud, Query.EMPTY).read(event -> {
            read.add(event.data().path("n").asInt());
            return read.size() < most;
        });
        return read;
    }

    @Test
    void reading_ends_when_somebody_has_read_enough() throws Exception {
        scripts.add(events(event(1) + event(2) + event(3)));

        assertThat(read(2)).containsExactly(1, 2);
    }

    @Test
    void stream_that_ends_or_breaks_goes_on_after_the_last_event() throws Exception {
        scripts.add(events(event(1) + event(2)));
        scripts.add(cut(event(3) + "id: 4.0\nevent: entry\ndata: {\"n\":4}\n"));
        scripts.add(events(": nothing new\n\nid: 7.0\n\n"));
        scripts.add(events(event(8)));

        assertThat(read(4)).containsExactly(1, 2, 3, 8);
        assertThat(resumedAfter).containsExactly("none", "2.0", "3.0", "7.0");
    }

    @Test
    void cloud_that_has_no_room_is_asked_again_when_a_stream_was_open() throws Exception {
        scripts.add(events(event(1)));
        scripts.add(status(503));
        scripts.add(events(event(2)));

        assertThat(read(2)).containsExactly(1, 2);
    }

    @Test
    void cloud_that_has_no_room_at_first_is_told() {
        scripts.add(status(503));

        assertThatThrownBy(() -> read(1))
                .isInstanceOfSatisfying(
                        LocalApiException.class, busy -> assertThat(busy.kind()).isEqualTo(Kind.BUSY));
    }

    @Test
    void cloud_that_was_started_anew_with_another_token_ends_the_reading() {
        scripts.add(events(event(1)));

        assertThatThrownBy(() -> read(2))
                .isInstanceOfSatisfying(
                        LocalApiException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(Kind.REFUSED));
    }

    @Test
    void cloud_that_has_stopped_ends_the_reading() {
        scripts.add(exchange -> {
            events(event(1)).play(exchange);
            server.stop(0);
        });

        assertThatThrownBy(() -> read(2))
                .isInstanceOfSatisfying(
                        LocalApiException.class, gone -> assertThat(gone.kind()).isEqualTo(Kind.NOT_RUNNING));
    }
}
