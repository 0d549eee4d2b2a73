package dev.roundtrip.device.responder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.method.ManualClock;
import dev.roundtrip.device.method.MethodFailedException;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ResponderTest {

    @Test
    void a_command_is_answered_on_its_own_topic() throws Exception {
        try (Desk desk = Desk.honest()) {
            Desk.Call call = desk.ask("{\"a\":1.0}");

            Answer answer = desk.nextAnswer();

            assertThat(answer.topic()).isEqualTo(call.route().answerTopic());
            assertThat(new String(answer.payload(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"id\":\"" + call.route().id() + "\",\"response\":{\"a\":1.0}}");
            assertThat(answer.correlation()).containsExactly(9);
            assertThat(answer.expirySeconds()).isEqualTo(10);
        }
    }

    @Test
    void a_method_sees_the_trace_of_its_call() throws Exception {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        CommandHandler tracing = Desk.running((request, call) -> JsonText.string(String.valueOf(call.trace())));
        try (Desk desk = new Desk(Limits.DEFAULT, tracing)) {
            Desk.Call call = desk.call("1", Duration.ofSeconds(10));
            String traced = new String(call.payload(), StandardCharsets.UTF_8)
                    .replaceFirst("}$", ",\"traceparent\":\"" + trace + "\"}");

            desk.send(new Desk.Call(call.route(), traced.getBytes(StandardCharsets.UTF_8)));
            assertThat(new String(desk.nextAnswer().payload(), StandardCharsets.UTF_8))
                    .contains('"' + trace + '"');

            desk.ask("2");
            assertThat(new String(desk.nextAnswer().payload(), StandardCharsets.UTF_8))
                    .contains("\"null\"");
        }
    }

    @Test
    void a_repeated_command_gets_the_same_answer_and_does_not_run_again() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CommandHandler counting = Desk.running((request, call) -> JsonText.string("run " + runs.incrementAndGet()));
        try (Desk desk = new Desk(Limits.DEFAULT, counting)) {
            Desk.Call call = desk.ask("\"x\"");
            Answer first = desk.nextAnswer();

            desk.send(call);

            assertThat(desk.nextAnswer().payload()).isEqualTo(first.payload());
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(1);
            assertThat(desk.events(CommandEvent.Repeated.class)).hasSize(1);
        }
    }

    @Test
    void a_command_repeated_while_it_runs_is_answered_once() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CommandHandler waiting = Desk.running((request, call) -> {
            go.await();
            return request;
        });
        try (Desk desk = new Desk(Limits.DEFAULT, waiting)) {
            Desk.Call call = desk.ask("1");
            desk.send(call);
            desk.send(call);

            go.countDown();

            desk.nextAnswer();
            await().until(() -> !desk.events(CommandEvent.Answered.class).isEmpty());
            assertThat(desk.answers).isEmpty();
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(1);
            assertThat(desk.events(CommandEvent.Repeated.class)).hasSize(2);
        }
    }

    @Test
    void command_repeated_after_its_deadline_gets_the_outcome_of_its_run_also_when_that_ends_late() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CommandHandler waiting = Desk.running((request, call) -> {
            go.await();
            return request;
        });
        try (Desk desk = new Desk(Limits.DEFAULT, waiting)) {
            Desk.Call call = desk.ask("1");
            await().until(() -> !desk.events(CommandEvent.Ran.class).isEmpty());
            desk.clock.advance(Duration.ofSeconds(11));
            desk.send(call);
            go.countDown();
            Answer first = desk.nextAnswer();

            desk.send(call);

            assertThat(desk.nextAnswer().payload()).isEqualTo(first.payload());
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(1);
            assertThat(desk.events(CommandEvent.Refused.class)).isEmpty();
        }
    }

    @Test
    void command_that_ran_does_not_run_again_when_the_clock_is_set_back_after_its_deadline() throws Exception {
        try (Desk desk = Desk.honest()) {
            Desk.Call call = desk.ask("1");
            desk.nextAnswer();
            desk.clock.advance(Duration.ofSeconds(11));
            desk.ask("2");
            desk.nextAnswer();
            desk.clock.jump(Duration.ofSeconds(-11));

            desk.send(call);

            desk.nextAnswer();
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(2);
        }
    }

    @Test
    void many_repetitions_at_once_run_once() throws Exception {
        try (Desk desk = Desk.honest()) {
            Desk.Call call = desk.call("1", Duration.ofSeconds(10));

            IntStream.range(0, 500).forEach(i -> desk.send(call));

            desk.nextAnswer();
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(1);
            assertThat(desk.events(CommandEvent.Received.class)).hasSize(500);
        }
    }

    @Test
    void a_command_past_its_deadline_is_refused_as_expired() throws Exception {
        try (Desk desk = Desk.honest()) {
            Desk.Call call = desk.call("1", Duration.ofSeconds(1));
            desk.clock.advance(Duration.ofMillis(1001));

            desk.send(call);

            assertThat(desk.nextRefusal().code()).isEqualTo("expired");
            assertThat(desk.events(CommandEvent.Refused.class)).hasSize(1);
            assertThat(desk.events(CommandEvent.Ran.class)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, Long.MAX_VALUE})
    void deadline_may_be_any_number(long deadline) throws Exception {
        try (Desk desk = Desk.honest()) {
            Desk.Call call = desk.call("1", Duration.ofSeconds(1));
            String payload = "{\"timestamp\":\"0\",\"request\":1,\"id\":\""
                    + call.route().id() + "\",\"deadline\":" + deadline + "}";

            desk.send(new Desk.Call(call.route(), payload.getBytes(StandardCharsets.UTF_8)));

            assertThat(desk.nextRefusal().code()).isEqualTo("expired");
            assertThat(desk.events(CommandEvent.Discarded.class)).isEmpty();
        }
    }

    @Test
    void delivery_that_breaks_the_device_is_discarded_and_the_next_one_runs() throws Exception {
        List<CommandEvent> events = new CopyOnWriteArrayList<>();
        List<Answer> answers = new CopyOnWriteArrayList<>();
        CommandListener brokenOnce = event -> {
            events.add(event);
            if (events.size() == 1) {
                throw new IllegalStateException("secret");
            }
        };
        ManualClock clock = new ManualClock();
        try (Responder responder = new Responder(
                Desk.LAMP, Limits.DEFAULT, Desk.echo(), new Responder.Environment(clock, answers::add, brokenOnce))) {
            responder.deliver(Request.of("do").delivery(clock.now(), Duration.ofSeconds(10)));
            responder.deliver(Request.of("do").delivery(clock.now(), Duration.ofSeconds(10)));

            await().until(() -> answers.size() == 1);
            assertThat(events.get(1))
                    .isInstanceOfSatisfying(
                            CommandEvent.Discarded.class,
                            discarded -> assertThat(discarded.reason())
                                    .contains("IllegalStateException")
                                    .doesNotContain("secret"));
        }
    }

    @Test
    void a_command_that_was_refused_as_expired_does_not_run_when_the_clock_is_set_back() throws Exception {
        try (Desk desk = Desk.honest()) {
            Desk.Call call = desk.call("1", Duration.ofSeconds(1));
            desk.clock.advance(Duration.ofSeconds(2));
            desk.send(call);
            desk.nextRefusal();
            desk.clock.jump(Duration.ofSeconds(-2));

            desk.send(call);

            assertThat(desk.nextRefusal().code()).isEqualTo("expired");
            assertThat(desk.events(CommandEvent.Ran.class)).isEmpty();
        }
    }

    /** A clock that goes on between any two looks at it. */
    private static final class RushingClock implements DeviceClock {
        private final AtomicInteger looks = new AtomicInteger();

        @Override
        public Instant now() {
            return ManualClock.START.plusMillis(looks.getAndIncrement());
        }

        @Override
        public void sleepUntil(Instant instant) {}
    }

    @Test
    void what_ran_ran_before_its_deadline_however_time_flies() throws Exception {
        List<CommandEvent.Ran> runs = new CopyOnWriteArrayList<>();
        for (int millis = 0; millis < 20; millis++) {
            Desk.Call call;
            try (Desk desk = Desk.honest()) {
                call = desk.call("1", Duration.ofMillis(millis));
            }
            CommandListener ledger = event -> {
                if (event instanceof CommandEvent.Ran ran) {
                    runs.add(ran);
                }
            };
            try (Responder responder = new Responder(
                    Desk.LAMP,
                    Limits.DEFAULT,
                    Desk.echo(),
                    new Responder.Environment(new RushingClock(), answer -> {}, ledger))) {
                responder.deliver(
                        new Delivery(call.route().requestTopic().toString(), call.payload(), new byte[0], null));
            }
        }

        assertThat(runs)
                .isNotEmpty()
                .allSatisfy(ran ->
                        assertThat(ran.at()).isBeforeOrEqualTo(ran.command().deadline()));
    }

    @Test
    void a_command_at_its_deadline_still_runs() throws Exception {
        try (Desk desk = Desk.honest()) {
            Desk.Call call = desk.call("1", Duration.ofSeconds(1));
            desk.clock.advance(Duration.ofSeconds(1));

            desk.send(call);

            assertThat(desk.nextAnswer().expirySeconds()).isEqualTo(1);
        }
    }

    @Test
    void a_tolerant_clock_extends_the_deadline() throws Exception {
        try (Desk desk = new Desk(Limits.DEFAULT.withClockTolerance(Duration.ofSeconds(5)), Desk.echo())) {
            Desk.Call call = desk.call("1", Duration.ofSeconds(1));
            desk.clock.advance(Duration.ofSeconds(6));

            desk.send(call);

            desk.nextAnswer();
        }
    }

    @Test
    void a_deadline_beyond_any_call_is_refused_with_a_word_about_clocks() throws Exception {
        try (Desk desk = Desk.honest()) {
            Desk.Call call = desk.call("1", Duration.ofDays(1));

            desk.send(call);

            assertThat(desk.nextRefusal()).satisfies(refusal -> {
                assertThat(refusal.code()).isEqualTo("expired");
                assertThat(refusal.message()).contains("compare the clocks");
            });
            assertThat(desk.events(CommandEvent.Ran.class)).isEmpty();
        }
    }

    @Test
    void one_slow_call_does_not_hold_up_another() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CommandHandler slowForOne = Desk.running((request, call) -> {
            if (request.tree().asInt() == 1) {
                go.await();
            }
            return request;
        });
        try (Desk desk = new Desk(Limits.DEFAULT, slowForOne)) {
            desk.ask("1");
            Desk.Call quick = desk.ask("2");

            assertThat(desk.nextMessage().id()).isEqualTo(quick.route().id().toString());

            go.countDown();
        }
    }

    @Test
    void beyond_its_limit_a_device_says_that_it_is_busy_and_stays_with_that_when_the_command_is_repeated()
            throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CommandHandler waiting = Desk.running((request, call) -> {
            go.await();
            return request;
        });
        try (Desk desk = new Desk(Limits.DEFAULT.withMaxInFlight(1), waiting)) {
            Desk.Call first = desk.ask("1");
            Desk.Call second = desk.ask("2");
            AnswerMessage busy = new AnswerMessage.Refused(second.route().id().toString(), Refusals.BUSY);
            assertThat(desk.nextMessage()).isEqualTo(busy);

            go.countDown();
            assertThat(desk.nextMessage().id()).isEqualTo(first.route().id().toString());
            desk.send(second);

            assertThat(desk.nextMessage()).isEqualTo(busy);
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(1);
            await().untilAsserted(() -> {
                Desk.Call later = desk.ask("3");
                assertThat(desk.nextMessage())
                        .isInstanceOf(AnswerMessage.Answered.class)
                        .extracting(AnswerMessage::id)
                        .isEqualTo(later.route().id().toString());
            });
        }
    }

    @Test
    void a_command_that_ran_is_not_called_busy_when_it_is_repeated_to_a_busy_device() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CommandHandler slowForTwo = Desk.running((request, call) -> {
            if (request.tree().intValue() == 2) {
                go.await();
            }
            return request;
        });
        try (Desk desk = new Desk(Limits.DEFAULT.withMaxInFlight(1), slowForTwo)) {
            Desk.Call first = desk.ask("1");
            Answer answer = desk.nextAnswer();
            await().until(() -> {
                desk.ask("2");
                return desk.events(CommandEvent.Ran.class).size() == 2;
            });
            desk.answers.clear();

            desk.send(first);

            await().until(() ->
                    desk.answers.stream().anyMatch(again -> Arrays.equals(again.payload(), answer.payload())));
            assertThat(desk.events(CommandEvent.Refused.class))
                    .noneMatch(refused ->
                            refused.command().id().equals(first.route().id()));
            go.countDown();
        }
    }

    @Test
    void a_deadline_that_was_too_far_stays_too_far_when_the_command_is_repeated() throws Exception {
        try (Desk desk = Desk.honest()) {
            Desk.Call call = desk.call("1", Duration.ofHours(1).plusMillis(1));
            desk.send(call);
            Answer refusal = desk.nextAnswer();
            desk.clock.advance(Duration.ofMillis(2));

            desk.send(call);

            assertThat(desk.nextAnswer().payload()).isEqualTo(refusal.payload());
            assertThat(desk.events(CommandEvent.Ran.class)).isEmpty();
        }
    }

    @Test
    void a_full_memory_refuses_rather_than_forgets() throws Exception {
        try (Desk desk = new Desk(new Limits(100, 2, 1000, Duration.ZERO, Duration.ofHours(1)), Desk.echo())) {
            desk.ask("1");
            desk.ask("2");
            Desk.Call third = desk.ask("3");

            await().until(() -> desk.events(CommandEvent.Answered.class).size() == 2);
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(2);
            assertThat(desk.events(CommandEvent.Refused.class))
                    .singleElement()
                    .satisfies(refused -> assertThat(refused.command().id())
                            .isEqualTo(third.route().id()));

            desk.clock.advance(Duration.ofSeconds(71));
            desk.ask("4");

            await().until(() -> desk.events(CommandEvent.Answered.class).size() == 3);
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(3);
            assertThat(desk.responder.remembered()).isEqualTo(1);
        }
    }

    @Test
    void an_answer_too_old_to_keep_is_not_given_again_and_nothing_runs_twice() throws Exception {
        try (Desk desk = new Desk(new Limits(100, 100, 0, Duration.ZERO, Duration.ofHours(1)), Desk.echo())) {
            Desk.Call call = desk.ask("1");
            desk.nextAnswer();
            await().until(() -> desk.events(CommandEvent.Answered.class).size() == 1);

            desk.send(call);

            await().until(() -> desk.events(CommandEvent.Unanswered.class).size() == 1);
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}",
                "\"text\"",
                "{\"id\":\"x\"}",
                "{\"timestamp\":\"1\",\"request\":1,\"id\":\"00000000-0000-4000-8000-000000000000\",\"deadline\":1}"
            })
    void what_is_no_command_is_dropped_with_one_line(String payload) throws Exception {
        try (Desk desk = Desk.honest()) {
            Desk.Call call = desk.call("1", Duration.ofSeconds(1));

            desk.responder.deliver(new Delivery(
                    call.route().requestTopic().toString(),
                    payload.getBytes(StandardCharsets.UTF_8),
                    Delivery.NO_CORRELATION,
                    null));

            assertThat(desk.events(CommandEvent.Discarded.class))
                    .singleElement()
                    .satisfies(
                            dropped -> assertThat(dropped.reason()).isNotBlank().doesNotContain("\n"));
            assertThat(desk.events).hasSize(1);
        }
    }

    @Test
    void request_with_an_instance_is_answered_to_it_and_runs_once() throws Exception {
        try (Desk desk = Desk.honest()) {
            String id = ".abcdefgh2/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11";
            String payload = "{\"timestamp\":\"0\",\"request\":1,\"id\":\"" + id + "\",\"deadline\":"
                    + desk.clock.now().plusSeconds(5).toEpochMilli() + "}";
            Delivery request = new Delivery(
                    "lamp/do/gw/" + id, payload.getBytes(StandardCharsets.UTF_8), Delivery.NO_CORRELATION, null);

            for (int i = 0; i < 2; i++) {
                desk.responder.deliver(request);
                Answer answer = desk.nextAnswer();
                assertThat(answer.topic()).hasToString("gw/" + id + "/lamp/do/ack");
                assertThat(new String(answer.payload(), StandardCharsets.UTF_8))
                        .startsWith("{\"id\":\"" + id + "\",\"response\":");
            }
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".ABCDEFGH2", ".abcdefgh", ".abcdefgh23", "abcdefgh2", "aabcdefgh2", ".abcdefgh1", ".", ""})
    void request_with_a_malformed_instance_is_dropped_also_when_its_payload_names_it(String malformed)
            throws Exception {
        try (Desk desk = Desk.honest()) {
            String id = malformed + "/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11";
            String payload = "{\"timestamp\":\"0\",\"request\":1,\"id\":\"" + id + "\",\"deadline\":"
                    + desk.clock.now().plusSeconds(5).toEpochMilli() + "}";

            desk.responder.deliver(new Delivery(
                    "lamp/do/gw/" + id, payload.getBytes(StandardCharsets.UTF_8), Delivery.NO_CORRELATION, null));

            assertThat(desk.events).singleElement().isInstanceOf(CommandEvent.Discarded.class);
            assertThat(desk.answers).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lamp",
                "lamp/do",
                "lamp/do/gw/not-an-id",
                "other/do/gw/%s",
                "lamp/do/gw/%s/more",
                "/do/gw/%s",
                "lamp/do/gw/other/%s",
                "lamp/do/gw/.abcdefgh2/%s",
                "lamp/do/gw/.abcdefgh2/other/%s",
                "lamp/do/gw/.ABCDEFGH2/%s"
            })
    void a_topic_that_is_none_of_ours_is_dropped(String topic) throws Exception {
        try (Desk desk = Desk.honest()) {
            Desk.Call call = desk.call("1", Duration.ofSeconds(1));

            desk.responder.deliver(
                    new Delivery(topic.formatted(call.route().id()), call.payload(), Delivery.NO_CORRELATION, null));

            assertThat(desk.events).singleElement().isInstanceOf(CommandEvent.Discarded.class);
        }
    }

    @Test
    void a_payload_beyond_the_limit_is_dropped_unread() {
        try (Desk desk = Desk.honest()) {
            desk.responder.deliver(
                    new Delivery("lamp/do/gw/x", new byte[Json.MAX_PAYLOAD_BYTES + 1], Delivery.NO_CORRELATION, null));

            assertThat(desk.events(CommandEvent.Discarded.class))
                    .singleElement()
                    .satisfies(dropped -> assertThat(dropped.reason()).contains("131073 bytes"));
        }
    }

    @Test
    void an_answer_that_would_be_too_large_becomes_an_error() throws Exception {
        CommandHandler verbose = Desk.running((request, call) -> JsonText.string("x".repeat(Json.MAX_PAYLOAD_BYTES)));
        try (Desk desk = new Desk(Limits.DEFAULT, verbose)) {
            desk.ask("1");

            assertThat(desk.nextMessage())
                    .isInstanceOfSatisfying(
                            AnswerMessage.Failed.class,
                            failed -> assertThat(failed.error().code()).isEqualTo("too_large"));
        }
    }

    @Test
    void a_method_that_fails_tells_why_and_one_that_breaks_says_so() throws Exception {
        CommandHandler failing = Desk.running((request, call) -> {
            if (request.tree().asInt() == 1) {
                throw new MethodFailedException("jammed", "the door is jammed");
            }
            throw new IllegalStateException("secret");
        });
        try (Desk desk = new Desk(Limits.DEFAULT, failing)) {
            Desk.Call first = desk.ask("1");
            assertThat(desk.nextMessage())
                    .isEqualTo(new AnswerMessage.Failed(
                            first.route().id().toString(), new DeviceError("jammed", "the door is jammed")));

            desk.ask("2");
            assertThat(desk.nextMessage()).isInstanceOfSatisfying(AnswerMessage.Failed.class, failed -> {
                assertThat(failed.error().code()).isEqualTo("internal");
                assertThat(failed.error().message()).doesNotContain("secret");
            });
        }
    }

    @Test
    void a_method_that_ends_in_an_error_has_run_and_says_so() throws Exception {
        CommandHandler endless = Desk.running((request, call) -> {
            throw new StackOverflowError("secret");
        });
        try (Desk desk = new Desk(Limits.DEFAULT, endless)) {
            Desk.Call call = desk.ask("1");
            AnswerMessage answer = desk.nextMessage();
            desk.send(call);

            assertThat(answer).isInstanceOfSatisfying(AnswerMessage.Failed.class, failed -> {
                assertThat(failed.error().code()).isEqualTo("internal");
                assertThat(failed.error().message())
                        .contains("StackOverflowError")
                        .doesNotContain("secret");
            });
            assertThat(desk.nextMessage()).isEqualTo(answer);
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(1);
        }
    }

    @Test
    void call_that_began_never_runs_again_even_when_a_listener_breaks() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        List<Answer> answers = new CopyOnWriteArrayList<>();
        CommandListener broken = event -> {
            if (event instanceof CommandEvent.Ran) {
                runs.incrementAndGet();
                throw new IllegalStateException("the listener broke");
            }
        };
        ManualClock clock = new ManualClock();
        try (Responder responder = new Responder(
                Desk.LAMP, Limits.DEFAULT, Desk.echo(), new Responder.Environment(clock, answers::add, broken))) {
            Delivery delivery = Request.of("do").key("order-1").delivery(clock.now(), Duration.ofSeconds(10));

            await().dontCatchUncaughtExceptions().until(() -> {
                responder.deliver(delivery);
                return !answers.isEmpty();
            });

            assertThat(AnswerMessage.decode(answers.getFirst().payload())).isInstanceOf(AnswerMessage.Failed.class);
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void a_handler_that_ends_in_an_error_fails_the_call() throws Exception {
        CommandHandler broken = command -> {
            throw new AssertionError("secret");
        };
        try (Desk desk = new Desk(Limits.DEFAULT, broken)) {
            desk.ask("1");

            assertThat(desk.nextMessage())
                    .isInstanceOfSatisfying(
                            AnswerMessage.Failed.class,
                            failed -> assertThat(failed.error().code()).isEqualTo("internal"));
        }
    }

    @Test
    void an_answer_that_nobody_takes_is_given_when_asked_again() throws Exception {
        try (Desk desk = Desk.honest()) {
            desk.isOffline = true;
            Desk.Call call = desk.ask("1");
            await().until(() -> desk.events(CommandEvent.Unanswered.class).size() == 1);

            desk.isOffline = false;
            desk.send(call);

            desk.nextAnswer();
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(1);
        }
    }

    @Test
    void closing_interrupts_what_runs_and_refuses_what_comes() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CommandHandler endless = Desk.running((request, call) -> {
            running.countDown();
            new CountDownLatch(1).await();
            return request;
        });
        Desk desk = new Desk(Limits.DEFAULT, endless);
        desk.ask("1");
        running.await();

        desk.close();
        desk.ask("2");

        await().until(() -> desk.events(CommandEvent.Unanswered.class).size() == 1);
        assertThat(desk.events(CommandEvent.Refused.class))
                .extracting(CommandEvent.Refused::reason)
                .containsExactly(Refusals.CLOSING);
        assertThat(desk.answers).isEmpty();
    }
}
