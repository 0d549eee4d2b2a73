package dev.roundtrip.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.client.Outcome.DidNotRun;
import dev.roundtrip.client.Outcome.Failed;
import dev.roundtrip.client.Outcome.GoesOn;
import dev.roundtrip.client.Outcome.MayHaveRun;
import dev.roundtrip.client.Outcome.Ok;
import dev.roundtrip.client.Outcome.Refused;
import dev.roundtrip.client.ScriptedGateway.Step;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is repeated, when, and what a repeat says about the try before it. */
class RepeatTest extends ScriptedCalls {
    private Call call() {
        return roundtrip.call("pump-1").method("start");
    }

    private List<Integer> timeouts() {
        return gateway.received().stream()
                .map(request -> request.body().path("timeout").intValue())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"503, offline", "503, unavailable", "503, refused", "429, throttled"})
    void what_did_not_run_is_repeated_after_the_time_that_the_server_asks_for(int status, String result)
            throws Exception {
        gateway.result(status, result, "Retry-After: 3")
                .result(status, result, "Retry-After: 1")
                .ok("42");

        Outcome outcome = call().json(List.of());

        assertThat(outcome).isInstanceOf(Ok.class);
        assertThat(outcome.facts().tries()).isEqualTo(3);
        assertThat(outcome.facts().unknown()).isZero();
        assertThat(time.pauses()).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(1));
    }

    @Test
    void bare_429_of_api_gateway_is_repeated() throws Exception {
        gateway.answering(429, "{\"message\":\"Too Many Requests\"}").ok("42");

        assertThat(call().json(1)).isInstanceOf(Ok.class);
    }

    @Test
    void wait_doubles_where_the_server_names_none() throws Exception {
        gateway.result(503, "offline");

        call().within(Duration.ofMinutes(1)).json(1);

        assertThat(time.pauses().stream().map(Duration::toMillis))
                .startsWith(250L, 500L, 1_000L, 2_000L, 4_000L, 8_000L, 8_000L);
    }

    @Test
    void waits_of_many_callers_differ() {
        Pauses least = new Pauses(() -> 0);
        Pauses most = new Pauses(() -> 1);

        assertThat(List.of(least.after(1, null), most.after(1, null)))
                .containsExactly(Duration.ofMillis(250), Duration.ofMillis(500));
        assertThat(List.of(least.after(9, null), most.after(9, null)))
                .containsExactly(Duration.ofSeconds(8), Duration.ofSeconds(16));
        assertThat(List.of(least.after(1, Duration.ofSeconds(10)), most.after(1, Duration.ofSeconds(10))))
                .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(12));
    }

    @Test
    void one_deadline_holds_for_all_tries_and_each_is_told_what_remains() throws Exception {
        gateway.result(503, "offline", "Retry-After: 10");

        Outcome outcome = call().within(Duration.ofSeconds(35)).json(1);

        assertThat(outcome).isInstanceOfSatisfying(DidNotRun.class, not -> {
            assertThat(not.reason()).isEqualTo(DidNotRun.Reason.OFFLINE);
            assertThat(not.retryAfter()).isEqualTo(Duration.ofSeconds(10));
        });
        assertThat(timeouts()).containsExactly(28, 24, 14, 4);
        assertThat(outcome.facts().elapsed()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void wait_beyond_the_deadline_is_not_begun() throws Exception {
        gateway.result(503, "offline", "Retry-After: 9");

        assertThat(call().within(Duration.ofSeconds(10)).json(1)).isInstanceOf(DidNotRun.class);

        assertThat(time.pauses()).isEmpty();
        assertThat(timeouts()).containsExactly(9);
    }

    @Test
    void longest_timeout_of_a_try_is_a_setting() throws Exception {
        gateway.ok("1");
        try (Roundtrip other =
                Roundtrip.at(gateway.settings().withMaxTimeout(Duration.ofSeconds(5)), time, new Pauses(() -> 0))) {
            other.call("pump-1").method("start").json(1);
        }

        assertThat(timeouts()).containsExactly(5);
    }

    @ParameterizedTest
    @CsvSource({"504, timeout", "500, internal_error"})
    void what_may_have_run_is_not_repeated_without_a_key(int status, String result) throws Exception {
        gateway.result(status, result);

        assertThat(call().json(1)).isInstanceOf(MayHaveRun.class);

        assertThat(gateway.received()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void bare_server_error_is_not_repeated_without_a_key(int status) throws Exception {
        gateway.answering(status, "{\"message\":\"Internal server error\"}");

        assertThat(call().json(1)).isInstanceOf(MayHaveRun.class);

        assertThat(gateway.received()).hasSize(1);
    }

    @Test
    void lost_connection_is_not_repeated_without_a_key() throws Exception {
        gateway.then(new Step.Cut());

        assertThat(call().json(1)).isInstanceOf(MayHaveRun.class);

        assertThat(gateway.received()).hasSize(1);
    }

    @Test
    void what_may_have_run_after_what_did_not_is_not_repeated_without_a_key() throws Exception {
        gateway.result(503, "offline", "Retry-After: 1").result(504, "timeout").ok("1");

        assertThat(call().json(1)).isInstanceOf(MayHaveRun.class);

        assertThat(gateway.received()).hasSize(2);
    }

    @Test
    void what_may_have_run_is_repeated_with_its_key_until_the_device_answers() throws Exception {
        gateway.result(504, "timeout")
                .answering(504, "{\"message\":\"Endpoint request timed out\"}")
                .answering(502, "{\"message\":\"Internal server error\"}")
                .answering(500, "{\"message\":null}")
                .result(500, "internal_error")
                .then(new Step.Cut())
                .then(new Step.Truncated("{\"result\":\"ok\","))
                .answering(200, "{\"result\":\"ok\",\"response\":42,\"replayed\":true}");

        Outcome outcome = call().key("order-7").within(Duration.ofMinutes(5)).json(1);

        assertThat(outcome).isInstanceOfSatisfying(Ok.class, ok -> {
            assertThat(ok.response().text()).isEqualTo("42");
            assertThat(ok.facts().device().replayed()).isTrue();
            assertThat(ok.facts().tries()).isEqualTo(8);
            assertThat(ok.facts().unknown()).isEqualTo(7);
        });
        assertThat(gateway.received())
                .extracting(request -> request.body().path("key").textValue())
                .containsOnly("order-7");
    }

    @Test
    void repeats_with_a_key_end_with_the_deadline() throws Exception {
        gateway.result(504, "timeout");

        Outcome outcome = call().key("order-7").within(Duration.ofSeconds(10)).json(1);

        assertThat(outcome).isInstanceOfSatisfying(MayHaveRun.class, unknown -> {
            assertThat(unknown.reason()).isEqualTo(MayHaveRun.Reason.TIMEOUT);
            assertThat(unknown.last()).isNull();
            assertThat(unknown.facts().unknown()).isEqualTo(unknown.facts().tries());
        });
        assertThat(outcome.facts().tries()).isGreaterThan(2);
    }

    @Test
    void failure_that_the_device_tells_for_the_key_ends_the_doubt() throws Exception {
        gateway.result(504, "timeout").result(502, "device_error");

        assertThat(call().key("order-7").json(1)).isInstanceOf(Failed.class);
    }

    @Test
    void handed_over_repeat_goes_on() throws Exception {
        gateway.result(504, "timeout").result(202, "accepted");

        assertThat(call().key("order-7").json(1)).isInstanceOf(GoesOn.class);
    }

    @ParameterizedTest
    @CsvSource({"503, offline", "503, unavailable", "503, refused", "429, throttled"})
    void repeat_that_did_not_run_says_nothing_about_the_first_try(int status, String result) throws Exception {
        gateway.result(504, "timeout").result(status, result, "Retry-After: 5");

        Outcome outcome = call().key("order-7").within(Duration.ofSeconds(10)).json(1);

        assertThat(outcome).isInstanceOfSatisfying(MayHaveRun.class, unknown -> {
            assertThat(unknown.reason()).isEqualTo(MayHaveRun.Reason.TIMEOUT);
            assertThat(unknown.last()).isInstanceOf(DidNotRun.class);
            assertThat(unknown.facts().tries()).isEqualTo(3);
            assertThat(unknown.facts().unknown()).isEqualTo(1);
            assertThat(unknown.facts().status())
                    .as("of the try that may have run")
                    .isEqualTo(504);
        });
    }

    @Test
    void repeat_goes_on_after_one_that_did_not_run() throws Exception {
        gateway.result(504, "timeout").result(503, "offline", "Retry-After: 1").ok("42");

        assertThat(call().key("order-7").json(1)).isInstanceOf(Ok.class);
    }

    @Test
    void refusal_of_a_repeat_says_nothing_about_the_first_try() throws Exception {
        gateway.result(504, "timeout")
                .answering(409, "{\"result\":\"refused\",\"error\":{\"code\":\"out_of_sequence\",\"message\":\"\"}}");

        Outcome outcome = call().key("order-7").sequence(7).json(1);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        MayHaveRun.class,
                        unknown -> assertThat(unknown.last())
                                .isInstanceOfSatisfying(
                                        Refused.class,
                                        refused -> assertThat(refused.code()).isEqualTo("out_of_sequence")));
        assertThat(gateway.received()).as("a refusal will not run later").hasSize(2);
    }

    @Test
    void refusal_that_is_the_key_s_own_answer_ends_the_doubt() throws Exception {
        gateway.result(504, "timeout")
                .answering(
                        409,
                        "{\"result\":\"refused\",\"error\":{\"code\":\"full\",\"message\":\"\"},\"replayed\":true}");

        assertThat(call().key("order-7").json(1)).isInstanceOf(Refused.class);
    }

    @Test
    void question_what_became_of_a_key_is_answered_by_a_refusal() throws Exception {
        gateway.result(504, "timeout")
                .answering(409, "{\"result\":\"refused\",\"error\":{\"code\":\"unknown_key\",\"message\":\"\"}}");

        Outcome outcome = call().key("order-7").replayOnly().json(1);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo("unknown_key"));
        assertThat(gateway.received().getFirst().body().path("replay").textValue())
                .isEqualTo("only");
    }

    @Test
    void forbidden_repeat_says_nothing_about_the_first_try() throws Exception {
        gateway.result(504, "timeout").answering(403, "{\"message\":\"expired\"}", "x-amzn-ErrorType: ExpiredToken");

        Outcome outcome = call().key("order-7").json(1);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        MayHaveRun.class, unknown -> assertThat(unknown.last()).isInstanceOf(DidNotRun.class));
        assertThat(gateway.received()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "200, '{}'",
        "302, ''",
        "409, '{\"result\":\"refused\",\"error\":{\"code\":\"full\"}}'",
        "413, '{\"result\":\"too_large\"}'",
        "400, '{\"result\":\"invalid_parameters\"}'",
        "403, '{\"message\":\"no\"}'",
        "404, '{\"result\":\"not_found\"}'",
        "501, '{\"result\":\"not_deployed\"}'",
        "502, '{\"result\":\"device_error\"}'",
    })
    void what_no_repeat_can_help_is_asked_once_even_with_a_key(int status, String body) throws Exception {
        gateway.answering(status, body, "Location: http://localhost/elsewhere");

        call().key("order-7").json(1);

        assertThat(gateway.received()).hasSize(1);
    }

    @Test
    void repeat_has_the_same_body_but_for_its_timeout() throws Exception {
        gateway.result(503, "offline", "Retry-After: 20").ok("1");

        call().waitingFor(Duration.ofSeconds(15)).json(1);

        List<JsonNode> bodies =
                gateway.received().stream().map(ScriptedGateway.Received::body).toList();
        assertThat(bodies.get(0).toString()).isEqualTo("{\"wait\":15,\"request\":1,\"timeout\":28}");
        assertThat(bodies.get(1).toString()).isEqualTo("{\"wait\":9,\"request\":1,\"timeout\":9}");
    }

    @Test
    void each_try_is_signed_anew() throws Exception {
        gateway.result(503, "offline", "Retry-After: 20").ok("1");

        call().json(1);

        assertThat(gateway.received())
                .extracting(request -> request.header("Authorization"))
                .doesNotHaveDuplicates();
    }
}
