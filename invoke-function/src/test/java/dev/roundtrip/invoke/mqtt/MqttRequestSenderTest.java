package dev.roundtrip.invoke.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.invoke.AbsencePolicy;
import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.invoke.Repetition;
import dev.roundtrip.invoke.TestClocks;
import dev.roundtrip.invoke.Timings;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.WireId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MqttRequestSenderTest {
    private static final ClientPrefix PREFIX = new ClientPrefix("gw");

    private final PendingAcks acks = new PendingAcks();
    private final StoryBroker broker = new StoryBroker();

    /** Publishes, and no more. */
    private RequestRate rate = new RequestRate.Unlimited();

    private Clocks clocks = Clocks.SYSTEM;

    private static class Publishing implements Delivery {
        @Override
        public void deliver(OutgoingCommand dispatch) throws MqttException {
            dispatch.publish(dispatch.pending()::settle);
        }

        @Override
        public void disconnect() {}
    }

    private InvocationResult send(MqttRequestSender sender) throws Exception {
        Command command = command(sender);
        try (PendingAcks.Pending call = acks.expect(command.route())) {
            sender.send(command, call, new Timings(System::nanoTime));
            return call.await(Deadline.after(Duration.ZERO, System::nanoTime));
        }
    }

    private static Command command(MqttRequestSender sender) {
        return command(sender, Repetition.UNSAFE);
    }

    private static Command command(MqttRequestSender sender, Repetition repetition) {
        WireId call = new WireId(sender.instance(), sender.nextId());
        Route route = new Route(PREFIX, call, new Target("pump"), new Method("start"));
        Deadline deadline = Deadline.after(Duration.ofSeconds(5), System::nanoTime);
        return new Command(
                route,
                route.requestTopic(),
                route.answerTopic(),
                new byte[0],
                deadline,
                AbsencePolicy.UNHEEDED,
                repetition);
    }

    private MqttRequestSender sender(Listening listening) {
        return sender(listening, new Publishing());
    }

    private MqttRequestSender sender(Listening listening, Delivery delivery) {
        return new MqttRequestSender(
                broker,
                new MqttRequestSender.Ways(listening, delivery, rate),
                new Environment(PREFIX, acks, new CallLog(line -> {}), clocks));
    }

    @ParameterizedTest
    @EnumSource
    void command_that_was_not_handed_over_because_the_connection_broke_goes_over_the_next_one(Listening listening)
            throws Exception {
        try (MqttRequestSender sender = sender(listening)) {
            sender.connect(() -> {}, Deadline.after(Duration.ofSeconds(5), System::nanoTime));
            broker.channels.getFirst().breaking = true;

            InvocationResult result = send(sender);

            assertThat(result).isInstanceOf(InvocationResult.TimedOut.class);
            assertThat(broker.channels).hasSize(2);
            assertThat(broker.channels.get(0).published).isEmpty();
            assertThat(broker.channels.get(1).published).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void command_with_a_key_is_sent_again_under_its_id_when_the_connection_breaks(Listening listening)
            throws Exception {
        try (MqttRequestSender sender = sender(listening)) {
            sender.connect(() -> {}, Deadline.after(Duration.ofSeconds(5), System::nanoTime));
            Command keyed = command(sender, Repetition.SAFE);
            Command plain = command(sender, Repetition.UNSAFE);
            try (PendingAcks.Pending waiting = acks.expect(keyed.route());
                    PendingAcks.Pending other = acks.expect(plain.route())) {
                sender.send(keyed, waiting, new Timings(System::nanoTime));
                sender.send(plain, other, new Timings(System::nanoTime));

                broker.channels.getFirst().open = false;
                broker.channels.getFirst().listener.lost("a cable was pulled");

                await().untilAsserted(() -> {
                    assertThat(broker.channels).hasSize(2);
                    assertThat(broker.channels.get(1).published).containsExactly(keyed);
                });
                assertThat(waiting.isWaiting()).isTrue();
            } finally {
                sender.release(keyed.route().id());
                sender.release(plain.route().id());
            }
        }
    }

    private static long sendings(StoryBroker.StoryChannel channel, Command command) {
        return channel.published.stream().filter(command::equals).count();
    }

    /** A connection that is old waits for its calls, and nothing is sent on it any more. */
    @ParameterizedTest
    @EnumSource
    void command_with_a_key_is_sent_again_when_its_connection_breaks_that_was_replaced_for_its_age(Listening listening)
            throws Exception {
        TestClocks time = new TestClocks();
        clocks = time.clocks();
        try (MqttRequestSender sender = sender(listening)) {
            sender.connect(() -> {}, Deadline.after(Duration.ofSeconds(5), System::nanoTime));
            Command keyed = command(sender, Repetition.SAFE);
            Command plain = command(sender, Repetition.UNSAFE);
            StoryBroker.StoryChannel old = broker.channels.getFirst();
            try (PendingAcks.Pending waiting = acks.expect(keyed.route());
                    PendingAcks.Pending other = acks.expect(plain.route())) {
                sender.send(keyed, waiting, new Timings(System::nanoTime));
                sender.send(plain, other, new Timings(System::nanoTime));
                time.pass(Line.RENEWAL_AGE);
                send(sender);
                await().until(() -> old.left);
                StoryBroker.StoryChannel fresh = broker.channels.get(1);
                Command later = command(sender, Repetition.SAFE);
                try (PendingAcks.Pending onTheFresh = acks.expect(later.route())) {
                    sender.send(later, onTheFresh, new Timings(System::nanoTime));
                    assertThat(old.open).isTrue();
                    assertThat(sendings(fresh, keyed)).isZero();

                    old.open = false;
                    old.listener.lost("a cable was pulled");

                    await().until(() -> sendings(fresh, keyed) == 1);
                    await().during(Duration.ofMillis(200))
                            .until(() -> sendings(fresh, keyed) == 1
                                    && sendings(fresh, plain) == 0
                                    && sendings(fresh, later) == 1);
                }
                sender.release(later.route().id());
                assertThat(broker.channels).hasSize(2);
                assertThat(waiting.isWaiting()).isTrue();
            } finally {
                sender.release(keyed.route().id());
                sender.release(plain.route().id());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void command_with_a_key_is_sent_again_after_its_old_connection_broke_and_so_did_the_one_that_replaced_it(
            Listening listening) throws Exception {
        TestClocks time = new TestClocks();
        clocks = time.clocks();
        try (MqttRequestSender sender = sender(listening)) {
            sender.connect(() -> {}, Deadline.after(Duration.ofSeconds(5), System::nanoTime));
            Command keyed = command(sender, Repetition.SAFE);
            StoryBroker.StoryChannel old = broker.channels.getFirst();
            try (PendingAcks.Pending waiting = acks.expect(keyed.route())) {
                sender.send(keyed, waiting, new Timings(System::nanoTime));
                time.pass(Line.RENEWAL_AGE);
                send(sender);
                await().until(() -> old.left);
                StoryBroker.StoryChannel fresh = broker.channels.get(1);
                fresh.breaking = true;

                old.open = false;
                old.listener.lost("a cable was pulled");
                await().until(() -> !fresh.open);
                fresh.listener.lost("another cable was pulled");

                await().untilAsserted(() -> {
                    assertThat(broker.channels).hasSize(3);
                    assertThat(broker.channels.get(2).published).containsExactly(keyed);
                });
            } finally {
                sender.release(keyed.route().id());
            }
        }
    }

    /** The call that waits is the only one: nobody else asks for a connection. */
    @ParameterizedTest
    @EnumSource
    void command_with_a_key_is_sent_again_when_a_silent_connection_could_not_be_replaced_at_once(Listening listening)
            throws Exception {
        try (MqttRequestSender sender = sender(listening)) {
            sender.connect(() -> {}, Deadline.after(Duration.ofSeconds(5), System::nanoTime));
            Command keyed = command(sender, Repetition.SAFE);
            try (PendingAcks.Pending waiting = acks.expect(keyed.route())) {
                sender.send(keyed, waiting, new Timings(System::nanoTime));
                StoryBroker.StoryChannel silent = broker.channels.getFirst();
                silent.silence = Duration.ofHours(1);
                silent.vanished = true;
                broker.down = true;

                assertThat(send(sender)).isInstanceOf(InvocationResult.Unavailable.class);
                broker.down = false;

                await().untilAsserted(() ->
                        assertThat(broker.channels.getLast().published).containsExactly(keyed));
            } finally {
                sender.release(keyed.route().id());
            }
        }
    }

    /** Where the answer would be heard: a snapshot holds no instance. */
    @ParameterizedTest
    @EnumSource
    void command_with_a_key_that_waits_over_a_snapshot_is_sent_again_if_its_answer_would_be_heard(Listening listening)
            throws Exception {
        try (MqttRequestSender sender = sender(listening)) {
            sender.connect(() -> {}, Deadline.after(Duration.ofSeconds(5), System::nanoTime));
            Command keyed = command(sender, Repetition.SAFE);
            try (PendingAcks.Pending waiting = acks.expect(keyed.route())) {
                sender.send(keyed, waiting, new Timings(System::nanoTime));
                sender.disconnect();

                sender.connect(() -> {}, Deadline.after(Duration.ofSeconds(5), System::nanoTime));

                long expected = listening == Listening.INSTANCE ? 0 : 1;
                StoryBroker.StoryChannel fresh = broker.channels.get(1);
                await().until(() -> sendings(fresh, keyed) == expected);
                await().during(Duration.ofMillis(200)).until(() -> sendings(fresh, keyed) == expected);
            } finally {
                sender.release(keyed.route().id());
            }
        }
    }

    @Test
    void command_with_a_key_that_was_not_handed_over_goes_over_the_next_connection_once() throws Exception {
        try (MqttRequestSender sender = sender(Listening.PER_CALL)) {
            sender.connect(() -> {}, Deadline.after(Duration.ofSeconds(5), System::nanoTime));
            Command claimed = command(sender, Repetition.SAFE);
            Command keyed = command(sender, Repetition.SAFE);
            StoryBroker.StoryChannel first = broker.channels.getFirst();
            broker.subscribing = filter -> {
                if (filter.equals(Route.answersTo(PREFIX, keyed.route().id())) && !first.full) {
                    first.full = true;
                    first.open = false;
                    first.listener.lost("a cable was pulled");
                    await().until(() -> broker.channels.size() == 2);
                }
            };
            try (PendingAcks.Pending call = acks.expect(keyed.route())) {
                sender.send(keyed, call, new Timings(System::nanoTime));

                await().during(Duration.ofMillis(300))
                        .until(() -> broker.channels.stream()
                                .flatMap(channel -> channel.published.stream())
                                .toList()
                                .equals(List.of(keyed)));
            }
            sender.release(claimed.route().id());
            sender.release(keyed.route().id());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refusal_of_the_first_sending_ends_a_call_unless_it_was_sent_again(boolean isSentAgain) throws Exception {
        Delivery heeding = new Publishing() {
            @Override
            public void deliver(OutgoingCommand dispatch) throws MqttException {
                dispatch.publish(dispatch.acknowledgement());
            }
        };
        try (MqttRequestSender sender = sender(Listening.SHARED, heeding)) {
            Command keyed = command(sender, Repetition.SAFE);
            try (PendingAcks.Pending call = acks.expect(keyed.route())) {
                sender.send(keyed, call, new Timings(System::nanoTime));
                StoryBroker.StoryChannel first = broker.channels.getFirst();
                if (isSentAgain) {
                    first.open = false;
                    first.listener.lost("a cable was pulled");
                    await().until(() -> broker.channels.getLast() != first
                            && !broker.channels.getLast().published.isEmpty());
                }

                first.acknowledgements.remove().refused(new InvocationResult.Throttled("slow down"));

                assertThat(call.isWaiting()).isEqualTo(isSentAgain);
            } finally {
                sender.release(keyed.route().id());
            }
        }
    }

    @Test
    void command_with_a_key_whose_call_has_ended_is_not_sent_again() throws Exception {
        try (MqttRequestSender sender = sender(Listening.SHARED)) {
            Command ended = command(sender, Repetition.SAFE);
            Command other = command(sender, Repetition.SAFE);
            try (PendingAcks.Pending call = acks.expect(ended.route())) {
                sender.send(ended, call, new Timings(System::nanoTime));
            }
            sender.release(ended.route().id());
            try (PendingAcks.Pending waiting = acks.expect(other.route())) {
                sender.send(other, waiting, new Timings(System::nanoTime));
                broker.channels.getFirst().open = false;
                broker.channels.getFirst().listener.lost("a cable was pulled");

                await().untilAsserted(() ->
                        assertThat(broker.channels.getLast().published).containsExactly(other));
            }
        }
    }

    @Test
    void call_that_ended_before_its_next_attempt_leaves_no_subscription() throws Exception {
        Delivery repeating = new Publishing() {
            @Override
            public void deliver(OutgoingCommand dispatch) throws MqttException {
                dispatch.listen();
                dispatch.pending().settle(new InvocationResult.TimedOut());
                dispatch.listenAgain();
            }
        };
        try (MqttRequestSender sender = sender(Listening.PER_CALL, repeating)) {
            Command command = command(sender);
            try (PendingAcks.Pending call = acks.expect(command.route())) {
                sender.send(command, call, new Timings(System::nanoTime));
            }

            assertThat(broker.channels.getFirst().granted)
                    .doesNotContain(Route.answersTo(PREFIX, command.route().id()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void command_is_tried_no_more_than_twice(Listening listening) throws Exception {
        broker.breakingAll = true;
        try (MqttRequestSender sender = sender(listening)) {
            InvocationResult result = send(sender);

            assertThat(result).isInstanceOf(InvocationResult.Unavailable.class);
            assertThat(broker.broken).hasValue(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void command_without_a_turn_in_time_is_throttled_and_was_not_handed_over(Listening listening) throws Exception {
        // Half of a command's five seconds may pass before its turn: two get one later than at once.
        rate = new RequestRate.PerSecond(1);
        try (MqttRequestSender sender = sender(listening);
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<InvocationResult>> all = IntStream.range(0, 20)
                    .mapToObj(i -> callers.submit(() -> send(sender)))
                    .toList();
            List<InvocationResult> results = new ArrayList<>();
            for (Future<InvocationResult> one : all) {
                results.add(one.get());
            }

            long sent = broker.channels.stream()
                    .mapToLong(channel -> channel.published.size())
                    .sum();
            assertThat(results)
                    .filteredOn(InvocationResult.TimedOut.class::isInstance)
                    .hasSize((int) sent);
            assertThat(results)
                    .filteredOn(InvocationResult.Throttled.class::isInstance)
                    .hasSize(20 - (int) sent);
            assertThat(sent).isBetween(1L, 3L);
        }
    }
}
