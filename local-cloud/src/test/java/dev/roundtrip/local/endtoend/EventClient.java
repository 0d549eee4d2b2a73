package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client of the local API's events that speaks plain HTTP/1.0: no chunks, and a connection that ends with the
 * stream.
 */
final class EventClient implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;
    private final List<String> head = new ArrayList<>();
    private String id = "";

    /** One event, with the id after which a stream goes on. */
    record Read(String id, String kind, JsonNode data) {}

    private EventClient(Socket socket) throws IOException {
        this.socket = socket;
        this.lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
            head.add(line);
        }
    }

    /** @param query of the path, such as {@code kind=call}
     * @param after the header Last-Event-ID; null for none
     */
    static EventClient open(OwnApi api, String query, @Nullable String after) throws Exception {
        Socket socket = new Socket();
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), api.port()));
        String request = "GET /_roundtrip/v1/events?" + query + " HTTP/1.0\r\nHost: 127.0.0.1:" + api.port()
                + "\r\nAuthorization: Bearer " + api.token() + "\r\n"
                + (after == null ? "" : "Last-Event-ID: " + after + "\r\n") + "\r\n";
        socket.getOutputStream().write(request.getBytes(UTF_8));
        return new EventClient(socket);
    }

    int status() {
        return Integer.parseInt(head.getFirst().split(" ", -1)[1]);
    }

    /** Status line and headers. */
    List<String> head() {
        return head;
    }

    /** After which event the stream goes on. */
    String id() {
        return id;
    }

    /** The next event; comments are passed over. */
    Read next() throws IOException {
        String kind = "message";
        String data = "";
        String nextId = id;
        while (true) {
            String line = lines.readLine();
            if (line == null) {
                throw new IOException("the stream has ended");
            }
            if (line.startsWith("id: ")) {
                nextId = line.substring(4);
            } else if (line.startsWith("event: ")) {
                kind = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty()) {
                id = nextId;
                if (!data.isEmpty()) {
                    return new Read(id, kind, Json.mapper().readTree(data));
                }
            }
        }
    }

    /** Reads until the stream says how far it is. */
    String firstId() throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
                return id;
            }
        }
        throw new IOException("the stream has ended");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
