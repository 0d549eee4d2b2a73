package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** An API that answers one call after the other as a story says, and remembers the calls. Checks no signature. */
final class StoryApi implements AutoCloseable {
    private final HttpServer server;
    private final Queue<Told> story;
    private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();

    /** @param result null for an answer of API Gateway's own */
    record Told(int status, @Nullable String result) {
        String body() {
            return result == null ? "{\"message\":\"none\"}" : "{\"result\":\"" + result + "\"}";
        }
    }

    /** One call that came. */
    record Heard(String body, @Nullable String key) {}

    StoryApi(Told... story) throws IOException {
        this.story = new ConcurrentLinkedQueue<>(List.of(story));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/Prod/invoke";
    }

    /** The calls so far. */
    List<Heard> heard() {
        return List.copyOf(heard);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            heard.add(new Heard(body, exchange.getRequestHeaders().getFirst("Idempotency-Key")));
            Told told = story.poll();
            byte[] answer = told == null ? new byte[0] : told.body().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Retry-After", "0");
            exchange.sendResponseHeaders(told == null ? 404 : told.status(), answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
