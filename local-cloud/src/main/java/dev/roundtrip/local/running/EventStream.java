package dev.roundtrip.local.running;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Server-sent events, one after the other. For one thread.
 *
 * <p>Source: HTML Living Standard, section 9.2, "Server-sent events".
 */
final class EventStream implements AutoCloseable {
    private final BufferedReader lines;
    private String id;
    private String nextId;

    /** @param id of the last event that was read before */
    EventStream(InputStream bytes, String id) {
        this.lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
        this.id = id;
        this.nextId = id;
    }

    /** After which event the stream goes on when it is opened again; empty when nobody knows. */
    String id() {
        return id;
    }

    /** Blocks until there is another event; empty when the stream has ended.
     *
     * @throws IOException when the stream breaks, or the thread is interrupted
     */
    Optional<ServerEvent> next() throws IOException {
        String kind = "message";
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
            switch (name) {
                case "id" -> nextId = value;
                case "event" -> kind = value;
                case "data" -> data.append(value);
                default -> {} // A comment, which has no name, or a field that is not ours.
            }
            if (line.isEmpty()) {
                id = nextId;
                if (!data.isEmpty()) {
                    return Optional.of(new ServerEvent(id, kind, json(data.toString())));
                }
            }
        }
        return Optional.empty();
    }

    private static JsonNode json(String text) throws IOException {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedJsonException malformed) {
            throw new IOException("an event is no JSON: " + malformed.getMessage(), malformed);
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
