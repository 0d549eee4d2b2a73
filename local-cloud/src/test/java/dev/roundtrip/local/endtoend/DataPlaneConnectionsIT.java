package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connections to the data plane are used, for how long, and how many there are. */
class DataPlaneConnectionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Target PUMP = new Target("pump");
    private static final String OK = ScriptedDataPlane.answer(200, "", "{}");
    private static final int MOST_MESSAGES = 5;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private StateDirectory state;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Instant wall = Instant.parse("2026-11-21T08:00:00Z");
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);

    @BeforeEach
    void open() throws Exception {
        state = StateDirectory.open(directory.resolve("state"), StateOptions.defaults());
    }

    @AfterEach
    void close() {
        callers.close();
    }

    private ScriptedDataPlane server(ScriptedDataPlane.Script script) throws Exception {
        return new ScriptedDataPlane(state.serverIdentity(), script);
    }

    /** By clocks that this test moves. */
    private DataPlane client(ScriptedDataPlane server) {
        return new HttpDataPlane(
                new BrokerAddress("127.0.0.1", server.port(), "eu-central-1", state.authorityFile()),
                new CrtCredentials(new GatewayCredentials.Fixed("AKIDEXAMPLE", "secret", "token")),
                MOST_MESSAGES,
                new Clocks(() -> wall, nanos::get));
    }

    private void pass(Duration byTheWall, Duration monotonic) {
        wall = wall.plus(byTheWall);
        nanos.addAndGet(monotonic.toNanos());
    }

    private static Deadline within(Duration timeout) {
        return Deadline.after(timeout, System::nanoTime);
    }

    private static Command command(Duration timeout) throws Exception {
        Route route = new Route(new ClientPrefix("gw"), MessageId.random(), PUMP, new Method("open"));
        byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
        return new Command(
                route, route.requestTopic(), route.answerTopic(), payload, within(timeout), AbsencePolicy.UNHEEDED);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, PT0S, 1",
        "PT2.9S, PT2.9S, 1",
        "PT3S, PT3S, 2",
        // One of the clocks stands still over the freeze, or the one on the wall is set.
        "PT1H, PT0S, 2",
        "PT0S, PT3S, 2",
        "PT-1H, PT0S, 2",
        "PT876000H, PT0.1S, 2"
    })
    void connection_of_before_a_freeze_carries_nothing_after_it(Duration byTheWall, Duration monotonic, int connections)
            throws Exception {
        try (ScriptedDataPlane server = server(line -> OK)) {
            DataPlane client = client(server);
            assertThat(client.send(command(PATIENCE))).isInstanceOf(DataPlane.Perhaps.class);

            pass(byTheWall, monotonic);
            assertThat(client.send(command(PATIENCE))).isInstanceOf(DataPlane.Perhaps.class);

            assertThat(server.requests).hasValue(2);
            assertThat(server.connections).hasValue(connections);
            // The one of before is closed as well.
            await().atMost(PATIENCE).until(() -> server.open() == 1);
            client.disconnect();
        }
    }

    @Test
    void answer_that_waited_over_a_freeze_is_no_sign_of_life() throws Exception {
        CountDownLatch frozen = new CountDownLatch(1);
        ScriptedDataPlane.Script late = line -> {
            frozen.await();
            return OK;
        };
        try (ScriptedDataPlane server = server(late)) {
            DataPlane client = client(server);
            Future<DataPlane.Sent> before = callers.submit(() -> client.send(command(PATIENCE)));
            await().atMost(PATIENCE).until(() -> server.requests.get() == 1);

            pass(Duration.ofHours(1), Duration.ZERO);
            frozen.countDown();
            assertThat(before.get()).isInstanceOf(DataPlane.Perhaps.class);
            assertThat(client.send(command(PATIENCE))).isInstanceOf(DataPlane.Perhaps.class);

            assertThat(server.connections).hasValue(2);
            client.disconnect();
        }
    }

    @Test
    void command_is_never_said_not_to_be_sent_when_the_server_hung_up_after_the_one_before() throws Exception {
        try (ScriptedDataPlane server = server(line -> OK + ScriptedDataPlane.LAST)) {
            DataPlane client = client(server);

            for (int i = 0; i < 100; i++) {
                int received = server.requests.get();
                DataPlane.Sent sent = client.send(command(PATIENCE));
                boolean arrived = server.requests.get() > received;
                assertThat(sent instanceof DataPlane.Refused && arrived).isFalse();
            }

            assertThat(server.requests.get()).isPositive();
            client.disconnect();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 Said\nContent-Length: 10\n\n{}", "HTTP/1.1 200 Sa"})
    void answer_that_stops_in_the_middle_is_none_when_the_time_is_over(String half) throws Exception {
        try (ScriptedDataPlane server = server(line -> half)) {
            DataPlane client = client(server);

            DataPlane.Sent sent = client.send(command(Duration.ofSeconds(1)));
            DataPlane.Asked<?> asked = client.connection(PUMP, within(Duration.ofSeconds(1)));

            assertThat(sent).isInstanceOf(DataPlane.Cut.class);
            assertThat(asked).isInstanceOf(DataPlane.Unanswered.class);
            // Nobody waits for the other half.
            await().atMost(PATIENCE).until(() -> server.open() == 0);
            client.disconnect();
        }
    }

    @Test
    void answer_that_is_too_long_is_none() throws Exception {
        String endless =
                ScriptedDataPlane.answer(200, "", "{\"connected\":true,\"pad\":\"" + "x".repeat(600_000) + "\"}");
        try (ScriptedDataPlane server = server(line -> endless)) {
            DataPlane client = client(server);

            assertThat(client.send(command(PATIENCE))).isInstanceOf(DataPlane.Cut.class);
            assertThat(client.connection(PUMP, within(PATIENCE))).isInstanceOf(DataPlane.Unanswered.class);

            assertThat(server.requests).hasValue(2);
            client.disconnect();
        }
    }

    @Test
    void device_that_never_confirms_holds_so_many_connections_and_no_more() throws Exception {
        CountDownLatch confirmed = new CountDownLatch(1);
        ScriptedDataPlane.Script mute = line -> {
            confirmed.await();
            return OK;
        };
        try (ScriptedDataPlane server = server(mute)) {
            DataPlane client = client(server);
            List<Future<DataPlane.Sent>> first = submit(MOST_MESSAGES, () -> client.send(command(PATIENCE)));
            await().atMost(PATIENCE).until(() -> server.requests.get() == MOST_MESSAGES);

            for (Future<DataPlane.Sent> beyond : submit(2_000, () -> client.send(command(PATIENCE)))) {
                assertThat(beyond.get())
                        .isInstanceOfSatisfying(
                                DataPlane.Refused.class,
                                refused -> assertThat(refused.result())
                                        .isInstanceOfSatisfying(
                                                InvocationResult.Throttled.class,
                                                throttled -> assertThat(throttled.message())
                                                        .contains("5 direct messages")));
            }

            confirmed.countDown();
            for (Future<DataPlane.Sent> sent : first) {
                assertThat(sent.get()).isInstanceOf(DataPlane.Perhaps.class);
            }
            assertThat(server.requests).hasValue(MOST_MESSAGES);
            assertThat(server.mostOpen()).isEqualTo(MOST_MESSAGES);
            // With the answers there is room again, on the connections that are there.
            assertThat(client.send(command(PATIENCE))).isInstanceOf(DataPlane.Perhaps.class);
            assertThat(server.connections).hasValue(MOST_MESSAGES);
            client.disconnect();
            await().atMost(PATIENCE).until(() -> server.open() == 0);
        }
    }

    @Test
    void questions_wait_for_their_turn_and_leave_room_for_commands() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        ScriptedDataPlane.Script slow = line -> {
            if (line.startsWith("GET")) {
                told.await();
            }
            return ScriptedDataPlane.answer(200, "", "{\"connected\":true}");
        };
        try (ScriptedDataPlane server = server(slow)) {
            DataPlane client = client(server);
            List<Future<DataPlane.Asked<DataPlane.Connection>>> questions =
                    submit(500, () -> client.connection(PUMP, within(PATIENCE)));
            await().atMost(PATIENCE).until(() -> server.requests.get() == 32);

            assertThat(client.send(command(PATIENCE))).isInstanceOf(DataPlane.Perhaps.class);

            told.countDown();
            for (Future<DataPlane.Asked<DataPlane.Connection>> question : questions) {
                assertThat(question.get()).isInstanceOf(DataPlane.Answered.class);
            }
            assertThat(server.mostOpen()).isEqualTo(33);
            client.disconnect();
        }
    }

    private <T> List<Future<T>> submit(int times, Callable<T> work) {
        List<Future<T>> submitted = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            submitted.add(callers.submit(work));
        }
        return submitted;
    }

    @Test
    void subscriptions_are_read_to_their_last_page() throws Exception {
        ScriptedDataPlane.Script pages = line -> {
            if (!line.contains("nextToken=")) {
                return page("", "\"a b/+&\"");
            }
            return line.contains("nextToken=a%20b%2F%2B%26 ")
                    ? page("{\"topicFilter\":\"pump/#\",\"qos\":1}", "\"second\"")
                    : page("{\"topicFilter\":\"pump/open/+/+\",\"qos\":1}", "null");
        };
        try (ScriptedDataPlane server = server(pages)) {
            DataPlane client = client(server);

            DataPlane.Asked<List<String>> asked = client.subscriptions(PUMP, within(PATIENCE));

            assertThat(asked)
                    .isInstanceOfSatisfying(
                            DataPlane.Answered.class,
                            answered -> assertThat(answered.answer()).isEqualTo(List.of("pump/#", "pump/open/+/+")));
            assertThat(server.requests).hasValue(3);
            client.disconnect();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"more\"", "7", "{}"})
    void empty_page_that_is_not_the_last_says_nothing(String token) throws Exception {
        try (ScriptedDataPlane server = server(line -> page("", token))) {
            DataPlane client = client(server);

            assertThat(client.subscriptions(PUMP, within(PATIENCE))).isInstanceOf(DataPlane.Unanswered.class);

            assertThat(server.requests.get()).isLessThanOrEqualTo(8);
            client.disconnect();
        }
    }

    @Test
    void pages_that_come_slowly_end_with_the_deadline() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        ScriptedDataPlane.Script slow = line -> {
            if (line.contains("nextToken=")) {
                never.await();
            }
            return page("{\"topicFilter\":\"pump/#\",\"qos\":1}", "\"more\"");
        };
        try (ScriptedDataPlane server = server(slow)) {
            DataPlane client = client(server);

            assertThat(client.subscriptions(PUMP, within(Duration.ofSeconds(1))))
                    .isInstanceOf(DataPlane.Unanswered.class);

            assertThat(server.lines.stream()
                            .map(line -> line.contains("nextToken="))
                            .collect(Collectors.toList()))
                    .containsExactly(false, true);
            never.countDown();
            client.disconnect();
        }
    }

    private static String page(String subscription, String token) {
        return ScriptedDataPlane.answer(
                200, "", "{\"subscriptions\":[" + subscription + "],\"nextToken\":" + token + "}");
    }
}
