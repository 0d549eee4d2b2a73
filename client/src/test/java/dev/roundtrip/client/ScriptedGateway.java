package dev.roundtrip.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A gateway with a story: it gives one scripted answer for each call, in their order, and the last one to every call
 * after that. It remembers what it was asked.
 */
final class ScriptedGateway implements AutoCloseable {
    static final String ID = "7b3f0c1a-52d4-4a0e-9b1c-0123456789ab";

    /** Where the access key is planted, to be looked for afterwards. */
    static final AwsCredentialsIdentity CREDENTIALS =
            AwsCredentialsIdentity.create("AKIDEXAMPLE", "planted-secret-key");

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Step> story = new ConcurrentLinkedQueue<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** What was asked. */
    record Received(String method, String path, Map<String, List<String>> headers, String text, int clientPort) {
        /** The only value of a header; empty when it is not there. */
        String header(String name) {
            return String.join(", ", headers.getOrDefault(name, List.of()));
        }

        JsonNode body() {
            try {
                return Json.read(text.getBytes(StandardCharsets.UTF_8));
            } catch (MalformedJsonException unread) {
                throw new AssertionError(unread);
            }
        }
    }

    /** What the gateway does with one call. */
    sealed interface Step {
        /** It answers.
         *
         * @param headers one {@code Name: value} each
         */
        record Answer(int status, String body, List<String> headers) implements Step {}

        /** It closes the connection without an answer. */
        record Cut() implements Step {}

        /** It promises more bytes than it sends, and closes the connection. */
        record Truncated(String body) implements Step {}

        /** It does not answer until the end. */
        record Silence() implements Step {}
    }

    ScriptedGateway() throws IOException {
        this(0);
    }

    /** @param port 0 for any that is free */
    ScriptedGateway(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(executor);
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                received.add(new Received(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        Map.copyOf(exchange.getRequestHeaders()),
                        new String(body, StandardCharsets.UTF_8),
                        exchange.getRemoteAddress().getPort()));
                Step step = story.size() > 1 ? story.remove() : story.element();
                switch (step) {
                    case Step.Answer answer -> {
                        for (String header : answer.headers()) {
                            String[] parts = header.split(": ", 2);
                            exchange.getResponseHeaders().add(parts[0], parts[1]);
                        }
                        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
                        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
                        exchange.getResponseBody().write(bytes);
                    }
                    case Step.Cut cut -> {}
                    case Step.Truncated truncated -> {
                        byte[] bytes = truncated.body().getBytes(StandardCharsets.UTF_8);
                        exchange.sendResponseHeaders(200, bytes.length + 10L);
                        exchange.getResponseBody().write(bytes);
                        exchange.getResponseBody().flush();
                    }
                    case Step.Silence silence -> ended.await();
                }
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    ScriptedGateway then(Step step) {
        story.add(step);
        return this;
    }

    ScriptedGateway answering(int status, String body, String... headers) {
        return then(new Step.Answer(status, body, List.of(headers)));
    }

    ScriptedGateway ok(String response) {
        return answering(200, "{\"result\":\"ok\",\"id\":\"" + ID + "\",\"response\":" + response + "}");
    }

    /** A result of the function without further fields. */
    ScriptedGateway result(int status, String result, String... headers) {
        return answering(
                status,
                "{\"result\":\"" + result + "\",\"id\":\"" + ID + "\",\"error\":{\"code\":\"" + result
                        + "\",\"message\":\"said so\"}}",
                headers);
    }

    List<Received> received() {
        return received;
    }

    Received only() {
        if (received.size() != 1) {
            throw new AssertionError("asked " + received.size() + " times");
        }
        return received.getFirst();
    }

    URI uri() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/Prod/invoke");
    }

    ClientSettings settings() {
        return ClientSettings.at(uri(), Map.of()).withRegion("eu-central-1").withCredentials(CREDENTIALS);
    }

    /** A client that waits by the test's clock, and never by chance. */
    Roundtrip client(TestTime time) {
        return Roundtrip.at(settings(), time, new Pauses(() -> 0));
    }

    Roundtrip client() {
        return client(new TestTime());
    }

    @Override
    public void close() {
        ended.countDown();
        server.stop(0);
        executor.shutdownNow();
    }

    /** A clock that only the waits between tries move. */
    static class TestTime implements Time {
        private final List<Duration> pauses = new CopyOnWriteArrayList<>();
        private volatile long nanos;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public synchronized void pause(Duration pause) {
            pauses.add(pause);
            nanos += pause.toNanos();
        }

        /** The waits so far. */
        List<Duration> pauses() {
            return pauses;
        }
    }
}
