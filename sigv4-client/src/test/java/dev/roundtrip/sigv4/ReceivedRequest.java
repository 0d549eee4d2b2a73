package dev.roundtrip.sigv4;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a server saw of a request.
 *
 * @param target the request target as it stood in the request line
 * @param headers by name, without regard to case
 * @param connection the caller's port, which tells one connection from another
 */
@SuppressWarnings("ArrayRecordComponent")
record ReceivedRequest(
        String method, String target, TreeMap<String, List<String>> headers, byte[] body, int connection) {

    static ReceivedRequest of(String method, String target, Map<String, List<String>> headers, byte[] body, int port) {
        TreeMap<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        return new ReceivedRequest(method, target, byName, body, port);
    }

    String header(String name) {
        return String.join(",", headers.getOrDefault(name, List.of()));
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    String path() {
        return target.split("\\?", 2)[0];
    }

    String query() {
        return target.contains("?") ? target.split("\\?", 2)[1] : "";
    }
}
