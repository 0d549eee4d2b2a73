package dev.roundtrip.invoke.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.invoke.AbsencePolicy;
import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.HttpReply;
import dev.roundtrip.invoke.HttpRequest;
import dev.roundtrip.invoke.Invoker;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.invoke.Repetition;
import dev.roundtrip.invoke.TimeLimits;
import dev.roundtrip.invoke.Timings;
import dev.roundtrip.invoke.mqtt.Environment;
import dev.roundtrip.invoke.mqtt.Listening;
import dev.roundtrip.invoke.mqtt.MqttRequestSender;
import dev.roundtrip.invoke.mqtt.RequestRate;
import dev.roundtrip.invoke.mqtt.StoryBroker;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.WireId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DirectDeliveryTest {
    private static final ClientPrefix PREFIX = new ClientPrefix("gw");
    private static final Map<String, List<String>> WAITING = Map.of("wait", List.of("5"));

    private final PendingAcks acks = new PendingAcks();
    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

    /** Does with a command what the test's story says, and knows no device. */
    private static final class StoryDataPlane implements DataPlane {
        private final Function<Command, Sent> story;
        private final ConcurrentLinkedQueue<Command> sent = new ConcurrentLinkedQueue<>();
        private final CompletableFuture<Thread> sender = new CompletableFuture<>();

        StoryDataPlane(Function<Command, Sent> story) {
            this.story = story;
        }

        @Override
        public Sent send(Command command) {
            sent.add(command);
            sender.complete(Thread.currentThread());
            return story.apply(command);
        }

        @Override
        public Asked<Connection> connection(Target target, Deadline deadline) {
            return new Answered<>(new Unknown(), null, Clocks.SYSTEM.now());
        }

        @Override
        public Asked<List<String>> subscriptions(Target target, Deadline deadline) {
            return new Answered<>(List.of(), null, Clocks.SYSTEM.now());
        }

        @Override
        public void disconnect() {}
    }

    @ParameterizedTest
    @EnumSource
    void command_with_a_key_is_sent_again_when_the_connection_breaks_that_listens_for_its_answer(Listening listening)
            throws Exception {
        StoryDataPlane dataPlane = new StoryDataPlane(command -> new DataPlane.Perhaps());
        StoryBroker broker = new StoryBroker();
        try (MqttRequestSender sender = sender(dataPlane, broker, listening)) {
            Command keyed = command(sender, Repetition.SAFE);
            Command plain = command(sender, Repetition.UNSAFE);
            try (PendingAcks.Pending waiting = acks.expect(keyed.route());
                    PendingAcks.Pending other = acks.expect(plain.route())) {
                sender.send(keyed, waiting, new Timings(System::nanoTime));
                sender.send(plain, other, new Timings(System::nanoTime));
                await().until(() -> dataPlane.sent.size() == 2);

                broker.pullTheCable();

                await().until(() -> dataPlane.sent.size() == 3);
                await().during(Duration.ofMillis(200)).until(() -> dataPlane.sent.size() == 3);
                assertThat(dataPlane.sent).containsOnlyOnce(plain);
                assertThat(broker.isHeard(keyed.answerTopic())).isTrue();
                assertThat(waiting.isWaiting()).isTrue();
            } finally {
                sender.release(keyed.route().id());
                sender.release(plain.route().id());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void command_is_sent_again_when_the_connection_to_the_data_plane_breaks_if_it_has_a_key(Repetition repetition)
            throws Exception {
        ConcurrentLinkedQueue<DataPlane.Sent> story =
                new ConcurrentLinkedQueue<>(List.of(new DataPlane.Cut(), new DataPlane.Cut()));
        StoryDataPlane dataPlane = new StoryDataPlane(command -> {
            DataPlane.Sent next = story.poll();
            return next == null ? new DataPlane.NotConnected() : next;
        });
        try (MqttRequestSender sender = sender(dataPlane, new StoryBroker(), Listening.SHARED)) {
            Command command = command(sender, repetition);
            try (PendingAcks.Pending waiting = acks.expect(command.route())) {
                sender.send(command, waiting, new Timings(System::nanoTime));

                dataPlane.sender.get().join();

                assertThat(dataPlane.sent).hasSize(repetition == Repetition.SAFE ? 3 : 1);
                // The first sending may have reached the device, whatever is said of the last.
                assertThat(waiting.isWaiting()).isTrue();
            } finally {
                sender.release(command.route().id());
            }
        }
    }

    /** It was not sent: there is nothing to repeat, and the caller is told so. */
    @Test
    void command_with_a_key_that_reached_nobody_is_not_sent_again() throws Exception {
        StoryDataPlane away = new StoryDataPlane(command -> new DataPlane.NotConnected());
        StoryBroker broker = new StoryBroker();
        try (MqttRequestSender sender = sender(away, broker, Listening.SHARED)) {
            Command keyed = command(sender, Repetition.SAFE);
            try (PendingAcks.Pending call = acks.expect(keyed.route())) {
                sender.send(keyed, call, new Timings(System::nanoTime));
                await().until(() -> !call.isWaiting());

                broker.pullTheCable();

                await().during(Duration.ofMillis(200)).until(() -> away.sent.size() == 1);
            } finally {
                sender.release(keyed.route().id());
            }
        }
    }

    private MqttRequestSender sender(DataPlane dataPlane, StoryBroker broker, Listening listening) {
        CallLog calls = new CallLog(log::add);
        MqttRequestSender.Ways ways = new MqttRequestSender.Ways(
                listening, new DirectDelivery(dataPlane, calls, Clocks.SYSTEM), new RequestRate.Unlimited());
        return new MqttRequestSender(broker, ways, new Environment(PREFIX, acks, calls, Clocks.SYSTEM));
    }

    private static Command command(MqttRequestSender sender, Repetition repetition) {
        Route route = new Route(
                PREFIX, new WireId(sender.instance(), sender.nextId()), new Target("pump"), new Method("start"));
        return new Command(
                route,
                route.requestTopic(),
                route.answerTopic(),
                new byte[0],
                Deadline.after(Duration.ofSeconds(5), System::nanoTime),
                AbsencePolicy.UNHEEDED,
                repetition);
    }

    private HttpReply call(DataPlane dataPlane, Map<String, List<String>> absence) {
        CallLog calls = new CallLog(log::add);
        MqttRequestSender sender = sender(dataPlane, new StoryBroker(), Listening.SHARED);
        TimeLimits limits = new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(28));
        Invoker invoker = new Invoker(new Invoker.Terms(PREFIX, limits, 1), acks, sender, calls, Clocks.SYSTEM);
        Map<String, List<String>> query = new HashMap<>(absence);
        query.put("target", List.of("pump"));
        query.put("method", List.of("start"));
        query.put("request", List.of("a secret request"));
        return invoker.handle(
                new HttpRequest("GET", new HttpRequest.Path.Plain(), query, new HttpRequest.Body.Text("")),
                Duration.ofSeconds(29));
    }

    private static byte[] answer(Command command) {
        return new AnswerMessage.Answered(command.route().id().toString(), JsonText.string("done")).encode();
    }

    @Test
    void defect_ends_the_call_and_is_logged_under_its_id_without_the_payload() throws Exception {
        StoryDataPlane broken = new StoryDataPlane(command -> {
            throw new IllegalStateException("quotes a secret request");
        });

        HttpReply reply = call(broken, WAITING);

        assertThat(reply.status()).isEqualTo(500);
        JsonNode defect = Json.read(log.element().getBytes(UTF_8));
        assertThat(defect.path("event").textValue()).isEqualTo("defect");
        assertThat(defect.path("id").textValue()).isEqualTo(reply.headers().get("X-Invocation-Id"));
        assertThat(defect.path("trace").textValue()).contains("IllegalStateException");
        assertThat(String.join("", log)).doesNotContain("secret");
    }

    @Test
    void device_that_is_away_is_tried_once_where_the_caller_does_not_wait_for_it() {
        StoryDataPlane away = new StoryDataPlane(command -> new DataPlane.NotConnected());

        HttpReply reply = call(away, Map.of());

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body()).contains("\"offline\"");
        assertThat(away.sent).hasSize(1);
    }

    @Test
    void call_that_has_ended_is_not_tried_again() throws Exception {
        StoryDataPlane late = new StoryDataPlane(command -> {
            // Told that the device is away, though it has just answered.
            acks.deliver(command.answerTopic().value(), answer(command));
            return new DataPlane.NotConnected();
        });

        HttpReply reply = call(late, WAITING);

        assertThat(reply.status()).isEqualTo(200);
        late.sender.join().join();
        assertThat(late.sent).hasSize(1);
    }
}
