package dev.roundtrip.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.Order;
import dev.roundtrip.protocol.RequestKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuaranteesParserTest {
    private static final Principal ALICE = new Principal("123456789012", "AIDAALICE");
    private static final Principal BOB = new Principal("123456789012", "AIDABOB");

    private final RequestParser parser =
            new RequestParser(new ClientPrefix("gw"), new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(28)));

    private static HttpRequest.Context by(Principal principal, String... keyHeaders) {
        return new HttpRequest.Context("", "/Prod/invoke", principal, List.of(keyHeaders));
    }

    private RequestParser.Parsed post(HttpRequest.Context context, String more) {
        return post(parser, "{'target':'pump-1','method':'start','request':{'rpm':900}" + more + "}", context);
    }

    private static RequestParser.Parsed post(RequestParser parser, String body, HttpRequest.Context context) {
        return parser.parse(new HttpRequest(
                "POST",
                new HttpRequest.Path.Plain(),
                Map.of(),
                new HttpRequest.Body.Text(body.replace('\'', '"')),
                context));
    }

    private RequestParser.Parsed get(HttpRequest.Context context, String... namesAndValues) {
        Map<String, List<String>> query = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            query.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
        }
        return parser.parse(new HttpRequest(
                "GET", new HttpRequest.Path.Naming("pump-1", "start"), query, new HttpRequest.Body.Text(""), context));
    }

    private static CallRequest valid(RequestParser.Parsed parsed) {
        assertThat(parsed).isInstanceOf(RequestParser.Parsed.Valid.class);
        return ((RequestParser.Parsed.Valid) parsed).request();
    }

    private static RequestKey key(RequestParser.Parsed parsed) {
        return Objects.requireNonNull(valid(parsed).guarantees().key());
    }

    private static List<String> problems(RequestParser.Parsed parsed) {
        assertThat(parsed).isInstanceOf(RequestParser.Parsed.Refused.class);
        return ((RequestParser.Parsed.Refused) parsed)
                .result().problems().stream().map(Problem::parameter).toList();
    }

    @Test
    void call_without_order_and_key_asks_for_nothing() {
        assertThat(valid(post(by(ALICE), "")).guarantees()).isEqualTo(Guarantees.NONE);
    }

    @Test
    void order_is_read_from_body_and_query() {
        Order order = new Order(9_007_199_254_740_991L, 0L, new Epoch("k_3-Z"));

        assertThat(valid(post(by(ALICE), ",'sequence':9007199254740991,'after':0,'epoch':'k_3-Z'"))
                        .guarantees()
                        .order())
                .isEqualTo(order);
        assertThat(valid(get(by(ALICE), "request", "x", "sequence", "9007199254740991", "after", "0", "epoch", "k_3-Z"))
                        .guarantees()
                        .order())
                .isEqualTo(order);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ",'sequence':0                              | sequence",
                ",'sequence':-1                             | sequence",
                ",'sequence':9007199254740992               | sequence",
                ",'sequence':1.0                            | sequence",
                ",'sequence':'1'                            | sequence",
                ",'sequence':null                           | sequence",
                ",'sequence':1,'after':1                    | after",
                ",'sequence':1,'after':2                    | after",
                ",'sequence':2,'after':-1                   | after",
                ",'after':1                                 | after",
                ",'epoch':'a'                               | epoch",
                ",'sequence':2,'epoch':''                   | epoch",
                ",'sequence':2,'epoch':'a.b'                | epoch",
                ",'sequence':2,'epoch':7                    | epoch",
                ",'sequence':2,'epoch':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' | epoch",
                ",'keep':60                                 | keep",
                ",'replay':'only'                           | replay",
                ",'key':''                                  | key",
                ",'key':'\"'                                | body",
                ",'key':7                                   | key",
                ",'key':'with blank'                        | key",
                ",'key':'ümlaut'                            | key",
                ",'key':'k','keep':0                        | keep",
                ",'key':'k','keep':604801                   | keep",
                ",'key':'k','replay':'never'                | replay",
                ",'key':'k','replay':true                   | replay",
                ",'key':'k','replay':'only','timeout':0     | timeout",
                ",'timeout':0,'wait':1                      | wait",
                ",'timeout':-1                              | timeout",
            })
    void what_breaks_a_rule_is_a_problem(String more, String parameter) {
        assertThat(problems(post(by(ALICE), more))).containsExactly(parameter);
    }

    @Test
    void key_is_taken_from_parameter_or_header_with_quotes_or_without() {
        RequestKey expected = key(post(by(ALICE), ",'key':'order-7'"));

        assertThat(expected.value())
                .isEqualTo(KeyHash.of("123456789012", "AIDAALICE", "gw", "pump-1", "start", "order-7"));
        assertThat(expected.keepSeconds()).isEqualTo(600);
        assertThat(key(post(by(ALICE, "order-7"), ""))).isEqualTo(expected);
        assertThat(key(post(by(ALICE, "\"order-7\""), ""))).isEqualTo(expected);
        assertThat(key(get(by(ALICE, "order-7"), "request", "x")).value()).isEqualTo(expected.value());
        assertThat(key(get(by(ALICE), "request", "x", "key", "order-7", "keep", "604800"))
                        .keepSeconds())
                .isEqualTo(604_800);
    }

    @Test
    void key_that_is_given_twice_is_refused() {
        assertThat(problems(post(by(ALICE, "a", "a"), ""))).containsExactly("Idempotency-Key");
        assertThat(problems(post(by(ALICE, "a"), ",'key':'a'"))).containsExactly("Idempotency-Key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", " ", "a b", "\u00e9", "a\u007f"})
    void header_that_is_no_key_is_refused(String header) {
        assertThat(problems(post(by(ALICE, header), ""))).containsExactly("Idempotency-Key");
    }

    @Test
    void key_of_255_characters_is_the_longest() {
        assertThat(key(post(by(ALICE, "k".repeat(255)), "")).value()).hasSize(43);
        assertThat(problems(post(by(ALICE, "k".repeat(256)), ""))).containsExactly("Idempotency-Key");
    }

    @Test
    void key_without_a_caller_is_refused() {
        assertThat(problems(post(HttpRequest.Context.NONE, ",'key':'a'"))).containsExactly("key");
    }

    @Test
    void same_key_of_another_principal_account_deployment_target_or_method_is_another_key() {
        String hash = key(post(by(ALICE), ",'key':'a'")).value();

        assertThat(key(post(by(BOB), ",'key':'a'")).value()).isNotEqualTo(hash);
        assertThat(key(post(by(new Principal("210987654321", "AIDAALICE")), ",'key':'a'"))
                        .value())
                .isNotEqualTo(hash);
        assertThat(key(post(by(ALICE), ",'key':'b'")).value()).isNotEqualTo(hash);
        RequestParser other = new RequestParser(
                new ClientPrefix("other"), new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(28)));
        for (RequestParser.Parsed call : List.of(
                post(other, "{'target':'pump-1','method':'start','request':1,'key':'a'}", by(ALICE)),
                post(parser, "{'target':'pump-2','method':'start','request':1,'key':'a'}", by(ALICE)),
                post(parser, "{'target':'pump-1','method':'stop','request':1,'key':'a'}", by(ALICE)))) {
            assertThat(key(call).value()).isNotEqualTo(hash);
        }
    }

    @Test
    void digest_is_of_request_sequence_and_after_as_they_were_sent() {
        String digest = key(post(by(ALICE), ",'key':'a'")).digest();

        assertThat(digest).isEqualTo(KeyHash.of("{\"rpm\":900}", "", ""));
        assertThat(key(post(by(ALICE), ",'key':'a','timeout':5,'keep':7")).digest())
                .isEqualTo(digest);
        assertThat(key(post(by(ALICE), ",'key':'a','sequence':7,'after':6")).digest())
                .isEqualTo(KeyHash.of("{\"rpm\":900}", "7", "6"));
        assertThat(key(post(by(ALICE), ",'key':'a','sequence':7")).digest())
                .isEqualTo(KeyHash.of("{\"rpm\":900}", "7", ""));
    }

    @Test
    void replay_only_needs_no_request_and_then_has_no_digest() {
        CallRequest call = valid(get(by(ALICE), "key", "a", "replay", "only"));

        RequestKey key = Objects.requireNonNull(call.guarantees().key());
        assertThat(key.replay()).isEqualTo(RequestKey.Replay.ONLY);
        assertThat(key.digest()).isNull();
        assertThat(key(get(by(ALICE), "key", "a", "replay", "only", "request", "x"))
                        .digest())
                .isNotNull();
    }

    @Test
    void next_is_a_path_at_which_the_caller_asks_what_became_of_the_key() {
        assertThat(valid(post(by(ALICE), ",'key':'a/b&c'")).guarantees().next())
                .isEqualTo("/Prod/invoke/pump-1/start?replay=only&key=a%2Fb%26c");
    }

    @Test
    void next_names_a_method_of_dots_in_the_query_where_no_client_takes_it_away() {
        assertThat(valid(post(parser, "{'target':'pump-1','method':'..','request':1,'key':'a'}", by(ALICE)))
                        .guarantees()
                        .next())
                .isEqualTo("/Prod/invoke?target=pump-1&method=..&replay=only&key=a");
    }

    @Test
    void presigned_url_takes_a_key_in_the_query_and_in_a_signed_header_only() {
        Map<String, List<String>> query = new TreeMap<>();
        query.put("request", List.of("x"));
        query.put("X-Amz-SignedHeaders", List.of("host"));
        assertThat(problems(presigned(query, by(ALICE, "a")))).containsExactly("Idempotency-Key");

        query.put("X-Amz-SignedHeaders", List.of("host;idempotency-key"));
        assertThat(key(presigned(query, by(ALICE, "a")))).isNotNull();

        query.put("X-Amz-SignedHeaders", List.of("host"));
        query.put("key", List.of("a"));
        assertThat(key(presigned(query, by(ALICE)))).isNotNull();
    }

    private RequestParser.Parsed presigned(Map<String, List<String>> query, HttpRequest.Context context) {
        return parser.parse(new HttpRequest(
                "GET", new HttpRequest.Path.Naming("pump-1", "start"), query, new HttpRequest.Body.Text(""), context));
    }

    @Test
    void timeout_of_zero_is_a_call_that_is_only_handed_over() {
        assertThat(valid(post(by(ALICE), ",'timeout':0")).completion()).isEqualTo(Completion.HANDED_OVER);
        assertThat(valid(post(by(ALICE), ",'timeout':1")).completion()).isEqualTo(Completion.ANSWERED);
    }
}
