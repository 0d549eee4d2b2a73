package dev.roundtrip.local.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;

/** Says one HTTP request by hand and hears its answer until the server closes. */
public final class RawHttp {
    private RawHttp() {}

    /** What came back. */
    public record Answer(int status, String headers, String body) {}

    static Answer upgrade(SSLContext tls, int port, String path, String subprotocol) throws IOException {
        return exchange(tls, port, """
                GET %s HTTP/1.1
                Host: localhost
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Protocol: %s

                """.formatted(path, subprotocol));
    }

    /** Shows the answer's status and headers; whatever follows is left alone. */
    static String head(SSLContext tls, int port, String request) throws IOException {
        try (Socket socket = tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(ISO_8859_1));
            StringBuilder head = new StringBuilder();
            int next = 0;
            while (next >= 0 && head.indexOf("\r\n\r\n") < 0) {
                next = socket.getInputStream().read();
                head.append((char) next);
            }
            return head.toString();
        }
    }

    public static Answer exchange(SSLContext tls, int port, String request) throws IOException {
        try (Socket socket = tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            int end = answer.indexOf("\r\n\r\n");
            return new Answer(
                    Integer.parseInt(answer.substring(9, 12)), answer.substring(0, end), answer.substring(end + 4));
        }
    }
}
