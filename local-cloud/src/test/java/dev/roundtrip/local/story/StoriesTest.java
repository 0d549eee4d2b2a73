package dev.roundtrip.local.story;

import static dev.roundtrip.local.story.HandMadeJournal.answerTopic;
import static dev.roundtrip.local.story.HandMadeJournal.body;
import static dev.roundtrip.local.story.HandMadeJournal.id;
import static dev.roundtrip.local.story.HandMadeJournal.requestId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Journal;
import dev.roundtrip.local.journal.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Stories of journals that a test wrote. */
class StoriesTest {
    private final HandMadeJournal journal = new HandMadeJournal();

    private HandMadeJournal wholeCall(int call) {
        return journal.handedOver(call)
                .asked(call)
                .delivered(call)
                .answered(call)
                .told(call, 200, body(call, "ok"));
    }

    private static List<Step> steps(Story story) {
        return story.steps().stream().map(Entry::step).toList();
    }

    @Test
    void end_joins_what_the_api_and_the_broker_saw() {
        journal.connected();
        wholeCall(1);
        Story story = journal.story(1);

        assertThat(steps(story))
                .containsExactly(
                        Step.RECEIVED,
                        Step.AUTHORIZED,
                        Step.HANDED_OVER,
                        Step.PUBLISHED,
                        Step.MATCHED,
                        Step.SENT,
                        Step.PUBLISHED,
                        Step.MATCHED,
                        Step.SENT,
                        Step.TOLD);
        assertThat(story.requestId()).isEqualTo(requestId(1));
        assertThat(story.caller()).isEqualTo(HandMadeJournal.CALLER);
        assertThat(story.target()).isEqualTo("pump");
        assertThat(story.method()).isEqualTo("start");
        assertThat(story.isComplete()).isTrue();
        assertThat(story.isFailure()).isFalse();
        assertThat(story.mayLack()).isFalse();
    }

    @Test
    void call_is_found_by_either_of_its_ids() {
        wholeCall(1);
        Stories stories = journal.stories();

        assertThat(stories.find(id(1))).isEqualTo(stories.find(requestId(1)));
        assertThat(stories.find(id(2))).isNull();
        assertThat(stories.find("no id")).isNull();
    }

    @Test
    void steps_of_calls_at_the_same_time_are_kept_apart() {
        journal.handedOver(1).handedOver(2).asked(2).asked(1).delivered(1).delivered(2);
        journal.answered(2).told(2, 200, body(2, "ok")).answered(1).told(1, 502, body(1, "device_error"));

        assertThat(steps(journal.story(1))).hasSize(10);
        assertThat(steps(journal.story(2))).hasSize(10);
        assertThat(journal.story(1).isFailure()).isTrue();
        assertThat(journal.story(2).isFailure()).isFalse();
    }

    @Test
    void two_attempts_with_one_key_are_two_calls() {
        journal.handedOver(1).asked(1).delivered(1).timedOut(1);
        wholeCall(2);

        assertThat(journal.stories().newestFirst())
                .extracting(story -> String.valueOf(story.id()))
                .containsExactly(id(2), id(1));
    }

    @Test
    void what_comes_after_the_end_belongs_to_the_call() {
        journal.connected().handedOver(1).asked(1).delivered(1).timedOut(1).answered(1);

        assertThat(steps(journal.story(1))).endsWith(Step.TOLD, Step.PUBLISHED, Step.MATCHED, Step.SENT);
    }

    @Test
    void messages_that_come_before_their_numbers_are_put_in_order() {
        List<Entry> entries = new ArrayList<>();
        wholeCall(1);
        entries.addAll(journal.journal().entries(0, Integer.MAX_VALUE));
        Entry published = entries.remove(3);
        entries.add(5, published); // An event loop was slower than another one.

        Stories stories = new Stories(HandMadeJournal.PREFIX, 10, 0);
        entries.forEach(stories::add);

        Story story = Objects.requireNonNull(stories.find(id(1)));
        assertThat(story.steps()).isSortedAccordingTo((one, other) -> Long.compare(one.sequence(), other.sequence()));
        assertThat(story.route()).isNotNull();
    }

    @Test
    void end_is_told_once_and_at_once() {
        wholeCall(1);
        Stories stories = new Stories(HandMadeJournal.PREFIX, 10, 0);
        List<Story> ended = new ArrayList<>();
        for (Entry entry : journal.journal().entries(0, Integer.MAX_VALUE)) {
            Story story = stories.add(entry);
            if (story != null) {
                ended.add(story);
            }
        }
        assertThat(ended).hasSize(1);
        assertThat(ended.getFirst().isComplete()).isTrue();
    }

    @Test
    void story_whose_beginning_the_ring_has_lost_says_so() {
        HandMadeJournal small = new HandMadeJournal(new Journal.Bounds(8, 1024));
        small.handedOver(1).asked(1).delivered(1).answered(1).told(1, 200, body(1, "ok"));

        Story story = small.story(1);
        assertThat(story.mayLack()).isTrue();
        assertThat(steps(story)).hasSize(8).endsWith(Step.TOLD);
    }

    @Test
    void story_with_more_steps_than_are_kept_says_so() {
        journal.handedOver(1).asked(1);
        for (int i = 0; i < 300; i++) {
            journal.step(Step.SENT, "pump", HandMadeJournal.requestTopic(1), 1);
        }
        journal.timedOut(1);

        assertThat(journal.story(1).mayLack()).isTrue();
        assertThat(journal.story(1).steps()).hasSizeLessThanOrEqualTo(257);
        assertThat(journal.story(1).isComplete()).isTrue();
    }

    @Test
    void oldest_calls_are_forgotten_first() {
        wholeCall(1);
        wholeCall(2);
        wholeCall(3);
        Stories stories = new Stories(HandMadeJournal.PREFIX, 2, 0);
        journal.journal().entries(0, Integer.MAX_VALUE).forEach(stories::add);

        assertThat(stories.find(id(1))).isNull();
        assertThat(stories.find(id(2))).isNotNull();
        assertThat(stories.find(id(3))).isNotNull();
    }

    @Test
    void one_call_that_runs_is_joined_without_an_end() {
        journal.handedOver(1).asked(1).delivered(1);

        assertThat(journal.stories().newestFirst()).singleElement().satisfies(story -> {
            assertThat(story.isComplete()).isFalse();
            assertThat(story.requestId()).isEqualTo(requestId(1));
            assertThat(String.valueOf(story.id())).isEqualTo(id(1));
        });
    }

    @Test
    void nobody_guesses_which_of_two_running_calls_is_which() {
        journal.handedOver(1).handedOver(2).asked(2).asked(1);

        assertThat(journal.stories().newestFirst())
                .hasSize(2)
                .allSatisfy(story -> assertThat(story.requestId()).isNull());
    }

    @Test
    void answer_that_nobody_asked_for_is_no_call() {
        journal.answered(1);

        assertThat(journal.stories().newestFirst()).isEmpty();
        assertThat(journal.stories().find(id(1))).isNull();
    }

    @Test
    void request_that_the_api_refuses_is_a_call() {
        journal.step(Step.RECEIVED, null, requestId(1), "GET /Prod/invoke/pump/start")
                .step(Step.REFUSED, null, requestId(1), 403);

        Story story = Objects.requireNonNull(journal.stories().find(requestId(1)));
        assertThat(story.isComplete()).isTrue();
        assertThat(story.target()).isEqualTo("pump");
        assertThat(story.caller()).isNull();
    }

    @Test
    void id_that_is_none_joins_nothing() {
        journal.handedOver(1).asked(1);
        journal.step(Step.TOLD, null, requestId(1), "not an id");

        assertThat(journal.story(1).requestId()).isNull();
        Story answered = Objects.requireNonNull(journal.stories().find(requestId(1)));
        assertThat(answered.id()).isNull();
    }

    @Test
    void message_with_the_id_on_another_topic_belongs_to_the_call_that_is_open() {
        journal.connected().handedOver(1).asked(1).delivered(1);
        journal.published("pump", "status/pump", "{\"id\":\"" + id(1) + "\"}");
        journal.published("pump", "status/pump", "{\"id\":\"another\"}");
        journal.published("valve", answerTopic(2), "{}");
        journal.timedOut(1);

        assertThat(journal.story(1).steps().stream().filter(step -> "status/pump".equals(step.subject())))
                .hasSize(1);
        assertThat(journal.story(1).steps()).noneMatch(step -> "valve".equals(step.client()));
    }

    @Test
    void presence_of_the_target_is_that_of_the_moment_of_the_request() {
        journal.connected().step(Step.DISCONNECTED, "pump", "certificate", "CONNECTION_LOST");
        journal.handedOver(1).asked(1).connected().timedOut(1);

        Entry before = Objects.requireNonNull(journal.story(1).before());
        assertThat(before.step()).isEqualTo(Step.DISCONNECTED);
    }

    @Test
    void connection_that_takes_over_is_no_absence() {
        journal.connected().connected().step(Step.DISCONNECTED, "pump", "certificate", "DUPLICATE_CLIENTID");
        journal.handedOver(1).asked(1).timedOut(1);

        Entry before = Objects.requireNonNull(journal.story(1).before());
        assertThat(before.step()).isEqualTo(Step.CONNECTED);
    }
}
