package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.invoke.AbsencePolicy;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.dataplane.DataPlane;
import dev.roundtrip.invoke.dataplane.HttpDataPlane;
import dev.roundtrip.invoke.mqtt.BrokerAddress;
import dev.roundtrip.invoke.mqtt.CrtCredentials;
import dev.roundtrip.invoke.mqtt.GatewayCredentials;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.app.StateOptions;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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

    private ScriptedDataPlane server(String answer) throws Exception {
        return new ScriptedDataPlane(state.serverIdentity(), line -> answer);
    }

    private static DataPlane client(int port, @Nullable Path authority) {
        return new HttpDataPlane(
                new BrokerAddress("127.0.0.1", port, "eu-central-1", authority),
                new CrtCredentials(new GatewayCredentials.Fixed("AKIDEXAMPLE", "secret", "token")),
                300,
                Clocks.SYSTEM);
    }

    private static Command command(Duration timeout) throws Exception {
        Route route = new Route(new ClientPrefix("gw"), MessageId.random(), new Target("pump"), new Method("open"));
        return new Command(
                route,
                route.requestTopic(),
                route.answerTopic(),
                "{}".getBytes(StandardCharsets.UTF_8),
                soon(timeout),
                AbsencePolicy.UNHEEDED);
    }

    private static Deadline soon(Duration timeout) {
        return Deadline.after(timeout, System::nanoTime);
    }

    private static String answer(int status, String errorType) {
        return ScriptedDataPlane.answer(status, errorType, "{}");
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
        // Not one of the operation's: nobody knows who said so, and when.
        "408, '', Perhaps",
        "409, ConflictException, Perhaps",
        "500, InternalFailureException, Perhaps",
        "503, '', Perhaps",
        "504, GatewayTimeoutException, Perhaps"
    })
    void every_reply_has_its_meaning(int status, String errorType, String meaning) throws Exception {
        try (ScriptedDataPlane server = server(answer(status, errorType))) {
            DataPlane client = client(server.port(), state.authorityFile());

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
        try (ScriptedDataPlane server = server(answer(200, ""))) {
            DataPlane client = client(server.port(), state.authorityFile());

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
        try (ScriptedDataPlane server = server("")) {
            DataPlane client = client(server.port(), state.authorityFile());

            assertThat(client.send(command(Duration.ofSeconds(20)))).isInstanceOf(DataPlane.Cut.class);

            assertThat(server.requests).hasValue(1);
            client.disconnect();
        }
    }

    @Test
    void broker_that_is_not_there_or_not_trusted_is_known_not_to_have_the_command() throws Exception {
        DataPlane nowhere = client(FreePort.any(), state.authorityFile());
        assertUnavailable(nowhere.send(command(Duration.ofSeconds(20))));
        try (ScriptedDataPlane server = server(answer(200, ""))) {
            DataPlane distrustful = client(server.port(), null);
            assertUnavailable(distrustful.send(command(Duration.ofSeconds(20))));
            assertThat(server.requests).hasValue(0);
            distrustful.disconnect();
        }
        nowhere.disconnect();
    }

    @Test
    void server_that_never_speaks_tls_is_known_not_to_have_the_command_in_time() throws Exception {
        try (ServerSocket mute = new ServerSocket(0)) {
            DataPlane client = client(mute.getLocalPort(), state.authorityFile());

            DataPlane.Sent sent = client.send(command(Duration.ofSeconds(1)));

            assertThat(sent).isInstanceOfAny(DataPlane.Refused.class, DataPlane.Cut.class);
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
