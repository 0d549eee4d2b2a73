package dev.roundtrip.invoke.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.HttpReply;
import dev.roundtrip.invoke.HttpRequest;
import dev.roundtrip.invoke.Invoker;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.invoke.TimeLimits;
import dev.roundtrip.invoke.mqtt.Environment;
import dev.roundtrip.invoke.mqtt.Listening;
import dev.roundtrip.invoke.mqtt.MqttRequestSender;
import dev.roundtrip.invoke.mqtt.RequestRate;
import dev.roundtrip.invoke.mqtt.StoryBroker;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

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

    private HttpReply call(DataPlane dataPlane, Map<String, List<String>> absence) {
        CallLog calls = new CallLog(log::add);
        MqttRequestSender.Ways ways = new MqttRequestSender.Ways(
                Listening.SHARED, new DirectDelivery(dataPlane, calls, Clocks.SYSTEM), new RequestRate.Unlimited());
        MqttRequestSender sender =
                new MqttRequestSender(new StoryBroker(), ways, new Environment(PREFIX, acks, calls, Clocks.SYSTEM));
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
