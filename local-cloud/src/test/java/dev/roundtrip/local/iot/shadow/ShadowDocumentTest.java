package dev.roundtrip.local.iot.shadow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roundtrip.local.http.operation.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Merge, delta and metadata of a shadow's document. */
class ShadowDocumentTest {
    private static final JsonMapper JSON = new JsonMapper();

    /** JSON where quotes would only be in the way: names and words have none. */
    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(
                text.replaceAll("([A-Za-z_][A-Za-z0-9_]*)", "\"$1\"").replaceAll("\"(true|false|null)\"", "$1"));
    }

    /** As a reader has it: a number has the type that its size needs. */
    private static JsonNode read(JsonNode made) throws Exception {
        return JSON.readTree(made.toString());
    }

    private static Shadow after(String... changes) throws Exception {
        Shadow shadow = Shadow.before(0);
        long second = 0;
        for (String change : changes) {
            second++;
            shadow = shadow.update(json(change), second);
        }
        return shadow;
    }

    @ParameterizedTest(name = "row {0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "1|{desired:{online:true}}|{desired:{online:true},delta:{online:true}}|{reported:{online:false}}"
                        + "|{desired:{online:true},reported:{online:false},delta:{online:true}}",
                "2|{desired:{enabled:true}}|{desired:{enabled:true},delta:{enabled:true}}"
                        + "|{reported:{online:false,enabled:true}}"
                        + "|{desired:{enabled:true},reported:{online:false,enabled:true}}",
                "3|{}|{}|{reported:{online:false}}|{reported:{online:false}}",
                "4|{}|{}|{reported:{online:null}}|{}",
                "5|{desired:{}}|{}|{reported:{online:false}}|{reported:{online:false}}",
                "6|{desired:{enabled:true}}|{desired:{enabled:true},delta:{enabled:true}}|{reported:{}}"
                        + "|{desired:{enabled:true},delta:{enabled:true}}",
                "7|{desired:{enabled:true}}|{desired:{enabled:true},delta:{enabled:true}}|{reported:{online:true}}"
                        + "|{desired:{enabled:true},reported:{online:true},delta:{enabled:true}}",
                "8|{reported:{list:[v1,v2]}}|{reported:{list:[v1,v2]}}|{desired:{list:[v1]}}"
                        + "|{desired:{list:[v1]},reported:{list:[v1,v2]},delta:{list:[v1]}}",
                "9|{reported:{list:[v1,v2]}}|{reported:{list:[v1,v2]}}|{desired:{list:[v1,v3]}}"
                        + "|{desired:{list:[v1,v3]},reported:{list:[v1,v2]},delta:{list:[v1,v3]}}",
                "10|{reported:{list:[[v1],[v2]]}}|{reported:{list:[[v1],[v2]]}}|{desired:{list:[[v1]]}}"
                        + "|{desired:{list:[[v1]]},reported:{list:[[v1],[v2]]},delta:{list:[[v1]]}}",
                "11|{reported:{a:{b:[d]}}}|{reported:{a:{b:[d]}}}|{desired:{a:{b:[c,d]}}}"
                        + "|{desired:{a:{b:[c,d]}},reported:{a:{b:[d]}},delta:{a:{b:[c,d]}}}",
                "12|{reported:{a:{b:{c:d,e:f}}}}|{reported:{a:{b:{c:d,e:f}}}}|{desired:{a:{b:{c:d2}}}}"
                        + "|{desired:{a:{b:{c:d2}}},reported:{a:{b:{c:d,e:f}}},delta:{a:{b:{c:d2}}}}",
                "13|{reported:{a1:{b1:{c:d}}}}|{reported:{a1:{b1:{c:d}}}}|{desired:{a1:{b1:{c:d}},a2:{b2:sth}}}"
                        + "|{desired:{a1:{b1:{c:d}},a2:{b2:sth}},reported:{a1:{b1:{c:d}}},delta:{a2:{b2:sth}}}",
                "14|{reported:{a:{b1:{c:d}}}}|{reported:{a:{b1:{c:d}}}}|{desired:{a:{b1:{c:d},b2:sth}}}"
                        + "|{desired:{a:{b1:{c:d},b2:sth}},reported:{a:{b1:{c:d}}},delta:{a:{b2:sth}}}"
            })
    void state_is_as_aws_has_it(int row, String first, String state, String second, String stateThen) throws Exception {
        assertThat(after(first).described(9).get("state")).isEqualTo(json(state));
        assertThat(after(first, second).described(9).get("state")).isEqualTo(json(stateThen));
        assertThat(after(first, second).version()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                // Empty objects are values.
                "{a:1,b:{c:3}}|{a:1,b:{c:3},d:{}}|{a:1,b:{c:3},d:{}}",
                "{a:1,b:{c:3}}|{b:{c:{}}}|{a:1,b:{c:{}}}",
                "{a:1,b:{c:3}}|{b:{c:{d:3}}}|{a:1,b:{c:{d:3}}}",
                // A member goes by null, and leaves its object.
                "{a:{b:1,c:2}}|{a:{b:null}}|{a:{c:2}}",
                "{a:{b:1},d:1}|{a:{b:null}}|{a:{},d:1}",
                "{a:{b:1},d:1}|{a:5}|{a:5,d:1}",
            })
    void desired_state_is_merged(String first, String second, String merged) throws Exception {
        Shadow shadow = after("{desired:" + first + '}', "{desired:" + second + '}');

        assertThat(shadow.state().get("desired")).isEqualTo(json(merged));
        assertThat(shadow.delta().state()).isEqualTo(json(merged));
    }

    @Test
    void section_without_its_last_member_is_absent() throws Exception {
        assertThat(after("{desired:{state1:1,state2:2}}", "{desired:{state1:null}}")
                        .state())
                .isEqualTo(json("{desired:{state2:2}}"));
        assertThat(after("{desired:{state1:1,state2:2}}", "{desired:{state1:null}}", "{desired:{state2:null}}")
                        .state())
                .isEqualTo(json("{}"));
        assertThat(after("{desired:{a:1},reported:{a:2}}", "{desired:null}").state())
                .isEqualTo(json("{reported:{a:2}}"));
    }

    @Test
    void state_null_empties_the_shadow_and_counts() throws Exception {
        Shadow empty = after("{desired:{a:b}}", "null");

        assertThat(read(empty.accepted(json("null"), 7)))
                .isEqualTo(json("{state:null,metadata:{timestamp:7},version:2," + "timestamp:7}"));
        assertThat(read(empty.described(8))).isEqualTo(json("{state:{},metadata:{},version:2,timestamp:8}"));
        assertThat(after("null", "{desired:{a:b}}", "null").version()).isEqualTo(3);
    }

    @Test
    void every_value_and_element_has_the_second_in_which_it_was_set() throws Exception {
        Shadow shadow = after("{desired:{a:1,b:{c:[x,{d:1},[]],e:{}}}}", "{desired:{b:{f:2}},reported:{a:1}}");

        assertThat(read(shadow.described(9).get("metadata")))
                .isEqualTo(json("{desired:{a:{timestamp:1},b:{c:[{timestamp:1},{d:{timestamp:1}},[]],e:{},"
                        + "f:{timestamp:2}}},reported:{a:{timestamp:2}},"
                        + "delta:{b:{c:[{timestamp:1},{d:{timestamp:1}},[]],e:{},f:{timestamp:2}}}}"));
    }

    @Test
    void members_of_the_state_may_be_called_like_those_of_the_metadata() throws Exception {
        Shadow shadow = after("{desired:{timestamp:5,a:{timestamp:6}}}", "{desired:{a:{b:1}}}");

        assertThat(read(shadow.described(9).path("metadata").get("desired")))
                .isEqualTo(json("{timestamp:{timestamp:1},a:{timestamp:{timestamp:1},b:{timestamp:2}}}"));
    }

    @Test
    void accepted_holds_what_the_request_held() throws Exception {
        Shadow shadow = after("{desired:{a:1,b:2},reported:{a:1}}", "{desired:{a:3}}");

        assertThat(read(shadow.accepted(json("{desired:{a:3}}"), 2)))
                .isEqualTo(json("{state:{desired:{a:3}},metadata:{desired:{a:{timestamp:2}}},version:2,timestamp:2}"));
    }

    @Test
    void numbers_are_compared_by_value() throws Exception {
        assertThat(after("{desired:{a:1,b:[1,2.50]},reported:{a:1.0,b:[1.00,2.5]}}")
                        .delta()
                        .isEmpty())
                .isTrue();
        assertThat(after("{desired:{a:1},reported:{a:1.1}}").delta().isEmpty()).isFalse();
    }

    @Test
    void document_is_the_same_after_it_was_kept() throws Exception {
        Shadow shadow = after("{desired:{a:{b:[1,x]}},reported:{c:{}}}", "{desired:{d:1}}");

        assertThat(read(Shadow.of(JSON.readTree(shadow.document().toString())).described(3)))
                .isEqualTo(JSON.readTree(shadow.described(3).toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "|Invalid JSON",
                "{|Invalid JSON",
                "[]|Invalid JSON",
                "7|Invalid JSON",
                "{} {}|Invalid JSON",
                "{\"state\":{\"desired\":{\"a\":\"\\ud800\"}}}|Invalid JSON",
                "{\"state\":{},\"state\":{}}|Invalid JSON",
                "{}|Missing required node: state",
                "{\"state\":[]}|State node must be an object",
                "{\"state\":7}|State node must be an object",
                "{\"state\":{\"desired\":[]}}|Desired node must be an object",
                "{\"state\":{\"desired\":7}}|Desired node must be an object",
                "{\"state\":{\"reported\":\"x\"}}|Reported node must be an object",
                "{\"state\":{\"delta\":{}}}|State contains an invalid node",
                "{\"state\":{\"desired\":{\"a\":[null]}}}|State contains an invalid node",
                "{\"state\":{\"desired\":{\"a\":[{\"b\":null}]}}}|State contains an invalid node",
                "{\"state\":{},\"version\":\"1\"}|Invalid version",
                "{\"state\":{},\"version\":1.5}|Invalid version",
                "{\"state\":{},\"version\":-1}|Invalid version",
                "{\"state\":{},\"version\":1e999999999}|Invalid version",
                "{\"state\":{},\"version\":99999999999999999999}|Invalid version",
                "{\"state\":{},\"clientToken\":7}|Invalid clientToken",
                "{\"state\":{},\"clientToken\":{}}|Invalid clientToken",
                "{\"state\":{\"desired\":{\"1\":{\"2\":{\"3\":{\"4\":{\"5\":{\"6\":{\"7\":{\"8\":{\"9\":1}}}}}}}}}}}"
                        + "|JSON contains too many levels of nesting; maximum is 8",
            })
    void request_that_is_wrong_is_refused_in_words_of_aws(String request, String message) {
        String text = request == null ? "" : request;

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> {
            ShadowRequest read = ShadowRequest.read(text.getBytes(UTF_8));
            var unusedVersion = read.version();
            var unusedChange = read.change();
        });

        assertThat(refusal.type().status()).isEqualTo(400);
        assertThat(refusal).hasMessage(message);
    }

    @Test
    void request_of_eight_levels_with_members_of_others_is_taken() throws Exception {
        ShadowRequest request = ShadowRequest.read(("{\"state\":{\"desired\":{\"1\":{\"2\":{\"3\":{\"4\":{\"5\":{\"6\":"
                        + "{\"7\":{\"8\":{}}}}}}}}}},\"thingName\":\"x\",\"version\":null,\"clientToken\":null}")
                .getBytes(UTF_8));

        assertThat(request.change().has("desired")).isTrue();
        assertThat(request.version()).isEmpty();
    }

    @Test
    void request_in_another_encoding_or_too_deep_or_too_large_is_refused() {
        assertThat(refused("{\"state\":{\"desired\":{\"a\":\"ä\"}}}".getBytes(ISO_8859_1)))
                .isEqualTo(415);
        assertThat(refused("[".repeat(60_000).getBytes(UTF_8))).isEqualTo(400);
        assertThat(refused("{\"a\":".repeat(20_000).getBytes(UTF_8))).isEqualTo(400);
        assertThat(refused(("{\"state\":{\"desired\":{\"a\":" + "9".repeat(5_000) + "}}}").getBytes(UTF_8)))
                .isEqualTo(400);
        assertThat(refused(new byte[128 * 1024 + 1])).isEqualTo(413);
    }

    private static int refused(byte[] payload) {
        return catchThrowableOfType(Refusal.class, () -> ShadowRequest.read(payload))
                .type()
                .status();
    }
}
