package dev.roundtrip.local.running;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.running.LocalApiException.Kind;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The local cloud that runs with a state directory; docs/local-api.md has its requests. Thread-safe. */
public final class RunningCloud implements AutoCloseable {
    /** The cloud is on this machine: an answer that takes longer does not come. Our choice. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int BUSY = 503;
    private static final int REFUSALS = 400;
    private static final int MAX_ERROR_BYTES = 64 * 1024;

    private final Path directory;
    private final URI base;
    private final String token;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /** @param base ends with a slash */
    RunningCloud(Path directory, URI base, String token) {
        this.directory = directory;
        this.base = base;
        this.token = token;
    }

    /** Finds the local cloud that runs with a state directory.
     *
     * @throws LocalApiException when none does
     * @throws StateException when the directory cannot be read
     */
    public static RunningCloud find(Path path) throws LocalApiException, StateException {
        // A directory is made when it is opened, and a question has no use for a new one.
        if (Files.isDirectory(path)) {
            StateDirectory directory = StateDirectory.open(path);
            String endpoint = directory.readEnvironment().get("API_ENDPOINT");
            Optional<String> token = directory.readToken();
            if (directory.isRunning() && endpoint != null && token.isPresent()) {
                return new RunningCloud(
                        path,
                        URI.create(endpoint).resolve("/_roundtrip/v1/"),
                        token.get().strip());
            }
        }
        throw new LocalApiException(
                Kind.NOT_RUNNING,
                "no local cloud runs with the state in " + path + ": start one with bin/local-cloud start, or name"
                        + " another directory with --state");
    }

    /** Asks a question.
     *
     * @param path below the root of the local API, without a slash in front
     */
    public JsonNode get(String path, Query query) throws LocalApiException, InterruptedException {
        return json(send(request(path, query).GET().build(), BodyHandlers.ofByteArray()));
    }

    /** Puts something in place of what is there. */
    public JsonNode put(String path, JsonNode body) throws LocalApiException, InterruptedException {
        return json(send(
                request(path, Query.EMPTY)
                        .PUT(BodyPublishers.ofByteArray(Json.write(body)))
                        .header("Content-Type", "application/json")
                        .build(),
                BodyHandlers.ofByteArray()));
    }

    /** Takes something away. */
    public JsonNode delete(String path) throws LocalApiException, InterruptedException {
        return json(send(request(path, Query.EMPTY).DELETE().build(), BodyHandlers.ofByteArray()));
    }

    /** Has something done. */
    public JsonNode post(String path) throws LocalApiException, InterruptedException {
        return json(
                send(request(path, Query.EMPTY).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofByteArray()));
    }

    /** Begins to read a stream of events.
     *
     * @param after the id of the last event that was read; empty for none
     */
    EventStream events(Query query, String after) throws LocalApiException, InterruptedException {
        HttpRequest.Builder request = request("events", query).GET().header("Accept", "text/event-stream");
        if (!after.isEmpty()) {
            request.header("Last-Event-ID", after);
        }
        HttpResponse<InputStream> response = send(request.build(), BodyHandlers.ofInputStream());
        if (response.statusCode() >= REFUSALS) {
            throw refused(response.statusCode(), bytes(response.body()));
        }
        return new EventStream(response.body(), after);
    }

    private HttpRequest.Builder request(String path, Query query) {
        return HttpRequest.newBuilder(base.resolve(path + query))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token);
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws LocalApiException, InterruptedException {
        try {
            return http.send(request, handler);
        } catch (IOException failed) {
            throw gone();
        }
    }

    private LocalApiException gone() {
        return new LocalApiException(
                Kind.NOT_RUNNING,
                "the local cloud with the state in " + directory + " does not answer: it has stopped, or stops now");
    }

    private JsonNode json(HttpResponse<byte[]> response) throws LocalApiException {
        if (response.statusCode() >= REFUSALS) {
            throw refused(response.statusCode(), response.body());
        }
        return read(response.body())
                .orElseThrow(() -> new LocalApiException(
                        Kind.REFUSED,
                        "what answers at " + base.getAuthority() + " is no local cloud of this version: start the local"
                                + " cloud again"));
    }

    private LocalApiException refused(int status, byte @Nullable [] body) {
        String message = body == null
                ? ""
                : read(body)
                        .map(json -> json.path("error").path("message").asText())
                        .orElse("");
        return switch (status) {
            case UNAUTHORIZED ->
                new LocalApiException(
                        Kind.REFUSED,
                        "the token in " + directory.resolve("token") + " is not that of the local cloud at "
                                + base.getAuthority() + ": another one runs there, or was started meanwhile");
            case BUSY ->
                new LocalApiException(Kind.BUSY, message.isEmpty() ? "the local cloud is busy: try again" : message);
            case NOT_FOUND -> new LocalApiException(Kind.NOT_FOUND, message.isEmpty() ? "it is not there" : message);
            default ->
                new LocalApiException(
                        Kind.REFUSED,
                        message.isEmpty() ? "the local cloud answers with HTTP status " + status : message);
        };
    }

    private static byte @Nullable [] bytes(InputStream body) {
        try (body) {
            return body.readNBytes(MAX_ERROR_BYTES);
        } catch (IOException broken) {
            return null;
        }
    }

    private static Optional<JsonNode> read(byte[] body) {
        try {
            return Optional.of(body.length == 0 ? Json.object() : Json.read(body));
        } catch (MalformedJsonException malformed) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
