package dev.roundtrip.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Instance;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedMessageException;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.RequestMessage;
import dev.roundtrip.protocol.TraceParent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InvokerTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);

    private final PendingAcks acks = new PendingAcks();
    private final List<String> log = new ArrayList<>();
    private final FakeClock clock = new FakeClock();

    /** Time that stands still unless a test moves it. */
    private static final class FakeClock {
        private long nanos;

        void pass(Duration time) {
            nanos += time.toNanos();
        }
    }

    /** A way to a device that does what the test's story says. */
    private static final class StoryCourier implements RequestSender {
        private final BiConsumer<Command, PendingAcks.Pending> story;
        private final List<MessageId> released = new ArrayList<>();

        @Nullable private Instance instance;

        StoryCourier(BiConsumer<Command, PendingAcks.Pending> story) {
            this.story = story;
        }

        @Override
        public MessageId nextId() {
            return MessageId.random();
        }

        @Override
        public @Nullable Instance instance() {
            return instance;
        }

        @Override
        public void send(Command command, PendingAcks.Pending pending, Timings timings) {
            story.accept(command, pending);
        }

        @Override
        public void release(MessageId id) {
            released.add(id);
        }
    }

    private HttpReply call(StoryCourier sender, String request, Duration budget) {
        return call(sender, request, budget, HttpRequest.Context.NONE);
    }

    private HttpReply call(StoryCourier sender, String request, Duration budget, HttpRequest.Context context) {
        Invoker invoker = new Invoker(
                new Invoker.Terms(
                        new ClientPrefix("gw"), new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(28)), 2),
                acks,
                sender,
                new CallLog(log::add),
                new Clocks(() -> NOW, () -> clock.nanos));
        Map<String, List<String>> query = Map.of(
                "target",
                List.of("pump"),
                "method",
                List.of("start"),
                "request",
                List.of(request),
                "timeout",
                List.of("5"));
        return invoker.handle(
                new HttpRequest("GET", new HttpRequest.Path.Plain(), query, new HttpRequest.Body.Text(""), context),
                budget);
    }

    private HttpReply call(BiConsumer<Command, PendingAcks.Pending> story) {
        return call(new StoryCourier(story), "a secret request", Duration.ofSeconds(29));
    }

    private static JsonNode json(HttpReply reply) throws Exception {
        return Json.mapper().readTree(reply.body());
    }

    @Test
    void answered_call_is_told_with_its_answer_and_logged_without_it() throws Exception {
        HttpReply reply = call((command, pending) -> {
            clock.pass(Duration.ofMillis(383));
            pending.settle(new InvocationResult.Ok(JsonText.string("a secret answer")));
        });

        assertThat(reply.status()).isEqualTo(200);
        String id = json(reply).path("id").textValue();
        assertThat(reply.body())
                .isEqualTo("{\"result\":\"ok\",\"elapsed\":\"383\",\"id\":\"" + id
                        + "\",\"response\":\"a secret answer\"}");
        assertThat(reply.headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("X-Invocation-Id", id)
                .containsEntry("Server-Timing", "device;dur=383.000");
        assertThat(log).hasSize(1);
        assertThat(Json.mapper().readTree(log.getFirst()))
                .isEqualTo(Json.mapper()
                        .readTree("{\"level\":\"INFO\",\"event\":\"call\",\"id\":\"" + id
                                + "\",\"target\":\"pump\",\"method\":\"start\",\"result\":\"ok\",\"elapsed\":383}"));
    }

    @Test
    void device_is_told_the_request_and_the_deadline() throws Exception {
        List<Command> sent = new ArrayList<>();

        HttpReply reply = call((command, pending) -> {
            sent.add(command);
            pending.settle(new InvocationResult.Ok(JsonText.string("")));
        });

        RequestMessage message = RequestMessage.decode(sent.getFirst().payload());
        assertThat(message.timestamp()).isEqualTo(NOW);
        assertThat(message.deadline()).isEqualTo(NOW.plusSeconds(5));
        assertThat(message.request()).isEqualTo(JsonText.string("a secret request"));
        assertThat(message.id().toString()).isEqualTo(json(reply).path("id").textValue());
        assertThat(sent.getFirst().requestTopic().value()).isEqualTo("pump/start/gw/" + message.id());
        assertThat(sent.getFirst().answerTopic().value()).isEqualTo("gw/" + message.id() + "/pump/start/ack");
    }

    @Test
    void device_is_told_the_trace_as_it_came_and_the_log_its_id() throws Exception {
        TraceParent trace = new TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        List<RequestMessage> sent = new ArrayList<>();
        StoryCourier courier = new StoryCourier((command, pending) -> {
            try {
                sent.add(RequestMessage.decode(command.payload()));
            } catch (MalformedMessageException impossible) {
                throw new IllegalStateException(impossible);
            }
            pending.settle(new InvocationResult.TimedOut());
        });

        var traced = call(
                courier, "x", Duration.ofSeconds(29), new HttpRequest.Context("", "/invoke", null, List.of(), trace));
        var untraced = call(courier, "x", Duration.ofSeconds(29));

        assertThat(sent.get(0).trace()).isEqualTo(trace);
        assertThat(sent.get(1).trace()).isNull();
        assertThat(Json.mapper().readTree(log.get(0)).path("traceId").textValue())
                .isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(Json.mapper().readTree(log.get(1)).has("traceId")).isFalse();
        assertThat(traced.status()).isEqualTo(untraced.status());
    }

    @Test
    void device_is_told_the_instance_and_caller_and_log_see_the_id_alone() throws Exception {
        List<Command> sent = new ArrayList<>();
        StoryCourier courier = new StoryCourier((command, pending) -> {
            sent.add(command);
            byte[] answer =
                    new AnswerMessage.Answered(command.route().wireId().toString(), JsonText.string("done")).encode();
            acks.deliver(command.answerTopic().value(), answer);
        });
        courier.instance = new Instance(".abcdefgh2");

        HttpReply reply = call(courier, "x", Duration.ofSeconds(29));

        String id = json(reply).path("id").textValue();
        assertThat(MessageId.of(id)).isEqualTo(sent.getFirst().route().id());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.headers()).containsEntry("X-Invocation-Id", id);
        assertThat(reply.body() + log).doesNotContain(".abcdefgh2");
        assertThat(RequestMessage.decode(sent.getFirst().payload()).id()).hasToString(".abcdefgh2/" + id);
        assertThat(sent.getFirst().requestTopic()).hasToString("pump/start/gw/.abcdefgh2/" + id);
        assertThat(sent.getFirst().answerTopic()).hasToString("gw/.abcdefgh2/" + id + "/pump/start/ack");
        assertThat(courier.released).containsExactly(MessageId.of(id));
    }

    @Test
    void budget_of_the_function_caps_the_callers_timeout() throws Exception {
        List<Command> sent = new ArrayList<>();

        HttpReply reply = call(
                new StoryCourier((command, pending) -> {
                    sent.add(command);
                    clock.pass(Duration.ofSeconds(3));
                }),
                "now",
                Duration.ofSeconds(2));

        assertThat(RequestMessage.decode(sent.getFirst().payload()).deadline()).isEqualTo(NOW.plusSeconds(2));
        assertThat(reply.status()).isEqualTo(504);
        assertThat(json(reply).path("result").textValue()).isEqualTo("timeout");
        assertThat(json(reply).path("elapsed").textValue()).isEqualTo("3000");
    }

    @Test
    void call_that_was_not_sent_is_told_so_and_when_to_try_again() throws Exception {
        HttpReply unavailable =
                call((command, pending) -> pending.settle(new InvocationResult.Unavailable("no broker")));
        HttpReply offline =
                call((command, pending) -> pending.settle(new InvocationResult.Offline(NOW, "CONNECTION_LOST")));
        HttpReply throttled = call((command, pending) -> pending.settle(new InvocationResult.Throttled("slow down")));

        assertThat(unavailable.status()).isEqualTo(503);
        assertThat(unavailable.headers()).containsEntry("Retry-After", "1");
        assertThat(json(unavailable).path("error").path("message").textValue()).isEqualTo("no broker");
        assertThat(offline.status()).isEqualTo(503);
        assertThat(offline.headers()).containsEntry("Retry-After", "1");
        assertThat(json(offline).path("since").textValue()).isEqualTo("2023-11-14T22:13:20Z");
        assertThat(json(offline).path("reason").textValue()).isEqualTo("CONNECTION_LOST");
        assertThat(throttled.status()).isEqualTo(429);
        assertThat(throttled.headers()).containsEntry("Retry-After", "1");
    }

    @Test
    void request_that_exceeds_the_payload_is_refused_and_not_sent() throws Exception {
        StoryCourier sender = new StoryCourier((command, pending) -> pending.settle(new InvocationResult.TimedOut()));

        HttpReply fits = call(sender, "x".repeat(Json.MAX_PAYLOAD_BYTES - 300), Duration.ofSeconds(29));
        HttpReply exceeds = call(sender, "x".repeat(Json.MAX_PAYLOAD_BYTES), Duration.ofSeconds(29));

        assertThat(fits.status()).isEqualTo(504);
        assertThat(exceeds.status()).isEqualTo(413);
        assertThat(json(exceeds).path("result").textValue()).isEqualTo("too_large");
        assertThat(sender.released).hasSize(2);
    }

    @Test
    void call_beyond_the_cap_is_throttled_before_anything_is_sent() throws Exception {
        List<HttpReply> beyond = new ArrayList<>();
        Invoker[] invoker = new Invoker[1];
        StoryCourier sender = new StoryCourier((command, pending) -> {
            // The cap is two: this call is in flight, and so is the one that it makes.
            beyond.add(invoker[0].handle(post(), Duration.ofSeconds(29)));
            pending.settle(new InvocationResult.Ok(JsonText.string("done")));
        });
        invoker[0] = new Invoker(
                new Invoker.Terms(
                        new ClientPrefix("gw"), new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(28)), 2),
                acks,
                sender,
                new CallLog(log::add),
                Clocks.SYSTEM);

        HttpReply outer = invoker[0].handle(post(), Duration.ofSeconds(29));
        HttpReply afterwards = invoker[0].handle(post(), Duration.ofSeconds(29));

        assertThat(outer.status()).isEqualTo(200);
        assertThat(afterwards.status()).isEqualTo(200);
        HttpReply throttled = beyond.getFirst();
        assertThat(throttled.status()).isEqualTo(429);
        assertThat(throttled.headers()).containsKeys("Retry-After", "X-Invocation-Id");
        assertThat(json(throttled).path("result").textValue()).isEqualTo("throttled");
        assertThat(json(throttled).path("error").path("message").textValue()).contains("2 calls in flight");
        assertThat(sender.released).hasSize(4);
        assertThat(acks.waiting()).isEmpty();
    }

    private static HttpRequest post() {
        return new HttpRequest(
                "POST",
                new HttpRequest.Path.Plain(),
                Map.of(),
                new HttpRequest.Body.Text("{\"target\":\"pump\",\"method\":\"start\",\"request\":1}"));
    }

    @Test
    void invalid_call_is_told_every_problem_and_gets_no_id() throws Exception {
        Invoker invoker = new Invoker(
                new Invoker.Terms(
                        new ClientPrefix("gw"), new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(28)), 2),
                acks,
                new StoryCourier((command, pending) -> pending.settle(new InvocationResult.TimedOut())),
                new CallLog(log::add),
                Clocks.SYSTEM);

        HttpReply reply = invoker.handle(
                new HttpRequest(
                        "GET",
                        new HttpRequest.Path.Plain(),
                        Map.of("target", List.of("a/b")),
                        new HttpRequest.Body.Text("")),
                Duration.ofSeconds(29));

        ObjectNode body = (ObjectNode) json(reply);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(body.path("result").textValue()).isEqualTo("invalid_parameters");
        assertThat(body.path("error").path("code").textValue()).isEqualTo("invalid_parameters");
        assertThat(body.path("error").path("message").textValue()).endsWith("; and 2 more, see problems");
        assertThat(body.has("response")).isFalse();
        assertThat(body.path("problems").findValuesAsText("parameter")).containsExactly("target", "method", "request");
        assertThat(body.has("id")).isFalse();
        assertThat(body.has("elapsed")).isFalse();
        assertThat(reply.headers()).doesNotContainKeys("X-Invocation-Id", "Retry-After");
    }

    @Test
    void defect_is_told_as_ours_and_logged_under_the_id_without_the_payload() throws Exception {
        HttpReply reply = call((command, pending) -> {
            throw new IllegalStateException("quotes a secret request");
        });

        String id = json(reply).path("id").textValue();
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body()).doesNotContain("secret");
        assertThat(String.join("", log)).contains(id, "IllegalStateException").doesNotContain("secret");
        assertThat(acks.waiting()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(classes = {StackOverflowError.class, OutOfMemoryError.class, AssertionError.class, LinkageError.class})
    void error_is_told_as_ours_and_logged_as_any_defect(Class<? extends Error> type) throws Exception {
        Error error = type.getConstructor().newInstance();

        HttpReply reply = call((command, pending) -> {
            throw error;
        });

        String id = json(reply).path("id").textValue();
        assertThat(reply.status()).isEqualTo(500);
        assertThat(json(reply).path("result").textValue()).isEqualTo("internal_error");
        assertThat(String.join("", log)).contains(id, type.getSimpleName());
        assertThat(acks.waiting()).isEmpty();
    }

    @Test
    void call_whose_end_cannot_be_logged_ends_as_it_ended() throws Exception {
        CallLog broken = new CallLog(line -> {
            throw new UncheckedIOException(new IOException("standard output is closed"));
        });
        StoryCourier answering = new StoryCourier(
                (command, pending) -> pending.settle(new InvocationResult.Ok(JsonText.string("done"))));
        StoryCourier failing = new StoryCourier((command, pending) -> {
            throw new IllegalStateException("a defect");
        });

        HttpReply answered = call(answering, broken);
        HttpReply failed = call(failing, broken);

        assertThat(answered.status()).isEqualTo(200);
        assertThat(json(answered).path("result").textValue()).isEqualTo("ok");
        assertThat(failed.status()).isEqualTo(500);
        assertThat(json(failed).path("id").isTextual()).isTrue();
        assertThat(broken.linesLost()).isEqualTo(3);
    }

    @Test
    void call_that_cannot_be_released_ends_as_it_ended() throws Exception {
        RequestSender sender = new RequestSender() {
            @Override
            public MessageId nextId() {
                return MessageId.random();
            }

            @Override
            public void send(Command command, PendingAcks.Pending pending, Timings timings) {
                pending.settle(new InvocationResult.Ok(JsonText.string("done")));
            }

            @Override
            public void release(MessageId id) {
                throw new IllegalStateException("a defect");
            }
        };

        HttpReply reply = call(sender, new CallLog(log::add));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(log).hasSize(2);
        assertThat(log.getFirst())
                .contains("\"event\":\"defect\"", json(reply).path("id").textValue());
    }

    private HttpReply call(RequestSender sender, CallLog calls) {
        Invoker invoker = new Invoker(
                new Invoker.Terms(
                        new ClientPrefix("gw"), new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(28)), 2),
                acks,
                sender,
                calls,
                Clocks.SYSTEM);
        return invoker.handle(post(), Duration.ofSeconds(29));
    }

    @Test
    void ended_call_leaves_nothing_waiting_and_is_released() {
        StoryCourier sender = new StoryCourier((command, pending) -> pending.settle(new InvocationResult.TimedOut()));

        call(sender, "now", Duration.ofSeconds(29));

        assertThat(acks.waiting()).isEmpty();
        assertThat(sender.released).hasSize(1);
    }
}
