package dev.roundtrip.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.client.Outcome.DidNotRun;
import dev.roundtrip.client.Outcome.MayHaveRun;
import dev.roundtrip.client.Outcome.Ok;
import dev.roundtrip.client.ScriptedGateway.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Connections that are missing, lost, kept and shared. */
class ConnectionTest extends ScriptedCalls {
    private static DidNotRun.Reason reasonAt(String endpoint) throws InterruptedException {
        ClientSettings settings = ClientSettings.at(URI.create(endpoint), Map.of())
                .withRegion("eu-central-1")
                .withCredentials(ScriptedGateway.CREDENTIALS);
        try (Roundtrip client = Roundtrip.at(settings)) {
            Outcome outcome = client.call("pump-1")
                    .method("start")
                    .within(Duration.ofSeconds(5))
                    .json(1);
            return ((DidNotRun) outcome).reason();
        }
    }

    @Test
    void closed_port_means_that_nothing_ran() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        assertThat(reasonAt("http://localhost:" + port + "/Prod/invoke")).isEqualTo(DidNotRun.Reason.UNREACHABLE);
    }

    @Test
    void unknown_host_means_that_nothing_ran() throws Exception {
        assertThat(reasonAt("http://nowhere.invalid/Prod/invoke")).isEqualTo(DidNotRun.Reason.UNREACHABLE);
    }

    @Test
    void server_without_tls_means_that_nothing_ran() throws Exception {
        assertThat(reasonAt(gateway.uri().toString().replace("http:", "https:")))
                .isEqualTo(DidNotRun.Reason.UNREACHABLE);
        assertThat(gateway.received()).isEmpty();
    }

    @Test
    void server_that_hangs_up_in_the_handshake_means_that_nothing_ran() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!server.isClosed()) {
                    try (Socket caller = server.accept()) {
                        int unused = caller.getInputStream().read();
                    } catch (IOException over) {
                        // The next one, or the end.
                    }
                }
            });

            assertThat(reasonAt("https://localhost:" + server.getLocalPort() + "/Prod/invoke"))
                    .isEqualTo(DidNotRun.Reason.UNREACHABLE);
        }
    }

    @Test
    void connection_that_is_lost_after_the_request_means_that_it_may_have_run() throws Exception {
        gateway.then(new Step.Cut());

        assertThat(roundtrip.call("pump-1").method("start").json(1))
                .isInstanceOfSatisfying(
                        MayHaveRun.class,
                        unknown -> assertThat(unknown.reason()).isEqualTo(MayHaveRun.Reason.NO_ANSWER));
    }

    @Test
    void connection_that_is_lost_within_the_answer_means_that_it_may_have_run() throws Exception {
        gateway.then(new Step.Truncated("{\"result\":\"ok\",\"response\":1}"));

        assertThat(roundtrip.call("pump-1").method("start").json(1))
                .isInstanceOfSatisfying(
                        MayHaveRun.class,
                        unknown -> assertThat(unknown.reason()).isEqualTo(MayHaveRun.Reason.NO_ANSWER));
    }

    /** The network is gone when the first wait begins, and back after the second. */
    private final class Outage extends ScriptedGateway.TestTime implements AutoCloseable {
        private final int port = gateway.uri().getPort();
        private @Nullable ScriptedGateway back;

        @Override
        public synchronized void pause(Duration pause) {
            super.pause(pause);
            gateway.close();
            if (pauses().size() == 2) {
                try {
                    back = new ScriptedGateway(port).ok("42");
                } catch (IOException taken) {
                    throw new UncheckedIOException(taken);
                }
            }
        }

        @Override
        public void close() {
            if (back != null) {
                back.close();
            }
        }
    }

    @Test
    void network_that_goes_after_a_lost_connection_and_comes_back_is_waited_for() throws Exception {
        gateway.then(new Step.Cut());
        try (Outage outage = new Outage();
                Roundtrip client = gateway.client(outage)) {

            Outcome outcome =
                    client.call("pump-1").method("start").key("order-7").json(1);

            assertThat(outcome).isInstanceOf(Ok.class);
            assertThat(outcome.facts().tries()).isEqualTo(3);
            assertThat(outcome.facts().unknown()).isEqualTo(1);
        }
    }

    @Test
    void network_that_stays_away_leaves_it_unknown_whether_the_first_try_ran() throws Exception {
        gateway.then(new Step.Cut());
        ScriptedGateway.TestTime time = new ScriptedGateway.TestTime() {
            @Override
            public synchronized void pause(Duration pause) {
                super.pause(pause);
                gateway.close();
            }
        };
        try (Roundtrip client = gateway.client(time)) {

            Outcome outcome =
                    client.call("pump-1").method("start").key("order-7").json(1);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            MayHaveRun.class,
                            unknown -> assertThat(unknown.last()).isInstanceOf(DidNotRun.class));
        }
    }

    @Test
    void network_that_goes_between_two_calls_and_comes_back_is_waited_for() throws Exception {
        gateway.ok("1").ok("1");
        try (Outage outage = new Outage();
                Roundtrip client = gateway.client(outage)) {
            Call call = client.call("pump-1").method("start");
            assertThat(call.json(1)).isInstanceOf(Ok.class);
            gateway.close();

            Outcome outcome = call.json(2);

            assertThat(outcome).isInstanceOf(Ok.class);
            assertThat(outcome.facts().tries()).isEqualTo(3);
            assertThat(outcome.facts().unknown()).isZero();
        }
    }

    @Test
    void server_that_does_not_answer_is_given_up_at_the_deadline() throws Exception {
        gateway.then(new Step.Silence());
        try (Roundtrip client = Roundtrip.at(gateway.settings())) {

            Outcome outcome =
                    client.call("pump-1").method("start").within(Call.SHORTEST).json(1);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            MayHaveRun.class,
                            unknown -> assertThat(unknown.reason()).isEqualTo(MayHaveRun.Reason.NO_ANSWER));
        }
    }

    @Test
    void answer_that_is_too_long_is_not_read_to_its_end() throws Exception {
        gateway.ok("\"" + "x".repeat(HttpExchange.MAX_ANSWER_BYTES) + "\"").ok("1");

        Outcome outcome = roundtrip.call("pump-1").method("start").json(1);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        MayHaveRun.class,
                        unknown -> assertThat(unknown.reason()).isEqualTo(MayHaveRun.Reason.UNREADABLE_ANSWER));
        assertThat(roundtrip.call("pump-1").method("start").json(1)).isInstanceOf(Ok.class);
    }

    @Test
    void redirect_is_not_followed() throws Exception {
        gateway.answering(307, "", "Location: " + gateway.uri() + "/elsewhere").ok("1");

        assertThat(roundtrip.call("pump-1").method("start").json(1)).isInstanceOf(MayHaveRun.class);

        assertThat(gateway.only().path()).isEqualTo("/Prod/invoke/pump-1/start");
    }

    @Test
    void connection_is_used_again() throws Exception {
        gateway.ok("1");

        for (int i = 0; i < 5; i++) {
            assertThat(roundtrip.call("pump-1").method("start").json(i)).isInstanceOf(Ok.class);
        }

        assertThat(gateway.received())
                .extracting(ScriptedGateway.Received::clientPort)
                .containsOnly(gateway.received().getFirst().clientPort());
    }

    @Test
    void many_threads_share_a_client() throws Exception {
        gateway.ok("1");
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int request = i;
                calls.add(callers.submit(
                        () -> roundtrip.call("pump-1").method("start").json(request)));
            }

            for (Future<Outcome> call : calls) {
                assertThat(call.get()).isInstanceOf(Ok.class);
            }
        }
        assertThat(gateway.received())
                .extracting(request -> request.body().path("request").intValue())
                .doesNotHaveDuplicates()
                .hasSize(200);
    }

    @Test
    void interrupt_ends_a_call_that_waits_for_its_answer() throws Exception {
        gateway.then(new Step.Silence());
        try (ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Future<?> call = caller.submit(() -> {
                try {
                    roundtrip.call("pump-1").method("start").json(1);
                } catch (InterruptedException expected) {
                    thrown.set(expected);
                }
            });
            await().until(() -> gateway.received().size() == 1);

            call.cancel(true);

            await().untilAsserted(() -> assertThat(thrown.get()).isInstanceOf(InterruptedException.class));
        }
    }

    @Test
    void interrupt_ends_a_call_that_waits_for_its_next_try() throws Exception {
        gateway.result(503, "offline", "Retry-After: 3600");
        try (Roundtrip client = Roundtrip.at(gateway.settings());
                ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Future<?> call = caller.submit(() -> {
                try {
                    client.call("pump-1").method("start").within(Call.LONGEST).json(1);
                } catch (InterruptedException expected) {
                    thrown.set(expected);
                }
            });
            await().until(() -> gateway.received().size() == 1);

            call.cancel(true);

            await().untilAsserted(() -> assertThat(thrown.get()).isInstanceOf(InterruptedException.class));
        }
    }

    @Test
    void closing_ends_calls_that_wait_and_refuses_others() throws Exception {
        gateway.then(new Step.Silence());
        try (ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            Call call = roundtrip.call("pump-1").method("start");
            Future<Outcome> waiting = caller.submit(() -> call.json(1));
            await().until(() -> gateway.received().size() == 1);

            roundtrip.close();

            assertThat(waiting.get()).isInstanceOf(MayHaveRun.class);
            assertThatThrownBy(() -> call.json(1)).isInstanceOf(IllegalStateException.class);
        }
    }
}
