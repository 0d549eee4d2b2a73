package dev.roundtrip.local.apigateway;

import dev.roundtrip.auth.sigv4.SignedRequest;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A caller that writes whatever it is told, byte by byte, and reads answers one by one. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    RawClient(LocalApi api) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), api.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** One answer; header names in any case. */
    record Answer(int status, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).getLast();
        }
    }

    static Answer call(LocalApi api, SignedRequest request) throws IOException {
        try (RawClient client = new RawClient(api)) {
            return client.send(request).read(!request.method().equals("HEAD"));
        }
    }

    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    public RawClient send(SignedRequest request) throws IOException {
        return send(bytes(request));
    }

    static byte[] bytes(SignedRequest request) {
        StringBuilder head = new StringBuilder(request.method() + " " + request.path()
                + (request.query().isEmpty() ? "" : "?" + request.query()) + " HTTP/1.1\r\n");
        request.headers().forEach(header -> head.append(header.name() + ": " + header.value() + "\r\n"));
        if (request.body().length > 0) {
            head.append("Content-Length: " + request.body().length + "\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(request.body());
        return bytes.toByteArray();
    }

    Answer read() throws IOException {
        return read(true);
    }

    Answer read(boolean withBody) throws IOException {
        int status = Integer.parseInt(line().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon), absent -> new ArrayList<>())
                    .add(line.substring(colon + 1).trim());
        }
        int length = Integer.parseInt(
                headers.getOrDefault("Content-Length", List.of("0")).getLast());
        String body = new String(withBody ? in.readNBytes(length) : new byte[0], StandardCharsets.UTF_8);
        return new Answer(status, headers, body);
    }

    /** Whether anything comes so soon; none of it is read. */
    boolean hasAnswerWithin(Duration time) throws Exception {
        Thread.sleep(time);
        return socket.getInputStream().available() > 0;
    }

    /** Whether something lies in the socket that is not read yet. */
    boolean hasAnswer() throws IOException {
        return socket.getInputStream().available() > 0;
    }

    /** Whether more lies in the socket than a server writes at once. */
    boolean hasMoreThanABufferToRead() throws IOException {
        return socket.getInputStream().available() > 64 * 1024;
    }

    /** How many bytes still come before the other end closes. */
    long readUntilClosed() throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long bytes = 0;
        try {
            for (int more = in.read(buffer); more > 0; more = in.read(buffer)) {
                bytes += more;
            }
        } catch (SocketException e) {
            return bytes;
        }
        return bytes;
    }

    /** Whether the other end has closed; waits for it. */
    boolean isClosedByServer() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    /** The same, when an answer may come before that. */
    boolean isClosedByServerAtLast() throws IOException {
        try {
            in.readAllBytes();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("closed after '" + line + "'");
            }
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
