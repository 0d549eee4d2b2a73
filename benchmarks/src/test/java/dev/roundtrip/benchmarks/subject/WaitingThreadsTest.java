package dev.roundtrip.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.benchmarks.load.RoundTrips.Asker;
import dev.roundtrip.benchmarks.load.RoundTrips.Ending;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WaitingThreadsTest {
    private final Asked first = new Asked(3);
    private final Asked second = new Asked(2);
    private final WaitingThreads both = new WaitingThreads(first, second);

    @Test
    void second_is_asked_when_the_first_has_answered_and_the_round_trip_ends_with_the_second() throws Exception {
        CompletableFuture<Ending> end = new CompletableFuture<>();

        both.ask(1, end::complete);
        Question one = first.next();
        assertThat(second.questions).isEmpty();
        one.asker().ended(Ending.ANSWERED);
        Question two = second.next();
        assertThat(end).isNotDone();
        two.asker().ended(Ending.ANSWERED);

        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo(Ending.ANSWERED);
        assertThat(one.lane()).isEqualTo(1);
        assertThat(two.lane()).isEqualTo(1);
        assertThat(two.thread()).isEqualTo(one.thread());
    }

    @Test
    void failure_of_the_first_ends_the_round_trip_without_the_second() throws Exception {
        CompletableFuture<Ending> end = new CompletableFuture<>();

        both.ask(0, end::complete);
        first.next().asker().ended(Ending.FAILED);

        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo(Ending.FAILED);
        assertThat(second.questions).isEmpty();
    }

    @Test
    void failure_of_the_second_fails_the_round_trip() throws Exception {
        CompletableFuture<Ending> end = new CompletableFuture<>();

        both.ask(0, end::complete);
        first.next().asker().ended(Ending.ANSWERED);
        second.next().asker().ended(Ending.FAILED);

        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo(Ending.FAILED);
    }

    @Test
    void asker_that_asks_again_is_served_by_the_same_thread() throws Exception {
        CompletableFuture<Ending> end = new CompletableFuture<>();

        both.ask(0, ignored -> both.ask(0, end::complete));
        Question one = first.next();
        one.asker().ended(Ending.ANSWERED);
        second.next().asker().ended(Ending.ANSWERED);
        Question again = first.next();
        again.asker().ended(Ending.FAILED);

        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo(Ending.FAILED);
        assertThat(again.thread()).isEqualTo(one.thread());
    }

    @Test
    void lanes_are_those_that_all_subjects_have() {
        assertThat(both.lanes()).isEqualTo(2);
    }

    private record Question(int lane, Asker asker, Thread thread) {}

    /** Leaves every question to the test. */
    private static final class Asked implements RoundTrips {
        private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
        private final int lanes;

        Asked(int lanes) {
            this.lanes = lanes;
        }

        Question next() throws InterruptedException {
            Question question = questions.poll(10, TimeUnit.SECONDS);
            assertThat(question).as("a question within ten seconds").isNotNull();
            return question;
        }

        @Override
        public int lanes() {
            return lanes;
        }

        @Override
        public void ask(int lane, Asker asker) {
            questions.add(new Question(lane, asker, Thread.currentThread()));
        }

        @Override
        public void close() {}
    }
}
