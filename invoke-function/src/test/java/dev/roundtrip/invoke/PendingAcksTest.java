package dev.roundtrip.invoke;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.Instance;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.WireId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PendingAcksTest {
    private final Set<Thread> othersWatches = watches().collect(Collectors.toSet());
    private final PendingAcks acks = new PendingAcks();

    @AfterEach
    void close() {
        acks.close();
    }

    static Route route() {
        return new Route(new ClientPrefix("gw"), MessageId.random(), new Target("pump"), new Method("start"));
    }

    private static byte[] answer(String id, String value) {
        return new AnswerMessage.Answered(id, JsonText.string(value)).encode();
    }

    private static Deadline in(Duration budget) {
        return Deadline.after(budget, System::nanoTime);
    }

    @Test
    void answer_of_the_asked_device_ends_the_call() throws Exception {
        Route route = route();
        try (PendingAcks.Pending call = acks.expect(route)) {
            acks.deliver(route.answerTopic().value(), answer(route.id().toString(), "done"));

            assertThat(call.await(in(Duration.ofSeconds(5))))
                    .isEqualTo(new InvocationResult.Ok(JsonText.string("done")));
        }
        assertThat(acks.dropped()).isZero();
    }

    @Test
    void failure_of_the_device_ends_the_call() throws Exception {
        Route route = route();
        DeviceError jammed = new DeviceError("jammed", "the valve does not move");
        try (PendingAcks.Pending call = acks.expect(route)) {
            acks.deliver(
                    route.answerTopic().value(),
                    new AnswerMessage.Failed(route.id().toString(), jammed).encode());

            assertThat(call.await(in(Duration.ofSeconds(5)))).isEqualTo(new InvocationResult.DeviceFailed(jammed));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "{}",
                "{\"id\":7}",
                "{\"id\":\"x\"}",
                "{\"id\":\"x\",\"error\":\"text\"}",
                "\u0000"
            })
    void answer_that_cannot_be_read_is_a_failure_of_the_device(String payload) throws Exception {
        Route route = route();
        try (PendingAcks.Pending call = acks.expect(route)) {
            acks.deliver(route.answerTopic().value(), payload.getBytes(UTF_8));

            assertThat(call.await(in(Duration.ofSeconds(5)))).isInstanceOf(InvocationResult.Unreadable.class);
        }
    }

    @Test
    void answers_that_nobody_waits_for_are_dropped_and_counted() throws Exception {
        Route route = route();
        String topic = route.answerTopic().value();
        byte[] answer = answer(route.id().toString(), "done");
        try (PendingAcks.Pending call = acks.expect(route)) {
            acks.deliver(topic.replace("pump", "thief"), answer);
            acks.deliver(topic.replace("start", "stop"), answer);
            acks.deliver(topic.replaceFirst("gw", "other"), answer);
            acks.deliver(topic + "/more", answer);
            acks.deliver("", answer);
            acks.deliver(topic, answer(MessageId.random().toString(), "foreign"));
            assertThat(acks.dropped()).isEqualTo(6);

            acks.deliver(topic, answer);
            acks.deliver(topic, answer);
            assertThat(acks.dropped()).isEqualTo(7);
            assertThat(call.await(in(Duration.ofSeconds(5)))).isInstanceOf(InvocationResult.Ok.class);
        }
        acks.deliver(topic, answer);
        assertThat(acks.dropped()).isEqualTo(8);
    }

    @Test
    void answer_to_another_instance_or_without_it_or_late_is_dropped_and_counted() throws Exception {
        MessageId id = MessageId.random();
        Route route = new Route(
                new ClientPrefix("gw"),
                new WireId(new Instance(".abcdefgh2"), id),
                new Target("pump"),
                new Method("start"));
        String topic = route.answerTopic().value();
        byte[] answer = answer(".abcdefgh2/" + id, "done");
        try (PendingAcks.Pending call = acks.expect(route)) {
            acks.deliver(topic.replace(".abcdefgh2", ".abcdefgh3"), answer);
            acks.deliver(topic.replace(".abcdefgh2/", ""), answer);
            acks.deliver(topic, answer(id.toString(), "without"));
            acks.deliver(topic, answer(".abcdefgh3/" + id, "another"));
            assertThat(acks.dropped()).isEqualTo(4);

            acks.deliver(topic, answer);
            assertThat(call.await(in(Duration.ofSeconds(5)))).isInstanceOf(InvocationResult.Ok.class);
        }
        acks.deliver(topic, answer);
        assertThat(acks.dropped()).isEqualTo(5);
    }

    @Test
    void call_without_an_answer_times_out_and_leaves_nothing() throws Exception {
        try (PendingAcks.Pending call = acks.expect(route())) {
            assertThat(call.await(in(Duration.ZERO))).isInstanceOf(InvocationResult.TimedOut.class);
        }
        assertThat(acks.waiting()).isEmpty();
    }

    @Test
    void calls_end_by_their_own_deadlines_in_whatever_order_they_came() throws Exception {
        try (PendingAcks.Pending late = acks.expect(route());
                PendingAcks.Pending early = acks.expect(route())) {
            CompletableFuture<InvocationResult> lateEnd = awaiting(late, Duration.ofMinutes(5));
            Awaitility.await().until(() -> isWatched());

            assertThat(early.await(in(Duration.ofMillis(20)))).isInstanceOf(InvocationResult.TimedOut.class);

            assertThat(lateEnd).isNotDone();
            assertThat(late.settle(new InvocationResult.Unavailable("gone"))).isTrue();
            assertThat(lateEnd.get(5, TimeUnit.SECONDS)).isEqualTo(new InvocationResult.Unavailable("gone"));
        }
    }

    @Test
    void calls_that_wait_still_time_out_after_the_close_and_later_ones_too() throws Exception {
        try (PendingAcks.Pending call = acks.expect(route())) {
            CompletableFuture<InvocationResult> end = awaiting(call, Duration.ofMillis(200));

            acks.close();

            assertThat(end.get(5, TimeUnit.SECONDS)).isInstanceOf(InvocationResult.TimedOut.class);
        }
        Awaitility.await().until(() -> !isWatched());
        try (PendingAcks.Pending call = acks.expect(route())) {
            assertThat(call.await(in(Duration.ofMillis(20)))).isInstanceOf(InvocationResult.TimedOut.class);
        }
    }

    private static CompletableFuture<InvocationResult> awaiting(PendingAcks.Pending call, Duration budget) {
        CompletableFuture<InvocationResult> end = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                end.complete(call.await(in(budget)));
            } catch (InterruptedException | RuntimeException failed) {
                end.completeExceptionally(failed);
            }
        });
        return end;
    }

    private boolean isWatched() {
        return watches()
                .anyMatch(thread -> !othersWatches.contains(thread) && thread.getState() == Thread.State.TIMED_WAITING);
    }

    private static Stream<Thread> watches() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("deadlines"));
    }

    @Test
    void every_call_ends_while_others_come_and_go() throws Exception {
        Random random = new Random(7);
        List<CompletableFuture<InvocationResult>> ends = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Route route = route();
            PendingAcks.Pending call = acks.expect(route);
            Duration budget = Duration.ofNanos(random.nextLong(50_000_000));
            ends.add(awaiting(call, budget));
            if (random.nextBoolean()) {
                acks.deliver(route.answerTopic().value(), answer(route.id().toString(), "done"));
            }
        }

        for (CompletableFuture<InvocationResult> end : ends) {
            assertThat(end.get(20, TimeUnit.SECONDS))
                    .isInstanceOfAny(InvocationResult.TimedOut.class, InvocationResult.Ok.class);
        }
        assertThat(acks.waiting()).isEmpty();
    }

    @Test
    void route_is_waited_for_once() {
        Route route = route();
        try (PendingAcks.Pending call = acks.expect(route)) {
            assertThatThrownBy(() -> acks.expect(route)).isInstanceOf(IllegalStateException.class);
            assertThat(acks.waiting()).containsExactly(route);
            assertThat(call.settle(new InvocationResult.TimedOut())).isTrue();
        }
        acks.expect(route).close();
        assertThat(acks.waiting()).isEmpty();
    }

    @Test
    void exactly_one_of_answer_refusal_and_timeout_wins() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            Route route = route();
            byte[] answer =
                    new AnswerMessage.Answered(route.id().toString(), JsonText.of(IntNode.valueOf(round))).encode();
            AtomicInteger refusals = new AtomicInteger();
            CountDownLatch go = new CountDownLatch(1);
            try (PendingAcks.Pending call = acks.expect(route)) {
                Thread answering = Thread.startVirtualThread(() -> {
                    await(go);
                    acks.deliver(route.answerTopic().value(), answer);
                });
                Thread refusing = Thread.startVirtualThread(() -> {
                    await(go);
                    if (call.settle(new InvocationResult.Unavailable("gone"))) {
                        refusals.incrementAndGet();
                    }
                });
                long droppedBefore = acks.dropped();
                go.countDown();
                InvocationResult result = call.await(in(Duration.ofNanos(round * 20L)));
                answering.join();
                refusing.join();

                assertThat(call.await(in(Duration.ZERO))).isSameAs(result);
                assertThat(refusals.get()).isEqualTo(result instanceof InvocationResult.Unavailable ? 1 : 0);
                assertThat(acks.dropped() - droppedBefore).isEqualTo(result instanceof InvocationResult.Ok ? 0 : 1);
            }
        }
        assertThat(acks.waiting()).isEmpty();
    }

    @Test
    void answers_to_many_calls_find_their_own() throws Exception {
        var calls = IntStream.range(0, 500)
                .mapToObj(i -> route())
                .map(route -> java.util.Map.entry(route, acks.expect(route)))
                .toList();

        calls.reversed()
                .forEach(call -> acks.deliver(
                        call.getKey().answerTopic().value(),
                        answer(call.getKey().id().toString(), call.getKey().id().toString())));

        for (var call : calls) {
            assertThat(call.getValue().await(in(Duration.ZERO)))
                    .isEqualTo(new InvocationResult.Ok(
                            JsonText.string(call.getKey().id().toString())));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
