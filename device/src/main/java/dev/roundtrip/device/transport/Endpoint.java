package dev.roundtrip.device.transport;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a broker listens.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 */
public record Endpoint(String host, int port) {
    /** The port of MQTT over TLS. */
    public static final int DEFAULT_PORT = 8883;

    private static final Pattern TEXT =
            Pattern.compile("(?:\\[(?<six>[0-9a-fA-F:.%]+)]|(?<host>[a-zA-Z0-9._-]+))(?::(?<port>[0-9]{1,5}))?");

    /** @throws IllegalArgumentException when the host is empty or the port is out of range */
    public Endpoint {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("endpoint must have a host");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("endpoint's port must be 1 to 65535, but is " + port);
        }
    }

    /** Reads {@code HOST}, {@code HOST:PORT}, {@code [IPV6]} or {@code [IPV6]:PORT}; without a port,
     * {@link #DEFAULT_PORT}.
     *
     * @throws IllegalArgumentException when the text is none of these
     */
    public static Endpoint of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("endpoint must be HOST or HOST:PORT, without a scheme or path");
        }
        String host = matcher.group("six") == null ? matcher.group("host") : matcher.group("six");
        String port = matcher.group("port");
        return new Endpoint(host, port == null ? DEFAULT_PORT : Integer.parseInt(port));
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
