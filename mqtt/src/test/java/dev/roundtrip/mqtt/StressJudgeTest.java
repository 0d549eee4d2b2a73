package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.mqtt.StressLedger.Arrival;
import dev.roundtrip.mqtt.StressLedger.Inbox;
import dev.roundtrip.mqtt.StressLedger.Sent;
import dev.roundtrip.mqtt.StressLedger.Visit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The judge of the broker's stress sees what is wrong, and nothing else. */
class StressJudgeTest {
    private static final long LATE = 1_000;
    private final StressLedger ledger = new StressLedger();

    private Inbox subscribed(String clientId, String filter) {
        Inbox inbox = ledger.subscribing(clientId, filter);
        inbox.subscribed();
        return inbox;
    }

    private Sent sent(String topic) {
        Sent message = ledger.sending("publisher", topic, false, Message.NEVER);
        message.acknowledged(0);
        return message;
    }

    private Sent retained(String topic) {
        Sent message = ledger.sending("publisher", topic, true, Message.NEVER);
        message.acknowledged(0);
        return message;
    }

    private static Arrival arrive(Inbox inbox, Sent message, Visit visit) {
        return inbox.arrived(message.number, message.topic, visit, false, false);
    }

    private static Arrival arriveAgain(Inbox inbox, Sent message, Visit visit) {
        return inbox.arrived(message.number, message.topic, visit, true, false);
    }

    private Visit visit() {
        return ledger.connecting(0);
    }

    private List<String> judgement() {
        return Stream.concat(new StressJudge(ledger).stranded().stream(), new StressJudge(ledger).judge().stream())
                .map(violation -> violation.split(": ", 2)[0])
                .toList();
    }

    @Test
    void what_mqtt_allows_is_well() {
        Sent state = retained("state");
        Inbox watcher = subscribed("watcher", "state");
        Inbox reader = subscribed("reader", "t");
        Inbox first = subscribed("first", "$share/g/t");
        Inbox second = subscribed("second", "$share/g/t");
        Sent one = sent("t");
        Sent two = sent("t");
        Sent unacknowledged = ledger.sending("publisher", "t", false, Message.NEVER);
        Sent expired = ledger.sending("publisher", "t", false, LATE);
        expired.acknowledged(0);

        watcher.arrived(state.number, "state", visit(), false, true);
        arrive(reader, one, visit());
        Visit back = visit();
        arriveAgain(reader, one, back);
        arrive(reader, two, back).settled();
        arrive(first, two, visit());
        first.ended();
        arrive(second, two, visit());
        arrive(second, one, visit());
        arrive(reader, unacknowledged, back);

        assertThat(judgement()).isEmpty();
    }

    @Test
    void message_that_never_came_is_seen() {
        subscribed("reader", "t");
        sent("t");

        assertThat(judgement()).containsExactly("it never arrived");
    }

    @Test
    void message_that_no_member_of_one_of_two_groups_got_is_seen() {
        Inbox served = subscribed("a", "$share/g/t");
        subscribed("b", "$share/h/t");
        arrive(served, sent("t"), visit());

        assertThat(judgement()).containsExactly("it never arrived");
    }

    @Test
    void message_that_a_member_took_with_it_is_seen() {
        Inbox ended = subscribed("a", "$share/g/t");
        subscribed("b", "$share/g/t");
        sent("t");
        ended.ended();

        assertThat(judgement()).containsExactly("it never arrived");
    }

    @Test
    void message_that_two_members_got_is_seen() {
        Inbox first = subscribed("a", "$share/g/t");
        Inbox second = subscribed("b", "$share/g/t");
        Sent message = sent("t");
        arrive(first, message, visit());
        arrive(second, message, visit());

        assertThat(judgement()).containsExactly("two members got it");
    }

    @Test
    void message_of_nobody_is_seen() {
        subscribed("reader", "t").arrived(7, "t", visit(), false, false);

        assertThat(judgement()).containsExactly("nobody sent it");
    }

    @Test
    void message_to_another_subscriber_is_seen() {
        Inbox wrong = subscribed("reader", "other");
        arrive(wrong, sent("t"), visit());

        assertThat(judgement()).containsExactly("the client did not subscribe to it");
    }

    @Test
    void message_on_another_topic_is_seen() {
        Inbox reader = subscribed("reader", "t");
        reader.arrived(sent("other").number, "t", visit(), false, false);

        assertThat(judgement()).containsExactly("it came to another topic");
    }

    @Test
    void message_of_the_session_before_is_seen() {
        Sent before = sent("t");
        arrive(subscribed("reader", "t"), before, visit());

        assertThat(judgement()).containsExactly("it was sent before this session subscribed");
    }

    @Test
    void message_that_had_expired_is_seen() {
        Inbox reader = subscribed("reader", "t");
        Sent message = ledger.sending("publisher", "t", false, LATE);
        message.acknowledged(0);
        arrive(reader, message, ledger.connecting(LATE));

        assertThat(judgement()).containsExactly("it had expired before this connection began");
    }

    @Test
    void message_that_comes_twice_as_new_is_seen() {
        Inbox reader = subscribed("reader", "t");
        Sent message = sent("t");
        arrive(reader, message, visit());
        arrive(reader, message, visit());

        assertThat(judgement()).containsExactly("it came twice, each time as if it were new");
    }

    @Test
    void message_that_comes_twice_on_one_connection_is_seen() {
        Inbox reader = subscribed("reader", "t");
        Sent message = sent("t");
        Visit visit = visit();
        arrive(reader, message, visit);
        arriveAgain(reader, message, visit);

        assertThat(judgement()).containsExactly("it came twice on one connection");
    }

    @Test
    void message_that_comes_again_though_it_was_acknowledged_is_seen() {
        Inbox reader = subscribed("reader", "t");
        Sent message = sent("t");
        arrive(reader, message, visit()).settled();
        arriveAgain(reader, message, visit());

        assertThat(judgement()).containsExactly("it came again though it was acknowledged");
    }

    @Test
    void message_that_comes_behind_a_later_one_is_seen() {
        Inbox reader = subscribed("reader", "t");
        Sent earlier = sent("t");
        Visit visit = visit();
        arrive(reader, sent("t"), visit);
        arrive(reader, earlier, visit);

        assertThat(judgement()).containsExactly("it came behind a later one, 2");
    }

    @Test
    void retained_message_that_is_missing_or_too_old_or_was_never_one_is_seen() {
        Sent old = retained("state");
        retained("state");
        Inbox tooOld = subscribed("a", "state");
        tooOld.arrived(old.number, "state", visit(), false, true);
        subscribed("b", "state");
        Inbox never = subscribed("c", "t");
        never.arrived(sent("t").number, "t", visit(), false, true);

        assertThat(judgement())
                .containsExactly(
                        "no retained message came, or too old a one",
                        "no retained message came, or too old a one",
                        "it was never to be retained");
    }

    @Test
    void what_is_held_in_the_end_is_seen() {
        BrokerCounters held = new BrokerCounters(9, 9, 9, 1, 2, 3, 9, 9, 9, 9, 9, 9, 9, 4, 5);

        assertThat(StressJudge.held(held))
                .containsExactly(
                        "sessions: 1", "subscriptions: 2", "retained messages: 3", "messages held: 4", "bytes held: 5");
        assertThat(StressJudge.held(new BrokerCounters(9, 9, 9, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 0, 0)))
                .isEmpty();
    }
}
