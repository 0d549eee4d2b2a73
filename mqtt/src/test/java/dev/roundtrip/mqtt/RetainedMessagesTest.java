package dev.roundtrip.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.mqtt.RetainedMessages.Keeping;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Retained messages that are kept in memory at once, and stored later or not at all. */
class RetainedMessagesTest {
    private static final int LARGEST = 128 * 1024;

    private final TestClock clock = new TestClock();
    private final HeldStore store = new HeldStore();
    private final Backlog backlog = new Backlog(BrokerLimits.local().memory(), clock);
    private final RetainedMessages retained = new RetainedMessages(1_000_000, backlog, clock, store);

    @Test
    void message_that_was_stored_stays_when_a_later_one_of_its_topic_cannot_be_stored() {
        CompletionStage<Boolean> first = keep("a/b", "first").stored();
        CompletionStage<Boolean> second = keep("a/b", "second").stored();

        store.storeNext();
        store.refuseNext();

        assertThat(first).isCompletedWithValue(true);
        assertThat(second).isCompletedWithValue(false);
        assertThat(payload("a/b")).isEqualTo("first");
    }

    @Test
    void message_that_cannot_be_stored_leaves_a_later_one_alone() {
        keep("a/b", "first");
        keep("a/b", "second");

        store.refuseNext();

        assertThat(payload("a/b")).isEqualTo("second");
        store.refuseNext();
        assertThat(payload("a/b")).isEqualTo("none");
        assertThat(retained.size()).isZero();
    }

    @Test
    void message_whose_deletion_cannot_be_stored_is_there_again() {
        keep("a/b", "first");
        store.storeNext();
        keep("a/b", "");
        keep("a/b", "");
        assertThat(payload("a/b")).isEqualTo("none");

        store.refuseNext();
        assertThat(payload("a/b")).isEqualTo("none");
        store.refuseNext();

        assertThat(payload("a/b")).isEqualTo("first");
    }

    @Test
    void changes_that_wait_for_the_store_are_bounded_in_bytes_and_those_that_were_taken_are_kept() {
        List<CompletionStage<Boolean>> taken = new ArrayList<>();
        Keeping last = keep("t/0", "x".repeat(LARGEST));
        while (last.kept()) {
            taken.add(last.stored());
            last = keep("t/" + taken.size(), "x".repeat(LARGEST));
        }

        assertThat(taken).hasSizeBetween(60, 64);
        assertThat(store.waiting()).isEqualTo(taken.size());
        assertThat(retained.size()).isEqualTo(taken.size());
        assertThat(keep("t/0", "x".repeat(LARGEST)).kept()).isFalse();
        assertThat(payload("t/0")).hasSize(LARGEST);
        taken.forEach(stored -> store.storeNext());
        assertThat(taken).allSatisfy(stored -> assertThat(stored).isCompletedWithValue(true));
        assertThat(keep("t/again", "x".repeat(LARGEST)).kept()).isTrue();
        assertThat(store.all()).hasSameSizeAs(taken);
    }

    @Test
    void small_messages_that_replace_large_ones_are_bounded_by_what_they_replace() {
        for (int i = 0; i < 100; i++) {
            keep("t/" + i, "x".repeat(LARGEST));
            store.storeNext();
        }

        int taken = 0;
        while (keep("t/" + taken, "small").kept()) {
            taken++;
        }

        assertThat(taken).isLessThanOrEqualTo(64);
        assertThat(payload("t/" + taken)).hasSize(LARGEST);
    }

    @Test
    void deletion_of_nothing_needs_no_store() {
        Keeping deletion = keep("a/b", "");

        assertThat(deletion.stored()).isCompletedWithValue(true);
        assertThat(store.waiting()).isZero();
    }

    @Test
    void broker_that_has_ended_keeps_nothing_that_its_successor_would_not_know() {
        retained.end();

        assertThat(keep("a/b", "late").kept()).isFalse();
        assertThat(store.waiting()).isZero();
    }

    @Test
    void memory_and_store_are_the_same_after_any_course_of_changes_and_nothing_is_held_twice() {
        Random random = new Random(11);
        TreeMap<String, String> model = new TreeMap<>();
        List<String[]> waiting = new ArrayList<>();

        for (int step = 0; step < 20_000; step++) {
            if (random.nextBoolean()) {
                String[] change = {"t/" + random.nextInt(4), random.nextInt(3) == 0 ? "" : "p" + step};
                int before = store.waiting();
                assertThat(keep(change[0], change[1]).kept()).isTrue();
                if (store.waiting() > before) {
                    waiting.add(change);
                }
            } else if (!waiting.isEmpty()) {
                String[] change = waiting.removeFirst();
                if (random.nextBoolean()) {
                    store.refuseNext();
                } else {
                    store.storeNext();
                    model.put(change[0], change[1]);
                    model.values().removeIf(String::isEmpty);
                }
            }
            if (waiting.isEmpty()) {
                TreeMap<String, String> found = new TreeMap<>();
                retained.after("", 10).forEach(kept -> found.put(kept.message().topic(), text(kept.message())));
                assertThat(found).isEqualTo(model);
                assertThat(retained.size()).isEqualTo(model.size());
                assertThat(backlog.messages()).isEqualTo(model.size());
            }
        }
        retained.end();
        assertThat(backlog.bytes()).isZero();
    }

    private Keeping keep(String topic, String payload) {
        Publication content = Publication.of(topic, payload.getBytes(UTF_8));
        return retained.keep(new Message(content, Qos.AT_LEAST_ONCE, true, Message.NEVER));
    }

    private String payload(String topic) {
        Message found = retained.find(topic);
        return found == null ? "none" : text(found);
    }

    private static String text(Message message) {
        return new String(message.publication().payload(), UTF_8);
    }
}
