package dev.roundtrip.benchmarks.hot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.auth.sigv4.Verdict;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Step;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is measured is what is meant: each piece refuses to go on when it comes out otherwise. */
class HotPiecesTest {
    @Test
    void a_signature_is_accepted() {
        assertThat(new SignatureBenchmark().verifySignature()).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void a_policy_allows() throws Exception {
        PolicyBenchmark piece = new PolicyBenchmark();
        piece.bind();

        assertThat(piece.evaluatePolicy()).isTrue();
    }

    @Test
    void a_command_goes_to_its_device_and_an_answer_to_the_gateway() {
        RouteBenchmark piece = new RouteBenchmark();
        piece.devices = 10;
        piece.subscribe();

        assertThat(piece.routeCommand()).containsExactly("pump-0");
        assertThat(piece.routeAnswer()).containsExactly("gateway");
    }

    @Test
    void an_answer_ends_its_call_among_others() throws Exception {
        AnswerBenchmark piece = new AnswerBenchmark();
        piece.others = 10;
        piece.letOthersWait();

        InvocationResult end = piece.matchAnswer().await(Deadline.after(Duration.ZERO, System::nanoTime));
        assertThat(end).isInstanceOf(InvocationResult.Ok.class);
    }

    @Test
    void a_step_is_in_the_journal() {
        JournalBenchmark piece = new JournalBenchmark();
        piece.recordMatch();
        piece.recordPublish(new JournalBenchmark.Turn());
        piece.recordAnswer();

        assertThat(piece.journal.entries(0, 10))
                .extracting(Entry::step)
                .containsExactly(Step.MATCHED, Step.PUBLISHED, Step.PUBLISHED);
        assertThat(piece.journal.entries(2, 1).getFirst().detail()).isEqualTo("contentType=application/json");
        assertThat(piece.journal.payloadBytes()).isPositive();
    }

    @Test
    void a_command_has_its_topic_and_payload() {
        CommandBenchmark piece = new CommandBenchmark();

        assertThat(piece.buildTopic().value()).startsWith("pump-1/start/gateway/");
        assertThat(piece.buildPayload()).asString().contains("my_request_1");
    }
}
