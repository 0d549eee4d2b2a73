package dev.roundtrip.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.JsonText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {
    private final RequestParser parser =
            new RequestParser(new ClientPrefix("gw"), new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(28)));

    private RequestParser.Parsed get(Map<String, List<String>> query) {
        return parser.parse(new HttpRequest("GET", new HttpRequest.Path.Plain(), query, new HttpRequest.Body.Text("")));
    }

    private RequestParser.Parsed get(String... namesAndValues) {
        Map<String, List<String>> query = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            query.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
        }
        return get(query);
    }

    private RequestParser.Parsed post(String body) {
        return parser.parse(
                new HttpRequest("POST", new HttpRequest.Path.Plain(), Map.of(), new HttpRequest.Body.Text(body)));
    }

    private static CallRequest valid(RequestParser.Parsed parsed) {
        assertThat(parsed).isInstanceOf(RequestParser.Parsed.Valid.class);
        return ((RequestParser.Parsed.Valid) parsed).request();
    }

    private static List<String> problems(RequestParser.Parsed parsed) {
        assertThat(parsed).isInstanceOf(RequestParser.Parsed.Refused.class);
        return ((RequestParser.Parsed.Refused) parsed)
                .result().problems().stream().map(Problem::parameter).toList();
    }

    @Test
    void get_with_everything_is_a_call() {
        CallRequest call = valid(get("target", "pump:1_a-B", "method", "v1.start", "request", "now", "timeout", "28"));

        assertThat(call.target().value()).isEqualTo("pump:1_a-B");
        assertThat(call.method().value()).isEqualTo("v1.start");
        assertThat(call.request()).isEqualTo(JsonText.string("now"));
        assertThat(call.timeout()).isEqualTo(Duration.ofSeconds(28));
    }

    @Test
    void get_with_an_empty_request_and_no_timeout_is_a_call() {
        CallRequest call = valid(get("target", "pump", "method", "start", "request", ""));

        assertThat(call.request()).isEqualTo(JsonText.string(""));
        assertThat(call.timeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void absence_is_unheeded_unless_the_caller_minds() {
        assertThat(valid(get("target", "p", "method", "m", "request", "")).absence())
                .isEqualTo(AbsencePolicy.UNHEEDED);
        assertThat(valid(get(
                                "target",
                                "p",
                                "method",
                                "m",
                                "request",
                                "",
                                "timeout",
                                "5",
                                "wait",
                                "5",
                                "presence",
                                "check"))
                        .absence())
                .isEqualTo(new AbsencePolicy(AbsencePolicy.Presence.CHECKED, Duration.ofSeconds(5)));
        assertThat(valid(post("{\"target\":\"p\",\"method\":\"m\",\"request\":0,\"wait\":10,\"presence\":\"check\"}"))
                        .absence())
                .isEqualTo(new AbsencePolicy(AbsencePolicy.Presence.CHECKED, Duration.ofSeconds(10)));
    }

    @Test
    void wait_counts_within_the_timeout_and_presence_is_checked_or_not() {
        for (String wait : List.of("0", "-1", "6", "1.5", "long", "")) {
            assertThat(problems(get(
                            "target",
                            "p",
                            "method",
                            "m",
                            "request",
                            "",
                            "timeout",
                            "5",
                            "wait",
                            wait,
                            "presence",
                            "no")))
                    .containsExactly("presence", "wait");
        }
        assertThat(problems(post("{\"target\":\"p\",\"method\":\"m\",\"request\":0,\"wait\":\"1\",\"presence\":true}")))
                .containsExactly("presence", "wait");
    }

    @Test
    void parameters_of_a_presigned_url_are_passed_over() {
        valid(get("target", "p", "method", "m", "request", "r", "X-Amz-Signature", "00", "x-amz-date", "now"));
    }

    @Test
    void post_hands_any_json_value_on_as_it_is() throws Exception {
        String value = "{ \"a\":\t[1.0,1e400,12345678901234567890123,-0,-0.0,1e2,true,null,\"\\u00e9\"]\n}";

        CallRequest call = valid(post("{\"target\":\"p\",\"method\":\"m\",\"request\":" + value + ",\"timeout\":1}"));

        assertThat(call.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(call.request()).hasToString(value);
        assertThat(valid(post("{\"target\":\"p\",\"method\":\"m\",\"request\":null}"))
                        .request())
                .hasToString("null");
    }

    @Test
    void every_problem_is_told_at_once() {
        assertThat(problems(get("target", "a/b", "method", "", "Timeout", "5", "timeout", "soon")))
                .containsExactlyInAnyOrder("Timeout", "target", "method", "request", "timeout");
    }

    @Test
    void parameter_given_twice_is_refused() {
        assertThat(problems(get(Map.of("target", List.of("a", "b"), "method", List.of("m"), "request", List.of("r")))))
                .containsExactly("target");
    }

    @Test
    void parameters_of_a_post_do_not_hide_in_its_query() {
        HttpRequest request = new HttpRequest(
                "POST",
                new HttpRequest.Path.Plain(),
                Map.of("timeout", List.of("5")),
                new HttpRequest.Body.Text("{\"target\":\"p\",\"method\":\"m\",\"request\":1}"));

        assertThat(problems(parser.parse(request))).containsExactly("timeout");
    }

    private RequestParser.Parsed named(String method, Map<String, List<String>> query, String body) {
        return parser.parse(new HttpRequest(
                method, new HttpRequest.Path.Naming("pump:1", "v1.start"), query, new HttpRequest.Body.Text(body)));
    }

    @Test
    void path_names_whom_to_call() {
        CallRequest get = valid(named("GET", Map.of("request", List.of("now"), "timeout", List.of("3")), ""));
        CallRequest post = valid(named("POST", Map.of(), "{\"request\":[1]}"));

        assertThat(get.target().value()).isEqualTo("pump:1");
        assertThat(get.method().value()).isEqualTo("v1.start");
        assertThat(get.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(post.target()).isEqualTo(get.target());
        assertThat(post.method()).isEqualTo(get.method());
    }

    @Test
    void name_in_the_path_may_not_be_given_again_even_if_it_is_the_same() {
        List<String> request = List.of("now");

        assertThat(problems(named("GET", Map.of("request", request, "target", List.of("other")), "")))
                .containsExactly("target");
        assertThat(problems(named("GET", Map.of("request", request, "method", List.of("v1.start")), "")))
                .containsExactly("method");
        assertThat(problems(named("POST", Map.of(), "{\"request\":1,\"target\":\"pump:1\",\"method\":null}")))
                .containsExactlyInAnyOrder("target", "method");
        assertThat(problems(named("POST", Map.of("target", List.of("other")), "{\"request\":1}")))
                .containsExactly("target");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "\"text\"",
                "7",
                "{",
                "{}{}",
                "{\"target\":\"p\",\"target\":\"p\"}",
                "{'a':1}"
            })
    void body_that_is_not_one_object_is_refused(String body) {
        assertThat(problems(post(body))).containsExactly("body");
    }

    private static String told(RequestParser.Parsed parsed) {
        List<Problem> problems =
                ((RequestParser.Parsed.Refused) parsed).result().problems();
        assertThat(problems).hasSize(1);
        return problems.getFirst().message();
    }

    @Test
    void why_a_body_cannot_be_read_is_told() {
        String call = "{\"target\":\"p\",\"method\":\"m\",\"request\":";

        assertThat(told(post(call + "[".repeat(1_000) + "]".repeat(1_000) + "}")))
                .isEqualTo("the body is nested deeper than 1000 levels");
        assertThat(told(post(call + "9".repeat(1_001) + "}")))
                .isEqualTo("the body has a number of more than 1000 digits");
        assertThat(told(post(call + "{\"a\":1,\"a\":2}}")))
                .isEqualTo("the body has the same name twice in one object (line 1, column 48)");
        assertThat(told(post(call + "'x'}"))).isEqualTo("the body is not JSON (line 1, column 38)");
        assertThat(told(post(call + "\"\ud83d\"}"))).isEqualTo("the body is not UTF-8");
        assertThat(told(post("[]"))).isEqualTo("the body must be a JSON object");
        assertThat(told(post(""))).isEqualTo("the body must be a JSON object, but is empty");
    }

    @Test
    void replacement_character_is_refused_in_a_query_and_taken_in_a_body() {
        assertThat(problems(get("target", "p", "method", "m", "request", "gr\uFFFDn")))
                .containsExactly("request");
        assertThat(problems(get("target", "p", "method", "m", "request", "r", "wait\uFFFD", "1")))
                .containsExactly("wait\uFFFD");
        assertThat(valid(post("{\"target\":\"p\",\"method\":\"m\",\"request\":\"\uFFFD\"}"))
                        .request())
                .isEqualTo(JsonText.string("\uFFFD"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"29", "-1", "+5", "1.5", "5s", "", " 5", "99999999999", "١"})
    void timeout_outside_of_the_limits_is_refused(String timeout) {
        assertThat(problems(get("target", "p", "method", "m", "request", "r", "timeout", timeout)))
                .containsExactly("timeout");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout | {\"target\":\"p\",\"method\":\"m\",\"request\":1,\"timeout\":1.0}",
                "timeout | {\"target\":\"p\",\"method\":\"m\",\"request\":1,\"timeout\":null}",
                "timeout | {\"target\":\"p\",\"method\":\"m\",\"request\":1,\"timeout\":true}",
                "timeout | {\"target\":\"p\",\"method\":\"m\",\"request\":1,\"timeout\":\"5\"}",
                "target  | {\"target\":7,\"method\":\"m\",\"request\":1}",
                "method  | {\"target\":\"p\",\"method\":null,\"request\":1}",
                "request | {\"target\":\"p\",\"method\":\"m\"}",
                "Request | {\"target\":\"p\",\"method\":\"m\",\"request\":1,\"Request\":1}",
            })
    void value_of_the_wrong_kind_is_refused_by_name(String name, String body) {
        assertThat(problems(post(body))).containsExactly(name);
    }

    @Test
    void other_http_methods_are_refused() {
        assertThat(problems(parser.parse(
                        new HttpRequest("PUT", new HttpRequest.Path.Plain(), Map.of(), new HttpRequest.Body.Text("")))))
                .containsExactly("http_method");
    }

    @Property
    void no_text_makes_the_parser_throw(@ForAll String name, @ForAll String value, @ForAll String body) {
        get("target", value, "method", value, "request", value, "timeout", value, name, value);
        post(body);
        post("{\"target\":" + value + "}");
    }
}
