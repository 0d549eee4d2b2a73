package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.invoke.Absence;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.dataplane.DataPlane;
import dev.roundtrip.invoke.dataplane.HttpDataPlane;
import dev.roundtrip.invoke.mqtt.BrokerAddress;
import dev.roundtrip.invoke.mqtt.CrtCredentials;
import dev.roundtrip.invoke.mqtt.GatewayCredentials;
import dev.roundtrip.local.state.StateDirectory;
import dev.roundtrip.local.state.StateOptions;
import dev.roundtrip.local.state.TlsIdentity;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the gateway makes of a data plane that refuses, fails, breaks off, or is not there. */
class DataPlaneClientIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private StateDirectory state;

    @BeforeEach
    void open() throws Exception {
        state = StateDirectory.open(directory.resolve("state"), StateOptions.defaults());
    }

    /** Reads each request to its end, and answers with the same bytes, or with a broken connection. */
    private final class ScriptedServer implements AutoCloseable {
        private final ServerSocket listening;
        private final AtomicInteger connections = new AtomicInteger();
        private final AtomicInteger requests = new AtomicInteger();
        private final String answer;

        ScriptedServer(String answer) throws Exception {
            this.answer = answer;
            TlsIdentity identity = state.serverIdentity();
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(keys.getKeyManagers(), null, null);
            listening = tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            while (!listening.isClosed()) {
                try {
                    Socket socket = listening.accept();
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                OutputStream out = socket.getOutputStream();
                while (true) {
                    int length = 0;
                    String line = in.readLine();
                    if (line == null) {
                        return;
                    }
                    while (!line.isEmpty()) {
                        if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                            length = Integer.parseInt(line.substring(15).strip());
                        }
                        line = in.readLine();
                    }
                    for (int i = 0; i < length; i++) {
                        in.read();
                    }
                    requests.incrementAndGet();
                    if (answer.isEmpty()) {
                        return;
                    }
                    out.write(answer.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                    out.flush();
                }
            } catch (IOException gone) {
                // The client has had enough, or does not trust us.
            }
        }

        DataPlane client(@Nullable Path authority) {
            return client(listening.getLocalPort(), authority);
        }

        static DataPlane client(int port, @Nullable Path authority) {
            return new HttpDataPlane(
                    new BrokerAddress("127.0.0.1", port, "eu-central-1", authority),
                    new CrtCredentials(new GatewayCredentials.Fixed("AKIDEXAMPLE", "secret", "token")));
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    private static Command command(Duration timeout) throws Exception {
        Route route = new Route(new ClientPrefix("gw"), MessageId.random(), new Target("pump"), new Method("open"));
        return new Command(
                route,
                route.requestTopic(),
                route.answerTopic(),
                "{}".getBytes(StandardCharsets.UTF_8),
                soon(timeout),
                Absence.UNHEEDED);
    }

    private static Deadline soon(Duration timeout) {
        return Deadline.after(timeout, System::nanoTime);
    }

    private static String answer(int status, String errorType) {
        return "HTTP/1.1 " + status + " Said\nContent-Length: 2\nx-amzn-ErrorType: " + errorType + "\n\n{}";
    }

    @ParameterizedTest
    @CsvSource({
        "200, '', Perhaps",
        "404, ResourceNotFoundException, NotConnected",
        "404, ResourceNotFoundException:http://internal, NotConnected",
        "404, '', Refused",
        "400, InvalidRequestException, Refused",
        "403, ForbiddenException, Refused",
        "413, RequestEntityTooLargeException, Refused",
        "429, ThrottlingException, Refused",
        "500, InternalFailureException, Perhaps",
        "503, '', Perhaps",
        "504, GatewayTimeoutException, Perhaps"
    })
    void every_reply_has_its_meaning(int status, String errorType, String meaning) throws Exception {
        try (ScriptedServer server = new ScriptedServer(answer(status, errorType))) {
            DataPlane client = server.client(state.authorityFile());

            DataPlane.Sent sent = client.send(command(Duration.ofSeconds(20)));

            assertThat(sent.getClass().getSimpleName()).isEqualTo(meaning);
            if (sent instanceof DataPlane.Refused refused) {
                Class<?> expected = switch (status) {
                    case 413 -> InvocationResult.TooLarge.class;
                    case 429 -> InvocationResult.Throttled.class;
                    default -> InvocationResult.Unavailable.class;
                };
                assertThat(refused.result()).isInstanceOf(expected);
            }
            assertThat(server.requests).hasValue(1);
            client.disconnect();
        }
    }

    @Test
    void requests_share_a_connection() throws Exception {
        try (ScriptedServer server = new ScriptedServer(answer(200, ""))) {
            DataPlane client = server.client(state.authorityFile());

            for (int i = 0; i < 10; i++) {
                assertThat(client.send(command(Duration.ofSeconds(20)))).isInstanceOf(DataPlane.Perhaps.class);
            }

            assertThat(server.requests).hasValue(10);
            assertThat(server.connections).hasValue(1);
            client.disconnect();
        }
    }

    @Test
    void connection_that_breaks_after_the_command_leaves_it_open_and_nothing_is_sent_again() throws Exception {
        try (ScriptedServer server = new ScriptedServer("")) {
            DataPlane client = server.client(state.authorityFile());

            assertThat(client.send(command(Duration.ofSeconds(20)))).isInstanceOf(DataPlane.Perhaps.class);

            assertThat(server.requests).hasValue(1);
            client.disconnect();
        }
    }

    @Test
    void broker_that_is_not_there_or_not_trusted_is_known_not_to_have_the_command() throws Exception {
        DataPlane nowhere = ScriptedServer.client(FreePort.any(), state.authorityFile());
        assertUnavailable(nowhere.send(command(Duration.ofSeconds(20))));
        try (ScriptedServer server = new ScriptedServer(answer(200, ""))) {
            DataPlane distrustful = server.client(null);
            assertUnavailable(distrustful.send(command(Duration.ofSeconds(20))));
            assertThat(server.requests).hasValue(0);
            distrustful.disconnect();
        }
        nowhere.disconnect();
    }

    @Test
    void server_that_never_speaks_tls_is_known_not_to_have_the_command_in_time() throws Exception {
        try (ServerSocket mute = new ServerSocket(0)) {
            DataPlane client = ScriptedServer.client(mute.getLocalPort(), state.authorityFile());

            DataPlane.Sent sent = client.send(command(Duration.ofSeconds(1)));

            assertThat(sent).isInstanceOfAny(DataPlane.Refused.class, DataPlane.Perhaps.class);
            client.disconnect();
        }
    }

    private static void assertUnavailable(DataPlane.Sent sent) {
        assertThat(sent)
                .isInstanceOfSatisfying(
                        DataPlane.Refused.class,
                        refused -> assertThat(refused.result()).isInstanceOf(InvocationResult.Unavailable.class));
    }
}
