package dev.roundtrip.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepetitionTest {
    private final Shell shell = Shell.of(Account.plain());
    private RecordingServer server;

    @BeforeEach
    void start() throws Exception {
        server = RecordingServer.http();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void calls_share_a_connection_and_are_summed_up() {
        Shell.Ended ended = shell.run("--repeat", "20", "-d", "{}", server.url("/"));

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out())
                .containsPattern("(?m)^calls     20 in \\d+\\.\\d\\d s, \\d+\\.\\d/s$")
                .containsPattern("(?m)^statuses  200 × 20$")
                .containsPattern("(?m)^latency   min [\\d.]+  p50 [\\d.]+  p90 [\\d.]+  p99 [\\d.]+  max [\\d.]+ ms$")
                .containsPattern("(?m)^first     [\\d.]+ ms, with connecting$");
        assertThat(server.received()).hasSize(20).allMatch(Account.CHECK::accepts);
        assertThat(server.received().stream().map(ReceivedRequest::connection).distinct())
                .hasSize(1);
    }

    @Test
    void other_answers_are_counted_and_fail_the_run() {
        server.answering(503, "{}", Map.of());

        Shell.Ended ended = shell.run("--repeat", "3", server.url("/"));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).contains("statuses  503 × 3\n").doesNotContain("{}");
    }

    @Test
    void calls_without_an_answer_are_counted_and_fail_the_run() throws Exception {
        try (ServerSocket silent = FailureTest.listener()) {
            Shell.Ended ended = shell.run("--repeat", "2", "--max-time", "0.1", FailureTest.url(silent));

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.out())
                    .contains("no answer 2; the last: ", "within 100 ms")
                    .doesNotContain("latency");
        }
    }

    @Test
    void progress_is_told_while_it_lasts() {
        // given a repetition that tells after every call
        StringWriter err = new StringWriter();
        Surroundings surroundings = new Surroundings(
                Map.of(),
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new PrintWriter(err),
                Set.of());
        RequestSigner signer = new RequestSigner(Account.plain().credentials(), new SigningScope("r", "s"));

        // when it makes three calls
        try (HttpSender sender = new HttpSender(Trust.system(), Duration.ofSeconds(9))) {
            new Repetition(() -> signer.sign(UnsignedRequest.get(server.url("/"))), sender, surroundings, Duration.ZERO)
                    .run(3);
        }

        // then it told after each but the last
        assertThat(err.toString().lines())
                .containsExactly("sigv4-client: 1 of 3 calls after 0 s", "sigv4-client: 2 of 3 calls after 0 s");
    }

    @Test
    void summary_tells_the_spread() {
        // given a hundred answers of 1 to 100 ms, one of them bad
        LatencySummary summary = new LatencySummary();
        for (int i = 1; i <= 100; i++) {
            summary.answered(answer(i == 50 ? 504 : 200, Duration.ofMillis(i)));
        }

        // then the percentiles are those of the definition, to three digits
        assertThat(summary.text(200, Duration.ofSeconds(4))).isEqualTo("""
                        calls     100 of 200 in 4.00 s, 25.0/s
                        statuses  200 × 99, 504 × 1
                        latency   min 1.00  p50 50.00  p90 90.00  p99 99.00  max 100.00 ms
                        first     1.00 ms, with connecting
                        """);
        assertThat(summary.isSuccess()).isFalse();
    }

    @Test
    void nothing_done_is_no_success() {
        assertThat(new LatencySummary().isSuccess()).isFalse();
        assertThat(new LatencySummary().text(5, Duration.ZERO)).startsWith("calls     0 of 5 in 0.00 s");
    }

    private static Answer answer(int status, Duration elapsed) {
        HttpHeaders none = HttpHeaders.of(Map.of(), (name, value) -> true);
        return new Answer(status, none, new byte[0], elapsed);
    }
}
