package dev.roundtrip.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FailureTest {
    private final Shell shell = Shell.of(Account.plain());

    @Test
    void closed_port_is_told() throws IOException {
        String url;
        try (ServerSocket listener = listener()) {
            url = url(listener);
        }

        Shell.Ended ended = shell.run(url);

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .contains("nothing answers at localhost:", "is it started")
                .hasLineCount(1);
    }

    @Test
    void unknown_host_is_told() {
        Shell.Ended ended = shell.run("http://no-such-host.invalid/");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains("no host is known as no-such-host.invalid")
                .hasLineCount(1);
    }

    @Test
    void silent_server_is_waited_for_as_long_as_allowed() throws IOException {
        try (ServerSocket silent = listener()) {
            Shell.Ended ended = shell.run("--max-time", "0.2", url(silent));

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("within 200 ms", "--max-time", "look before repeating")
                    .hasLineCount(1);
        }
    }

    @Test
    void answer_that_stops_half_way_is_waited_for_as_long_as_allowed() throws Exception {
        try (ServerSocket listener = listener()) {
            Thread.ofVirtual().start(() -> answer(listener, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));

            Shell.Ended ended = shell.run("--max-time", "0.5", url(listener));

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err()).contains("within 500 ms").hasLineCount(1);
        }
    }

    @Test
    void answer_that_is_no_http_is_told() throws Exception {
        try (ServerSocket listener = listener()) {
            Thread.ofVirtual().start(() -> answer(listener, "SSH-2.0-OpenSSH_9.2\r\n"));

            Shell.Ended ended = shell.run(url(listener));

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err()).contains("no answer from localhost:").hasLineCount(1);
        }
    }

    static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    static String url(ServerSocket listener) {
        return "http://localhost:" + listener.getLocalPort() + "/";
    }

    /** Takes one connection, answers the request with this text and leaves the connection open. */
    @SuppressWarnings("resource") // Closed by the other side, or when the process ends.
    static void answer(ServerSocket listener, String text) {
        try {
            Socket socket = listener.accept();
            socket.getInputStream().read();
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
