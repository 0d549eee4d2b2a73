package dev.roundtrip.invoke.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.invoke.TestClocks;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Instance;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.WireId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WarmChannelTest {
    private static final ClientPrefix PREFIX = new ClientPrefix("gw");

    private final PendingAcks acks = new PendingAcks();
    private final StoryBroker broker = new StoryBroker();
    private final TestClocks time = new TestClocks();

    private WarmChannel warmChannel(Listening listening) {
        return new WarmChannel(
                broker, listening, new Environment(PREFIX, acks, new CallLog(line -> {}), time.clocks()));
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(5), System::nanoTime);
    }

    @Test
    void warm_channel_is_used_again_without_a_word_to_the_broker() throws Exception {
        try (WarmChannel warm = warmChannel(Listening.SHARED)) {
            Line first = warm.warm(soon());

            assertThat(warm.warm(soon())).isSameAs(first);
            assertThat(broker.channels).hasSize(1);
            assertThat(broker.channels.getFirst().subscribed).containsExactly("gw/+/+/+/ack");
        }
        assertThat(broker.channels.getFirst().open).isFalse();
    }

    @Test
    void start_connects_while_something_else_is_done_and_not_twice_when_it_is_refused() throws Exception {
        try (WarmChannel warm = warmChannel(Listening.SHARED)) {
            broker.slow = new CountDownLatch(1);
            broker.down = true;
            Runnable meanwhile = () -> {
                await().until(() -> broker.channels.size() == 1);
                broker.slow.countDown();
            };

            assertThatThrownBy(() -> warm.connect(meanwhile, soon())).isInstanceOf(MqttException.class);

            assertThat(broker.channels).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Listening.class)
    void idle_channel_is_verified_and_kept_when_it_answers(Listening listening) throws Exception {
        try (WarmChannel warm = warmChannel(listening)) {
            Line first = warm.warm(soon());
            broker.channels.getFirst().silence = WarmChannel.IDLE_LIMIT;

            assertThat(warm.warm(soon())).isSameAs(first);
            assertThat(broker.channels.getFirst().subscribed).hasSize(2);
        }
    }

    @Test
    void channel_of_calls_in_flight_may_be_silent_for_longer() throws Exception {
        Route route = new Route(PREFIX, MessageId.random(), new Target("pump"), new Method("start"));
        Route other = new Route(PREFIX, MessageId.random(), new Target("pump"), new Method("start"));
        try (WarmChannel warm = warmChannel(Listening.SHARED);
                PendingAcks.Pending inFlight = acks.expect(route);
                PendingAcks.Pending own = acks.expect(other)) {
            Line first = warm.warm(soon());

            broker.channels.getFirst().silence = WarmChannel.IDLE_LIMIT;
            assertThat(warm.warm(soon())).isSameAs(first);
            assertThat(broker.channels.getFirst().subscribed).hasSize(1);

            broker.channels.getFirst().silence = WarmChannel.BUSY_LIMIT;
            assertThat(warm.warm(soon())).isSameAs(first);
            assertThat(broker.channels.getFirst().subscribed).hasSize(2);
            assertThat(inFlight.settle(new InvocationResult.TimedOut())).isTrue();
            assertThat(own.settle(new InvocationResult.TimedOut())).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Listening.class)
    void idle_channel_that_does_not_answer_is_replaced(Listening listening) throws Exception {
        try (WarmChannel warm = warmChannel(listening)) {
            Line first = warm.warm(soon());
            broker.channels.getFirst().silence = Duration.ofHours(1);
            broker.channels.getFirst().vanished = true;

            assertThat(warm.warm(soon())).isNotSameAs(first);
            assertThat(broker.channels).hasSize(2);
            await().until(() -> !broker.channels.getFirst().open);
        }
    }

    @ParameterizedTest
    @EnumSource(Listening.class)
    void lost_channel_is_replaced_at_once_when_calls_wait_and_their_answers_are_listened_for_again(Listening listening)
            throws Exception {
        try (WarmChannel warm = warmChannel(listening)) {
            Route route = route(warm);
            PendingAcks.Pending call = acks.expect(route);
            warm.warm(soon());
            StoryBroker.StoryChannel first = broker.channels.getFirst();

            first.open = false;
            first.listener.lost("the cable was cut");

            await().untilAsserted(() -> assertThat(broker.channels).hasSize(2));
            await().untilAsserted(
                            () -> assertThat(broker.channels.get(1).subscribed).contains(filter(listening, route)));
            assertThat(call.settle(new InvocationResult.TimedOut())).isTrue();
        }
    }

    @Test
    void many_calls_that_need_a_channel_share_one_connect() throws Exception {
        broker.slow = new CountDownLatch(1);
        try (WarmChannel warm = warmChannel(Listening.SHARED);
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Line> call = () -> warm.warm(soon());
            List<Future<Line>> lines =
                    IntStream.range(0, 100).mapToObj(i -> callers.submit(call)).toList();
            await().until(() -> !broker.channels.isEmpty());
            broker.slow.countDown();

            for (Future<Line> line : lines) {
                assertThat(line.get()).isSameAs(lines.getFirst().get());
            }
            assertThat(broker.channels).hasSize(1);
        }
    }

    @Test
    void caller_waits_for_a_connection_no_longer_than_its_own_deadline() {
        broker.slow = new CountDownLatch(1);
        try (WarmChannel warm = warmChannel(Listening.SHARED)) {
            assertThatThrownBy(() -> warm.warm(Deadline.after(Duration.ofMillis(20), System::nanoTime)))
                    .isInstanceOf(MqttException.class)
                    .hasMessageContaining("in time");
        } finally {
            broker.slow.countDown();
        }
    }

    @Test
    void broker_that_is_down_is_not_flooded_and_is_tried_again_later() throws Exception {
        broker.down = true;
        try (WarmChannel warm = warmChannel(Listening.SHARED)) {
            List<CompletableFuture<Void>> calls = IntStream.range(0, 50)
                    .mapToObj(i -> CompletableFuture.runAsync(
                            () -> assertThatThrownBy(() -> warm.warm(soon())).hasMessage("the broker is down"),
                            Thread::startVirtualThread))
                    .toList();
            for (CompletableFuture<Void> call : calls) {
                call.get(20, TimeUnit.SECONDS);
            }
            assertThat(broker.channels).hasSizeLessThan(25);

            broker.down = false;
            await().untilAsserted(() ->
                    assertThat(warm.warm(soon()).channel().isOpen()).isTrue());
        }
    }

    @Test
    void call_that_comes_within_moments_of_a_refusal_has_the_broker_tried_again() throws Exception {
        broker.down = true;
        try (WarmChannel warm = warmChannel(Listening.SHARED)) {
            assertThatThrownBy(() -> warm.warm(soon())).hasMessage("the broker is down");
            broker.down = false;

            assertThat(warm.warm(soon()).channel().isOpen()).isTrue();
        }
    }

    @Test
    void closed_channel_opens_no_more() {
        WarmChannel warm = warmChannel(Listening.SHARED);
        warm.close();

        assertThatThrownBy(() -> warm.warm(soon())).isInstanceOf(MqttException.class);
        assertThat(broker.channels).isEmpty();
    }

    @Test
    void spare_id_is_listened_for_ahead_and_handed_out_once() throws Exception {
        try (WarmChannel warm = warmChannel(Listening.PER_CALL)) {
            Line line = warm.warm(soon());
            StoryBroker.StoryChannel channel = broker.channels.getFirst();
            assertThat(channel.subscribed).hasSize(1);

            MessageId spare = line.acks().claim();
            assertThat(channel.subscribed).containsExactly(Route.answersTo(PREFIX, spare));
            line.acks().listen(WireId.of(spare), soon());
            assertThat(channel.subscribed).hasSize(1);
            assertThat(line.acks().claim()).isNotEqualTo(spare);

            line.acks().sent();
            await().untilAsserted(() -> assertThat(channel.subscribed).hasSize(2));
            line.acks().release(spare);
            assertThat(channel.unsubscribed).containsExactly(Route.answersTo(PREFIX, spare));
        }
    }

    @Test
    void call_without_a_spare_subscribes_its_own_answer() throws Exception {
        try (WarmChannel warm = warmChannel(Listening.PER_CALL)) {
            Line line = warm.warm(soon());
            MessageId first = line.acks().claim();
            MessageId second = line.acks().claim();

            line.acks().listen(WireId.of(second), soon());

            assertThat(broker.channels.getFirst().subscribed)
                    .containsExactly(Route.answersTo(PREFIX, first), Route.answersTo(PREFIX, second));
        }
    }

    @ParameterizedTest
    @EnumSource(Listening.class)
    void silent_channel_is_closed_only_when_its_calls_are_listened_for_on_the_next(Listening listening)
            throws Exception {
        try (WarmChannel warm = warmChannel(listening)) {
            Route early = route(warm);
            Route late = route(warm);
            PendingAcks.Pending earlyCall = acks.expect(early);
            warm.warm(soon());
            StoryBroker.StoryChannel first = broker.channels.getFirst();
            first.silence = Duration.ofHours(1);
            first.vanished = true;
            broker.slow = new CountDownLatch(1);

            try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Line> renewed = callers.submit(() -> warm.warm(soon()));
                await().until(() -> broker.channels.size() == 2);
                assertThat(first.open).isTrue();
                try (PendingAcks.Pending lateCall = acks.expect(late)) {
                    broker.slow.countDown();

                    assertThat(renewed.get().channel()).isSameAs(broker.channels.get(1));
                    assertThat(broker.channels.get(1).subscribed)
                            .contains(filter(listening, early), filter(listening, late));
                    await().until(() -> !first.open);
                    assertThat(lateCall.settle(new InvocationResult.TimedOut())).isTrue();
                }
            }
            assertThat(earlyCall.settle(new InvocationResult.TimedOut())).isTrue();
        }
    }

    @Test
    void answers_to_calls_that_end_while_a_channel_is_opened_are_listened_for_no_longer() throws Exception {
        Route route = new Route(PREFIX, MessageId.random(), new Target("pump"), new Method("start"));
        String filter = Route.answersTo(PREFIX, route.id());
        PendingAcks.Pending call = acks.expect(route);
        broker.subscribing = subscribed -> {
            if (subscribed.equals(filter)) {
                call.close();
            }
        };

        try (WarmChannel warm = warmChannel(Listening.PER_CALL)) {
            warm.warm(soon());

            assertThat(broker.channels.getFirst().subscribed).contains(filter);
            assertThat(broker.channels.getFirst().unsubscribed).containsExactly(filter);
        }
    }

    @Test
    void answers_to_calls_that_end_while_they_are_taken_over_are_listened_for_no_longer() throws Exception {
        Route first = new Route(PREFIX, MessageId.random(), new Target("pump"), new Method("start"));
        Route one = new Route(PREFIX, MessageId.random(), new Target("pump"), new Method("start"));
        Route other = new Route(PREFIX, MessageId.random(), new Target("pump"), new Method("start"));
        List<PendingAcks.Pending> late = new CopyOnWriteArrayList<>();

        try (PendingAcks.Pending call = acks.expect(first);
                WarmChannel warm = warmChannel(Listening.PER_CALL)) {
            broker.subscribing = filter -> {
                if (filter.equals(Route.answersTo(PREFIX, first.id()))) {
                    late.add(acks.expect(one));
                    late.add(acks.expect(other));
                } else if (filter.equals(Route.answersTo(PREFIX, one.id()))
                        || filter.equals(Route.answersTo(PREFIX, other.id()))) {
                    // Both end now: the one just before the broker grants its answer, the other before it is asked to.
                    Line line = Objects.requireNonNull(warm.last());
                    late.forEach(PendingAcks.Pending::close);
                    line.acks().release(one.id());
                    line.acks().release(other.id());
                }
            };
            warm.warm(soon());

            assertThat(late).hasSize(2);
            assertThat(call.settle(new InvocationResult.TimedOut())).isTrue();
            assertThat(broker.channels.getFirst().granted)
                    .contains(Route.answersTo(PREFIX, first.id()))
                    .doesNotContain(Route.answersTo(PREFIX, one.id()), Route.answersTo(PREFIX, other.id()));
        }
    }

    @Test
    void channel_whose_proof_is_refused_lives() throws Exception {
        try (WarmChannel warm = warmChannel(Listening.PER_CALL)) {
            Line first = warm.warm(soon());
            broker.channels.getFirst().silence = WarmChannel.IDLE_LIMIT;
            broker.channels.getFirst().full = true;

            assertThat(warm.warm(soon())).isSameAs(first);
            assertThat(broker.channels).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Listening.class)
    void nothing_is_connected_after_a_disconnect_even_when_a_connect_was_on_its_way(Listening listening)
            throws Exception {
        broker.slow = new CountDownLatch(1);
        try (WarmChannel warm = warmChannel(listening);
                var others = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Line> connecting = others.submit(() -> warm.warm(soon()));
            await().until(() -> broker.channels.size() == 1);

            Thread disconnecting = Thread.ofPlatform().start(warm::disconnect);
            await().until(() -> disconnecting.getState() == Thread.State.WAITING);
            broker.slow.countDown();
            disconnecting.join();

            assertThat(broker.channels.getFirst().open).isFalse();
            assertThat(warm.last()).isNull();
            assertThatThrownBy(connecting::get).hasCauseInstanceOf(MqttException.class);
            assertThat(warm.warm(soon()).channel().isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Listening.class)
    void call_that_finds_an_attempt_from_before_a_freeze_is_not_lost_with_it(Listening listening) throws Exception {
        broker.slow = new CountDownLatch(1);
        broker.down = true;
        CallLog log = new CallLog(line -> broker.down = false);
        try (WarmChannel warm = new WarmChannel(broker, listening, new Environment(PREFIX, acks, log, time.clocks()))) {
            assertThatThrownBy(() -> warm.warm(Deadline.after(Duration.ofMillis(1), System::nanoTime)))
                    .hasMessageContaining("in time");

            FutureTask<Line> thawed = new FutureTask<>(() -> warm.warm(soon()));
            Thread caller = Thread.ofPlatform().start(thawed);
            await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
            broker.slow.countDown();

            assertThat(thawed.get().channel().isOpen()).isTrue();
        }
    }

    private Route route() {
        return new Route(PREFIX, MessageId.random(), new Target("pump"), new Method("start"));
    }

    /** A call as the channel has it named. */
    private Route route(WarmChannel warm) {
        return new Route(
                PREFIX, new WireId(warm.instance(), MessageId.random()), new Target("pump"), new Method("start"));
    }

    /** What the answer to a call is heard by. */
    private static String filter(Listening listening, Route call) {
        return switch (listening) {
            case PER_CALL -> Route.answersTo(PREFIX, call.id());
            case SHARED -> Route.answersTo(PREFIX);
            case INSTANCE ->
                Route.answersTo(PREFIX, Objects.requireNonNull(call.wireId().instance()));
        };
    }

    /** A clock that stands still, as either may over a freeze, decides nothing alone. */
    @ParameterizedTest
    @CsvSource({
        "PT22H, PT22H, PER_CALL",
        "PT22H, PT22H, SHARED",
        "PT22H, PT22H, INSTANCE",
        "PT22H, PT0S, SHARED",
        "PT21H59M59.5S, PT22H, SHARED"
    })
    void connection_is_replaced_before_the_broker_ends_it_and_calls_do_not_wait_for_that(
            Duration byTheWall, Duration monotonic, Listening listening) throws Exception {
        try (WarmChannel warm = warmChannel(listening)) {
            Line first = warm.warm(soon());
            broker.slow = new CountDownLatch(1);

            time.pass(byTheWall, monotonic);

            assertThat(warm.warm(soon())).isSameAs(first);
            await().until(() -> broker.channels.size() == 2);
            assertThat(warm.warm(soon())).isSameAs(first);
            broker.slow.countDown();
            await().untilAsserted(() -> assertThat(warm.warm(soon())).isNotSameAs(first));
            await().until(() -> !broker.channels.getFirst().open);
            assertThat(broker.channels).hasSize(2);
            assertThat(broker.channels.get(1).subscribed).isNotEmpty();
        }
    }

    @Test
    void connection_that_is_not_old_is_left_alone() throws Exception {
        try (WarmChannel warm = warmChannel(Listening.SHARED)) {
            Line first = warm.warm(soon());

            time.pass(Line.RENEWAL_AGE.minusNanos(1));

            assertThat(warm.warm(soon())).isSameAs(first);
            assertThat(broker.channels).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Listening.class)
    void replaced_connection_stays_open_until_the_calls_that_were_sent_over_it_have_ended(Listening listening)
            throws Exception {
        try (WarmChannel warm = warmChannel(listening)) {
            Route one = route(warm);
            Route other = route(warm);
            PendingAcks.Pending first = acks.expect(one);
            PendingAcks.Pending second = acks.expect(other);
            Line old = warm.warm(soon());
            old.acks().listen(one.wireId(), soon());
            time.pass(Line.RENEWAL_AGE);
            await().untilAsserted(() -> assertThat(warm.warm(soon())).isNotSameAs(old));
            StoryBroker.StoryChannel before = broker.channels.getFirst();
            StoryBroker.StoryChannel after = broker.channels.get(1);
            await().until(() -> before.left);

            assertThat(before.open).isTrue();
            // The new one hears their answers too, should the old one break.
            assertThat(after.granted).contains(filter(listening, one));
            first.settle(new InvocationResult.TimedOut());
            warm.release(one.id());
            assertThat(before.open).isTrue();
            second.settle(new InvocationResult.TimedOut());
            warm.release(other.id());
            await().until(() -> !before.open);
        }
    }

    @ParameterizedTest
    @EnumSource(Listening.class)
    void old_connection_serves_on_while_the_broker_takes_no_new_one(Listening listening) throws Exception {
        try (WarmChannel warm = warmChannel(listening)) {
            Line first = warm.warm(soon());
            broker.down = true;
            time.pass(Line.MAX_AGE);

            assertThat(warm.warm(soon())).isSameAs(first);
            // Not every call tries again.
            assertThat(warm.warm(soon())).isSameAs(first);
            assertThat(broker.channels).hasSize(2);

            broker.down = false;
            time.pass(Duration.ofMinutes(1));
            assertThat(warm.warm(soon())).isNotSameAs(first);
        }
    }

    @ParameterizedTest
    @EnumSource(Listening.class)
    void nothing_that_was_replaced_stays_open_when_the_channel_is_closed(Listening listening) throws Exception {
        Route route = route();
        WarmChannel warm = warmChannel(listening);
        try (PendingAcks.Pending call = acks.expect(route)) {
            Line old = warm.warm(soon());
            time.pass(Line.RENEWAL_AGE);
            await().untilAsserted(() -> assertThat(warm.warm(soon())).isNotSameAs(old));
            await().until(() -> broker.channels.getFirst().left);

            warm.disconnect();

            assertThat(broker.channels).noneMatch(channel -> channel.open);
            assertThat(call.settle(new InvocationResult.TimedOut())).isTrue();
        } finally {
            warm.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Listening.class)
    void broker_that_is_back_while_calls_wait_is_connected_to_without_another_call(Listening listening)
            throws Exception {
        try (WarmChannel warm = warmChannel(listening)) {
            Route route = route(warm);
            PendingAcks.Pending call = acks.expect(route);
            warm.warm(soon());
            StoryBroker.StoryChannel first = broker.channels.getFirst();
            broker.down = true;

            first.open = false;
            first.listener.lost("the broker restarts");
            await().until(() -> broker.channels.size() >= 4);
            broker.down = false;

            await().untilAsserted(
                            () -> assertThat(broker.channels.getLast().granted).contains(filter(listening, route)));
            assertThat(call.settle(new InvocationResult.TimedOut())).isTrue();
        }
    }

    @Test
    void broker_that_is_down_is_left_alone_when_no_call_waits() throws Exception {
        try (WarmChannel warm = warmChannel(Listening.PER_CALL)) {
            Route route = route();
            try (PendingAcks.Pending call = acks.expect(route)) {
                warm.warm(soon());
                broker.down = true;
                broker.channels.getFirst().open = false;
                broker.channels.getFirst().listener.lost("the broker restarts");
                await().until(() -> broker.channels.size() >= 3);
            }
            int attempts = broker.channels.size();

            await().during(Duration.ofMillis(500)).until(() -> broker.channels.size() <= attempts + 1);
        }
    }

    @Test
    void idle_channel_is_verified_by_one_thread_however_often() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        broker.subscribing = filter -> threads.add(Thread.currentThread());
        try (WarmChannel warm = warmChannel(Listening.SHARED)) {
            for (int i = 0; i < 20; i++) {
                warm.warm(soon());
                broker.channels.getFirst().silence = WarmChannel.IDLE_LIMIT;
            }
            assertThat(broker.channels.getFirst().subscribed).hasSize(20);
        }

        assertThat(threads).hasSize(1);
        await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void instance_is_subscribed_once_and_no_call_subscribes() throws Exception {
        try (WarmChannel warm = warmChannel(Listening.INSTANCE)) {
            Line line = warm.warm(soon());
            for (int i = 0; i < 3; i++) {
                Route call = route(warm);
                line.acks().listen(call.wireId(), soon());
                line.acks().sent();
                warm.release(call.id());
            }

            StoryBroker.StoryChannel channel = broker.channels.getFirst();
            assertThat(channel.subscribed).containsExactly("gw/" + warm.instance() + "/+/+/+/ack");
            assertThat(channel.unsubscribed).isEmpty();
        }
    }

    @Test
    void instance_is_taken_over_by_the_connection_that_replaces_another_and_subscribed_there_first() throws Exception {
        try (WarmChannel warm = warmChannel(Listening.INSTANCE)) {
            Route call = route(warm);
            PendingAcks.Pending waiting = acks.expect(call);
            Line old = warm.warm(soon());
            StoryBroker.StoryChannel before = broker.channels.getFirst();
            CopyOnWriteArrayList<Boolean> oldHeard = new CopyOnWriteArrayList<>();
            broker.subscribing = filter -> oldHeard.add(before.isOpen() && before.granted.contains(filter));

            time.pass(Line.RENEWAL_AGE);
            await().untilAsserted(() -> assertThat(warm.warm(soon())).isNotSameAs(old));

            assertThat(oldHeard).containsExactly(true);
            assertThat(warm.instance()).isEqualTo(call.wireId().instance());
            assertThat(broker.channels.get(1).granted).isEqualTo(before.granted);
            byte[] answer = new AnswerMessage.Answered(call.wireId().toString(), JsonText.string("done")).encode();
            assertThat(broker.channels
                            .get(1)
                            .listener
                            .received(call.answerTopic().value(), answer))
                    .isTrue();
            assertThat(waiting.isWaiting()).isFalse();
        }
    }

    @Test
    void instance_is_another_one_after_a_restore_from_a_snapshot() throws Exception {
        try (WarmChannel warm = warmChannel(Listening.INSTANCE)) {
            warm.warm(soon());
            Instance before = warm.instance();

            warm.disconnect();
            warm.warm(soon());

            assertThat(warm.instance()).isNotEqualTo(before);
            assertThat(broker.channels.get(1).granted).containsExactly("gw/" + warm.instance() + "/+/+/+/ack");
        }
    }

    @Test
    void instance_that_an_attempt_drew_in_vain_is_in_no_snapshot() throws Exception {
        broker.slow = new CountDownLatch(1);
        try (WarmChannel warm = warmChannel(Listening.INSTANCE);
                var others = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Line> connecting = others.submit(() -> warm.warm(soon()));
            await().until(() -> broker.channels.size() == 1);
            Thread disconnecting = Thread.ofPlatform().start(warm::disconnect);
            await().until(() -> disconnecting.getState() == Thread.State.WAITING);

            broker.slow.countDown();
            disconnecting.join();
            warm.warm(soon());

            assertThatThrownBy(connecting::get).hasCauseInstanceOf(MqttException.class);
            assertThat(broker.channels.get(1).granted)
                    .hasSize(1)
                    .doesNotContainAnyElementsOf(broker.channels.get(0).granted);
        }
    }

    @Test
    void call_that_names_the_instance_of_before_a_snapshot_is_not_sent_on_a_connection_that_would_not_hear_its_answer()
            throws Exception {
        try (WarmChannel warm = warmChannel(Listening.INSTANCE)) {
            Route call = route(warm);
            warm.disconnect();
            Line line = warm.warm(soon());

            assertThatThrownBy(() -> line.acks().listen(call.wireId(), soon())).isInstanceOf(MqttException.class);
        }
    }
}
