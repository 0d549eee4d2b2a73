package dev.roundtrip.sigv4;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** An HTTP server that remembers what it was asked and answers what it was told. */
final class RecordingServer implements AutoCloseable {
    private final List<ReceivedRequest> received = new CopyOnWriteArrayList<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final String scheme;
    private volatile int status = 200;
    private volatile Map<String, String> headers = Map.of("Content-Type", "application/json");
    private volatile byte[] body = "{\"result\":\"ok\"}".getBytes(StandardCharsets.UTF_8);

    private RecordingServer(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.createContext("/", this::answer);
        server.setExecutor(executor);
        server.start();
    }

    static RecordingServer http() throws IOException {
        return new RecordingServer(HttpServer.create(loopback(), 0), "http");
    }

    static RecordingServer https(SSLContext identity) throws IOException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity));
        return new RecordingServer(server, "https");
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    RecordingServer answering(int newStatus, String newBody, Map<String, String> newHeaders) {
        status = newStatus;
        body = newBody.getBytes(StandardCharsets.UTF_8);
        headers = newHeaders;
        return this;
    }

    RecordingServer answering(String newBody) {
        return answering(200, newBody, headers);
    }

    String url(String target) {
        return scheme + "://localhost:" + server.getAddress().getPort() + target;
    }

    List<ReceivedRequest> received() {
        return received;
    }

    ReceivedRequest only() {
        if (received.size() != 1) {
            throw new AssertionError("expected one request, got " + received);
        }
        return received.getFirst();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(ReceivedRequest.of(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    exchange.getRequestBody().readAllBytes(),
                    exchange.getRemoteAddress().getPort()));
            headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            boolean hasBody = body.length > 0 && !exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, hasBody ? body.length : -1);
            if (hasBody) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
