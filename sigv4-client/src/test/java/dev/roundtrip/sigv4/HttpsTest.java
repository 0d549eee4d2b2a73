package dev.roundtrip.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsTest {
    private final Shell shell = Shell.of(Account.plain());
    private final PrivateAuthority authority = new PrivateAuthority();

    @TempDir
    private Path directory;

    @Test
    void server_of_a_private_authority_is_called_when_it_is_named() throws Exception {
        try (RecordingServer server = RecordingServer.https(authority.server("localhost", Instant.now()))) {
            Path pem = authority.writePem(directory.resolve("ca.pem"));

            Shell.Ended ended = shell.run("--ca", pem.toString(), server.url("/x"));

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(Account.CHECK.accepts(server.only())).isTrue();
        }
    }

    @Test
    void server_of_an_unknown_authority_gets_nothing() throws Exception {
        try (RecordingServer server = RecordingServer.https(authority.server("localhost", Instant.now()))) {
            Path foreign = new PrivateAuthority().writePem(directory.resolve("ca.pem"));

            assertThat(shell.run(server.url("/x")))
                    .matches(ended -> ended.code() == 1 && ended.err().contains("--ca FILE"));
            assertThat(shell.run("--ca", foreign.toString(), server.url("/x")))
                    .matches(ended -> ended.code() == 1 && ended.err().contains("no trusted authority"));
            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void certificate_for_another_name_is_refused() throws Exception {
        try (RecordingServer server = RecordingServer.https(authority.server("elsewhere", Instant.now()))) {
            Path pem = authority.writePem(directory.resolve("ca.pem"));

            Shell.Ended ended = shell.run("--ca", pem.toString(), server.url("/x"));

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err()).contains("not acceptable", "localhost");
            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void expired_certificate_is_refused() throws Exception {
        Instant longAgo = Instant.now().minus(Duration.ofDays(9));
        try (RecordingServer server = RecordingServer.https(authority.server("localhost", longAgo))) {
            Path pem = authority.writePem(directory.resolve("ca.pem"));

            Shell.Ended ended = shell.run("--ca", pem.toString(), server.url("/x"));

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err()).contains("expired").hasLineCount(1);
        }
    }

    @Test
    void https_to_a_server_that_speaks_http_is_told() throws Exception {
        try (ServerSocket listener = FailureTest.listener()) {
            Thread.ofVirtual().start(() -> FailureTest.answer(listener, "HTTP/1.1 400 Bad Request\r\n\r\n"));

            Shell.Ended ended = shell.run(FailureTest.url(listener).replace("http:", "https:"));

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err()).contains("does it speak https?").hasLineCount(1);
        }
    }

    @Test
    void file_without_a_certificate_is_wrong_usage() throws Exception {
        Path pem = Files.writeString(directory.resolve("ca.pem"), "nothing");

        Shell.Ended ended = shell.run("--ca", pem.toString(), "https://localhost/");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("certificate");
    }

    @Test
    void file_of_authorities_that_cannot_be_read_is_told_with_the_systems_reason() throws Exception {
        Path file = Files.writeString(directory.resolve("ca.pem"), "nothing");
        Path below = file.resolve("below");

        Shell.Ended ended = shell.run("--ca", below.toString(), "https://localhost/");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).startsWith("sigv4-client: " + below + " cannot be read: Not a directory\n");
    }
}
