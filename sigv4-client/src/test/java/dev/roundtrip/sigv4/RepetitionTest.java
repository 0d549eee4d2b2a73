package dev.roundtrip.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
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
    void first_reason_of_each_kind_is_told_and_no_payload() {
        LatencySummary summary = new LatencySummary();
        summary.answered(answer(504, "{\"result\":\"timeout\",\"message\":\"first\"}"));
        summary.answered(answer(504, "{\"result\":\"timeout\",\"message\":\"second\"}"));
        summary.answered(answer(504, "{\"result\":\"offline\",\"response\":\"s3cret\"}"));
        summary.answered(answer(403, "{\"message\":\"no\\\"way\"}"));
        summary.failed("nothing answers at h");
        summary.failed("nothing answers at h");

        assertThat(summary.text(6, Duration.ofSeconds(1)).lines().filter(line -> line.startsWith("failed")))
                .containsExactly(
                        "failed    2 × HTTP 504: the call may have had its effect; look before repeating it, timeout:"
                                + " first",
                        "failed    1 × HTTP 504: the call may have had its effect; look before repeating it, offline",
                        "failed    1 × HTTP 403: no\\\"way",
                        "failed    2 × no answer: nothing answers at h");
    }

    @Test
    void kinds_of_failures_are_bounded() {
        LatencySummary summary = new LatencySummary();
        for (int i = 0; i < 1_000; i++) {
            summary.failed("reason " + i);
        }

        assertThat(summary.text(1_000, Duration.ofSeconds(1)).lines().filter(line -> line.startsWith("failed")))
                .hasSize(11)
                .last()
                .isEqualTo("failed    990 × others");
    }

    @Test
    void calls_without_an_answer_are_counted_and_fail_the_run() throws Exception {
        try (ServerSocket silent = FailureTest.listener()) {
            Shell.Ended ended = shell.run("--repeat", "2", "--max-time", "0.1", FailureTest.url(silent));

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.out())
                    .contains("failed    2 × no answer: ", "within 100 ms")
                    .doesNotContain("latency");
        }
    }

    @Test
    void progress_is_told_while_it_lasts() {
        // given a repetition that tells after every call
        StringWriter err = new StringWriter();
        Environment environment = new Environment(
                Map.of(),
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new PrintWriter(err),
                Set.of(),
                Environment.Meeting.APART);
        RequestSigner signer = new RequestSigner(Account.plain().credentials(), new SigningScope("r", "s"));

        // when it makes three calls
        try (HttpSender sender = new HttpSender(Trust.system(), Duration.ofSeconds(9))) {
            RepeatedCall call = new RepeatedCall("", () -> signer.sign(UnsignedRequest.get(server.url("/"))));
            new Repetition(List.of(call), sender, environment, Duration.ZERO).run(3);
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
                        failed    1 × HTTP 504: the call may have had its effect; look before repeating it
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

    private static Answer answer(int status, String body) {
        HttpHeaders none = HttpHeaders.of(Map.of(), (name, value) -> true);
        return new Answer(status, none, body.getBytes(java.nio.charset.StandardCharsets.UTF_8), Duration.ofMillis(1));
    }

    private static Answer answer(int status, Duration elapsed) {
        HttpHeaders none = HttpHeaders.of(Map.of(), (name, value) -> true);
        return new Answer(status, none, new byte[0], elapsed);
    }
}
