package dev.roundtrip.client;

import static dev.roundtrip.client.ScriptedGateway.ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.client.Outcome.DidNotRun;
import dev.roundtrip.client.Outcome.Failed;
import dev.roundtrip.client.Outcome.GoesOn;
import dev.roundtrip.client.Outcome.Lane;
import dev.roundtrip.client.Outcome.MayHaveRun;
import dev.roundtrip.client.Outcome.Ok;
import dev.roundtrip.client.Outcome.Problem;
import dev.roundtrip.client.Outcome.Refused;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MessageId;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each status and body that the contract has is one outcome; everything else may have run. */
class AnswerReaderTest {
    private final AnswerReader reader =
            new AnswerReader(Endpoint.of(URI.create("https://api.example/Prod/invoke")), Json.mapper());

    private Outcome read(int status, byte[] body, Map<String, List<String>> headers) {
        HttpHeaders all = HttpHeaders.of(headers, (name, value) -> true);
        return reader.read(new Reply.Answered(status, all, body), new Tally(1, 0, Duration.ZERO));
    }

    private Outcome read(int status, String body) {
        return read(status, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private static String kind(Outcome outcome) {
        return switch (outcome) {
            case Ok ok -> "ok";
            case Refused refused -> "refused";
            case DidNotRun not -> "did not run: " + not.reason();
            case MayHaveRun unknown -> "may have run: " + unknown.reason();
            case Failed failed -> "failed";
            case GoesOn goesOn -> "goes on";
        };
    }

    @ParameterizedTest
    @CsvSource({
        "200, ok, ok",
        "202, accepted, goes on",
        "502, device_error, failed",
        "409, refused, refused",
        "503, refused, did not run: BUSY",
        "410, overtaken, may have run: OVERTAKEN",
        "410, canceled, may have run: OVERTAKEN",
        "504, timeout, may have run: TIMEOUT",
        "503, offline, did not run: OFFLINE",
        "503, unavailable, did not run: UNAVAILABLE",
        "429, throttled, did not run: THROTTLED",
        "404, not_found, did not run: NOT_FOUND",
        "501, not_deployed, did not run: NOT_DEPLOYED",
        "413, too_large, did not run: TOO_LARGE",
        "400, invalid_parameters, did not run: INVALID",
        "500, internal_error, may have run: INTERNAL_ERROR"
    })
    void each_result_of_the_contract_has_its_outcome(int status, String result, String outcome) {
        Outcome read = read(status, "{\"result\":\"" + result + "\",\"id\":\"" + ID + "\",\"response\":1}");

        assertThat(kind(read)).isEqualTo(outcome);
        assertThat(read.facts().status()).isEqualTo(status);
        assertThat(read.facts().id()).isEqualTo(MessageId.of(ID));
    }

    @ParameterizedTest
    @CsvSource({
        "400, did not run: INVALID",
        "403, did not run: FORBIDDEN",
        "408, did not run: NOT_RECEIVED",
        "413, did not run: TOO_LARGE",
        "414, did not run: TOO_LARGE",
        "429, did not run: THROTTLED",
        "431, did not run: TOO_LARGE",
        "500, may have run: NO_GATEWAY_ANSWER",
        "502, may have run: NO_GATEWAY_ANSWER",
        "503, may have run: NO_GATEWAY_ANSWER",
        "504, may have run: NO_GATEWAY_ANSWER"
    })
    void each_own_answer_of_api_gateway_has_its_outcome(int status, String outcome) {
        assertThat(kind(read(status, "{\"message\":\"said so\"}"))).isEqualTo(outcome);
        assertThat(kind(read(status, "{\"message\":null}"))).isEqualTo(outcome);
        assertThat(kind(read(status, ""))).isEqualTo(outcome);
        assertThat(kind(read(status, "<html>said so</html>"))).isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 301, 302, 303, 307, 308, 401, 404, 405, 409, 410, 418, 501, 505, 599})
    void any_other_answer_without_a_result_may_have_run(int status) {
        assertThat(kind(read(status, "{\"message\":\"said so\"}"))).isEqualTo("may have run: UNREADABLE_ANSWER");
        assertThat(kind(read(status, ""))).isEqualTo("may have run: UNREADABLE_ANSWER");
    }

    @ParameterizedTest
    @CsvSource({"200, timeout", "504, ok", "502, ok", "503, throttled", "429, offline", "400, ok", "403, unheard_of"})
    void result_with_another_status_may_have_run(int status, String result) {
        assertThat(kind(read(status, "{\"result\":\"" + result + "\",\"response\":1}")))
                .isEqualTo("may have run: UNREADABLE_ANSWER");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"result\":\"ok\"",
                "{\"result\":\"ok\"}",
                "{\"result\":\"ok\",\"response\":1} more",
                "{\"result\":\"ok\",\"result\":\"ok\",\"response\":1}",
                "{\"result\":\"ok\",\"response\":}",
                "[\"ok\"]",
                "\"ok\"",
                "ok"
            })
    void success_that_cannot_be_read_may_have_run(String body) {
        assertThat(kind(read(200, body))).isEqualTo("may have run: UNREADABLE_ANSWER");
    }

    @Test
    void answer_that_is_too_long_may_have_run() {
        byte[] body = new byte[HttpExchange.MAX_ANSWER_BYTES + 1];

        assertThat(kind(read(200, body, Map.of()))).isEqualTo("may have run: UNREADABLE_ANSWER");
    }

    @Test
    void any_bytes_have_an_outcome() {
        Random random = new Random(28);
        byte[] good =
                "{\"result\":\"ok\",\"id\":\"7\",\"kept\":3,\"lane\":{\"epoch\":\"e\",\"last\":1},\"response\":[1]}"
                        .getBytes(StandardCharsets.UTF_8);

        for (int i = 0; i < 5_000; i++) {
            byte[] changed = good.clone();
            for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            int status = random.nextInt(100, 600);

            assertThat(read(status, changed, Map.of()).facts().status()).isEqualTo(status);
        }
    }

    @Test
    void response_is_kept_as_it_was_written() {
        Outcome read = read(200, "{\"result\":\"ok\",\"response\":{ \"a\": 1e2, \"b\":-0.0 } }");

        assertThat(read).isInstanceOfSatisfying(Ok.class, ok -> {
            assertThat(ok.response().text()).isEqualTo("{ \"a\": 1e2, \"b\":-0.0 }");
            assertThat(ok.response().tree().path("a").doubleValue()).isEqualTo(100);
        });
    }

    @Test
    void what_the_device_says_of_key_and_order_is_told() {
        Outcome read = read(
                200,
                "{\"result\":\"ok\",\"response\":1,\"replayed\":true,\"kept\":600,"
                        + "\"lane\":{\"name\":\"valve\",\"epoch\":\"k3\",\"last\":41,\"lastId\":\"" + ID + "\"}}");

        assertThat(read.facts().device())
                .isEqualTo(new Outcome.DeviceFacts(
                        true, false, Duration.ofMinutes(10), false, new Lane("valve", "k3", 41, ID)));
    }

    @Test
    void device_that_knows_neither_key_nor_order_is_told() {
        Outcome read = read(200, "{\"result\":\"ok\",\"response\":1,\"keyed\":false,\"ordered\":false}");

        assertThat(read.facts().device()).isEqualTo(new Outcome.DeviceFacts(false, true, null, true, null));
    }

    @Test
    void refusal_has_the_word_and_the_lane_of_the_device() {
        Outcome read = read(
                409,
                "{\"result\":\"refused\",\"error\":{\"code\":\"out_of_sequence\",\"message\":\"41 ran\"},"
                        + "\"lane\":{\"name\":\"a\",\"epoch\":\"k3\",\"last\":41}}");

        assertThat(read).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo("out_of_sequence");
            assertThat(refused.message()).isEqualTo("41 ran");
            assertThat(refused.retryAfter()).isNull();
            assertThat(refused.facts().device().lane()).isEqualTo(new Lane("a", "k3", 41, null));
        });
    }

    @Test
    void invalid_call_has_its_problems_in_either_edition_of_the_contract() {
        String problems = "\"problems\":[{\"parameter\":\"timeout\",\"message\":\"at most 28\"}]";

        assertThat(List.of(
                        read(400, "{\"result\":\"invalid_parameters\",\"response\":\"wrong\"," + problems + "}"),
                        read(
                                400,
                                "{\"result\":\"invalid_parameters\",\"error\":{\"message\":\"wrong\"}," + problems
                                        + "}")))
                .allSatisfy(read -> assertThat(read).isInstanceOfSatisfying(DidNotRun.class, not -> {
                    assertThat(not.message()).isEqualTo("wrong");
                    assertThat(not.problems()).containsExactly(new Problem("timeout", "at most 28"));
                }));
    }

    @Test
    void refused_signature_is_told_without_the_canonical_request() {
        Outcome read = read(
                403,
                "{\"message\":\"The signature does not match.\\n\\nx-amz-security-token:planted-token\"}"
                        .getBytes(StandardCharsets.UTF_8),
                Map.of("x-amzn-ErrorType", List.of("InvalidSignatureException:http://x/")));

        assertThat(read).isInstanceOfSatisfying(DidNotRun.class, not -> {
            assertThat(not.code()).isEqualTo("InvalidSignatureException");
            assertThat(not.message()).isEqualTo("The signature does not match.");
        });
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "/Prod/invoke/pump-1/start/7 | https://api.example/Prod/invoke/pump-1/start/7",
                "https://api.example/Prod/x | https://api.example/Prod/x",
                "https://other.example/Prod/x |",
                "http://api.example/Prod/x |",
                "//other.example/x |",
                "not an address |"
            },
            delimiter = '|')
    void place_to_ask_is_at_the_endpoint_s_own_host(String location, String expected) {
        Outcome read = read(
                202,
                "{\"result\":\"accepted\",\"id\":\"job-7\",\"status\":\"QUEUED\"}".getBytes(StandardCharsets.UTF_8),
                Map.of("Location", List.of(location)));

        assertThat(read).isInstanceOfSatisfying(GoesOn.class, goesOn -> {
            assertThat(goesOn.location()).isEqualTo(expected == null ? null : URI.create(expected));
            assertThat(goesOn.id()).isEqualTo("job-7");
            assertThat(goesOn.status()).isEqualTo("QUEUED");
        });
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "0, 0", "99999999, 604800", "-1,", "1.5,", "tomorrow,", "99999999999,"})
    void time_to_wait_is_whole_seconds_or_nothing(String header, Integer seconds) {
        Outcome read = read(
                503,
                "{\"result\":\"offline\"}".getBytes(StandardCharsets.UTF_8),
                Map.of("Retry-After", List.of(header)));

        assertThat(((DidNotRun) read).retryAfter()).isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
    }

    @Test
    void texts_are_cut_and_kept_out_of_what_may_be_logged() {
        Outcome failed = read(
                502,
                "{\"result\":\"device_error\",\"error\":{\"code\":\"planted code\",\"message\":\""
                        + "planted-".repeat(1_000) + "\"}}");
        Outcome ok = read(200, "{\"result\":\"ok\",\"response\":\"planted-response\"}");

        assertThat(failed).isInstanceOfSatisfying(Failed.class, one -> {
            assertThat(one.message()).hasSize(Words.MAX_MESSAGE);
            assertThat(one.code()).isEqualTo("planted code");
        });
        assertThat(failed.toString()).isEqualTo("Failed[(not shown), status 502, id null, 1 try in 0 ms]");
        assertThat(ok.toString()).doesNotContain("planted");
        assertThat(((Ok) ok).response().toString()).doesNotContain("planted");
    }
}
