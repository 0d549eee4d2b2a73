package dev.roundtrip.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesTest {
    private static final String ID = "8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11";
    private static final WireId MESSAGE_ID = WireId.of(ID);
    private static final String HASH = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);

    @Provide
    Arbitrary<JsonNode> values() {
        return Anything.json();
    }

    @Provide
    Arbitrary<WireId> wireIds() {
        return Anything.wireId();
    }

    @Provide
    Arbitrary<String> texts() {
        return Anything.text();
    }

    @Test
    void a_request_looks_like_the_contract() {
        byte[] payload = new RequestMessage(NOW, JsonText.string("x"), MESSAGE_ID, NOW.plusSeconds(10)).encode();

        assertThat(new String(payload, UTF_8))
                .isEqualTo("{\"timestamp\":\"1700000000000\",\"request\":\"x\",\"id\":\"" + ID
                        + "\",\"deadline\":1700000010000}");
    }

    @Test
    void a_request_with_an_instance_names_its_call_as_its_topic_does() {
        WireId id = WireId.of(".abcdefgh2/" + ID);

        byte[] payload = new RequestMessage(NOW, JsonText.string("x"), id, null).encode();

        assertThat(new String(payload, UTF_8))
                .isEqualTo("{\"timestamp\":\"1700000000000\",\"request\":\"x\",\"id\":\".abcdefgh2/" + ID + "\"}");
    }

    @Property
    void a_request_reads_back(
            @ForAll long timestamp,
            @ForAll("values") JsonNode request,
            @ForAll("wireIds") WireId id,
            @ForAll long deadline)
            throws Exception {
        RequestMessage message = new RequestMessage(
                Instant.ofEpochMilli(timestamp), JsonText.of(request), id, Instant.ofEpochMilli(deadline));

        assertThat(RequestMessage.decode(message.encode())).isEqualTo(message);
    }

    @Property
    void an_answer_reads_back(@ForAll("texts") String id, @ForAll("values") JsonNode response) throws Exception {
        AnswerMessage message = new AnswerMessage.Answered(id, JsonText.of(response));

        assertThat(AnswerMessage.decode(message.encode())).isEqualTo(message);
    }

    @Provide
    Arbitrary<String> codes() {
        return Arbitraries.strings()
                .withChars("abcdefghijklmnopqrstuvwxyz0123456789_")
                .ofMinLength(1)
                .ofMaxLength(64);
    }

    @Provide
    Arbitrary<DeviceMemory> memories() {
        Arbitrary<String> names = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(32);
        Arbitrary<Lane> lanes = Combinators.combine(
                        names, names, Arbitraries.longs().between(0, Order.MAX_SEQUENCE), Arbitraries.of(true, false))
                .as((name, epoch, last, isKnown) ->
                        new Lane(new Method(name), new Epoch(epoch), last, isKnown ? MESSAGE_ID.id() : null));
        Arbitrary<DeviceMemory.KeptKey> keys =
                Arbitraries.longs().between(0, Long.MAX_VALUE).map(seconds -> new DeviceMemory.KeptKey(HASH, seconds));
        return Combinators.combine(
                        lanes.injectNull(0.3), keys.injectNull(0.3), Arbitraries.of(DeviceMemory.Replay.values()))
                .as(DeviceMemory::new);
    }

    @Property
    void a_failure_reads_back(
            @ForAll("texts") String id,
            @ForAll("codes") String code,
            @ForAll("texts") @StringLength(max = 1_024) String text,
            @ForAll("memories") DeviceMemory memory)
            throws Exception {
        AnswerMessage message = new AnswerMessage.Failed(id, new DeviceError(code, text), memory);

        assertThat(AnswerMessage.decode(message.encode())).isEqualTo(message);
    }

    @Property
    void a_refusal_reads_back(
            @ForAll("codes") String code,
            @ForAll("texts") @StringLength(max = 1_024) String text,
            @ForAll @IntRange(min = 0, max = 86_400) int retryAfter,
            @ForAll("memories") DeviceMemory memory)
            throws Exception {
        DeviceRefusal refusal = new DeviceRefusal(code, text, retryAfter == 0 ? null : retryAfter);
        AnswerMessage message = new AnswerMessage.Refused(ID, refusal, memory);

        assertThat(AnswerMessage.decode(message.encode())).isEqualTo(message);
    }

    @Test
    void a_lane_may_name_its_last_call_as_the_topic_did() throws Exception {
        String answer = "{\"id\":\"x\",\"response\":1,\"lane\":{\"name\":\"start\",\"epoch\":\"k3\",\"last\":7,"
                + "\"lastId\":\".abcdefgh2/" + ID + "\"}}";

        assertThat(AnswerMessage.decode(answer.getBytes(UTF_8)).memory().lane())
                .isEqualTo(new Lane(new Method("start"), new Epoch("k3"), 7, MESSAGE_ID.id()));
    }

    @Test
    void a_refusal_looks_like_the_contract() {
        AnswerMessage refused = new AnswerMessage.Refused(
                ID,
                new DeviceRefusal("out_of_sequence", "7 came before", 5),
                new DeviceMemory(
                        new Lane(new Method("start"), new Epoch("k3"), 7, MESSAGE_ID.id()),
                        new DeviceMemory.KeptKey(HASH, 600),
                        DeviceMemory.Replay.REPLAYED));

        assertThat(new String(refused.encode(), UTF_8))
                .isEqualTo("{\"id\":\"" + ID + "\",\"refused\":{\"code\":\"out_of_sequence\","
                        + "\"message\":\"7 came before\",\"retryAfter\":5},"
                        + "\"lane\":{\"name\":\"start\",\"epoch\":\"k3\",\"last\":7,\"lastId\":\"" + ID + "\"},"
                        + "\"key\":\"" + HASH + "\",\"kept\":600,\"replayed\":true}");
    }

    @Test
    void a_request_with_order_key_and_trace_looks_like_the_contract() throws Exception {
        RequestMessage message = new RequestMessage(
                NOW,
                JsonText.string("x"),
                MESSAGE_ID,
                NOW.plusSeconds(10),
                new Order(7, 6L, new Epoch("k3")),
                new RequestKey(HASH, HASH, 60, RequestKey.Replay.ONLY),
                new TraceParent(TRACE));

        assertThat(new String(message.encode(), UTF_8))
                .endsWith("\"deadline\":1700000010000,\"sequence\":7,\"after\":6,\"epoch\":\"k3\",\"key\":\"" + HASH
                        + "\",\"digest\":\"" + HASH + "\",\"keep\":60,\"replay\":\"only\",\"traceparent\":\"" + TRACE
                        + "\"}");
        assertThat(RequestMessage.decode(message.encode())).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01\"",
                "\"00-00000000000000000000000000000000-00f067aa0ba902b7-01\"",
                "\"\"",
                "7",
                "null",
                "{\"a\":[]}"
            })
    void a_trace_that_breaks_its_rule_is_none_and_the_request_is_read(String trace) throws Exception {
        String request = "{\"timestamp\":\"1\",\"request\":1,\"id\":\"" + ID + "\",\"traceparent\":" + trace + "}";

        assertThat(RequestMessage.decode(request.getBytes(UTF_8)).trace()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'code':'Door jammed!','message':'m'}          | unspecified | m   |",
                "{'code':'','message':7}                        | unspecified | 7   |",
                "{'message':'m','retryAfter':0}                 | unspecified | m   |",
                "{'code':'busy','message':'m','retryAfter':5}   | busy        | m   | 5",
                "{'code':'busy','message':'m','retryAfter':5.0} | busy        | m   |",
                "{'code':'busy','message':'m','retryAfter':86401}| busy       | m   |",
                "{'code':'busy','message':'m','more':{}}        | busy        | m   |",
            })
    void a_refusal_that_breaks_a_rule_is_still_a_refusal(
            String refused, String code, String text, @Nullable Integer retryAfter) throws Exception {
        byte[] payload = ("{'id':'x','refused':" + refused + ",'lane':7,'key':[],'kept':-1,'replayed':'yes'}")
                .replace('\'', '"')
                .getBytes(UTF_8);

        assertThat(AnswerMessage.decode(payload))
                .isEqualTo(new AnswerMessage.Refused("x", new DeviceRefusal(code, text, retryAfter)));
    }

    @Test
    void a_message_of_a_device_is_cut_after_1024_characters_and_never_within_a_pair() {
        String pair = "\uD83D\uDE00";

        assertThat(DeviceError.asFarAsReadable("c", "a".repeat(2_000)).message())
                .isEqualTo("a".repeat(1_024));
        assertThat(DeviceError.asFarAsReadable("c", "a".repeat(1_023) + pair).message())
                .isEqualTo("a".repeat(1_023));
        assertThatThrownBy(() -> new DeviceError("c", "a".repeat(1_025))).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void a_request_keeps_milliseconds_and_no_more(@ForAll @LongRange(min = 0, max = 999_999) long nanos)
            throws Exception {
        RequestMessage message =
                new RequestMessage(NOW.plusNanos(nanos), JsonText.string(""), MESSAGE_ID, NOW.plusNanos(nanos));

        assertThat(message.timestamp()).isEqualTo(NOW);
        assertThat(RequestMessage.decode(message.encode())).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0",
                "100.00",
                "1E+400",
                "1E-400",
                "0.1",
                "-0",
                "-0.0",
                "1e2",
                "1E+2",
                "100000000000000000000.000",
                "[ 1,\t2\n]",
                "\"\\u00e9\\/\"",
                "123456789012345678901234567890123456789012345678901234567890",
                "0.30000000000000000000000000000000000000001",
                "9007199254740993",
                "18446744073709551616",
                "\"\"",
                "\"\\u0000\"",
                "\"\\uD800\"",
                "\"\\uDC00\\uD800\"",
                "{\"\":{\"\":[]}}",
                "[null,true,false]",
                "null"
            })
    void a_value_passes_through_unchanged(String value) throws Exception {
        byte[] answer = ("{\"id\":\"" + ID + "\",\"response\":" + value + "}").getBytes(UTF_8);
        byte[] request = ("{\"timestamp\":\"1\",\"request\":" + value + ",\"id\":\"" + ID + "\",\"deadline\":2}")
                .getBytes(UTF_8);

        assertThat(new String(AnswerMessage.decode(answer).encode(), UTF_8)).isEqualTo(new String(answer, UTF_8));
        assertThat(new String(RequestMessage.decode(request).encode(), UTF_8)).isEqualTo(new String(request, UTF_8));
    }

    @Test
    void a_text_beyond_the_basic_plane_takes_four_bytes_as_in_utf_8() throws Exception {
        byte[] answer = ("{\"id\":\"" + ID + "\",\"response\":\"\uD83D\uDE00\"}").getBytes(UTF_8);

        assertThat(AnswerMessage.decode(answer).encode()).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "7",
                "{",
                "{}",
                "{\"id\":\"x\",\"response\":1}{}",
                "{\"id\":\"x\",\"response\":1} x",
                "{\"id\":\"x\",\"id\":\"x\",\"response\":1}",
                "{\"id\":\"x\",\"response\":{\"a\":1,\"a\":2}}",
                "{\"id\":\"x\",\"response\":{\"\\uD800\":1}}",
                "{\"id\":\"x\",\"response\":NaN}",
                "{\"id\":\"x\",\"response\":+1}",
                "{\"id\":\"x\",\"response\":01}",
                "{\"id\":\"x\",\"response\":'1'}",
                "{\"id\":\"x\",\"response\":1e99999999999}",
                "{\"id\":1,\"response\":1}",
                "{\"id\":null,\"response\":1}",
                "{\"response\":1}",
                "{\"id\":\"x\"}",
                "{\"id\":\"x\",\"response\":1,\"error\":{}}",
                "{\"id\":\"x\",\"error\":\"failed\"}",
                "{\"id\":\"x\",\"error\":null}",
                "{\"id\":\"x\",\"refused\":null}",
                "{\"id\":\"x\",\"refused\":\"busy\"}",
                "{\"id\":\"x\",\"refused\":{},\"error\":{}}",
                "{\"id\":\"x\",\"refused\":{},\"response\":1}",
            })
    void what_is_no_answer_is_refused_without_quoting_it(String payload) {
        assertThatThrownBy(() -> AnswerMessage.decode(payload.getBytes(UTF_8)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'timestamp':1,'request':1,'id':'ID','deadline':2}",
                "{'timestamp':'','request':1,'id':'ID','deadline':2}",
                "{'timestamp':'1.5','request':1,'id':'ID','deadline':2}",
                "{'timestamp':'+1','request':1,'id':'ID','deadline':2}",
                "{'timestamp':'\u0661','request':1,'id':'ID','deadline':2}",
                "{'timestamp':'99999999999999999999','request':1,'id':'ID','deadline':2}",
                "{'timestamp':'1','id':'ID','deadline':2}",
                "{'timestamp':'1','request':1,'id':'x','deadline':2}",
                "{'timestamp':'1','request':1,'id':7,'deadline':2}",
                "{'timestamp':'1','request':1,'deadline':2}",
                "{'timestamp':'1','request':1,'id':'ID','deadline':'2'}",
                "{'timestamp':'1','request':1,'id':'ID','deadline':2.0}",
                "{'timestamp':'1','request':1,'id':'ID','deadline':1e3}",
                "{'timestamp':'1','request':1,'id':'ID','deadline':null}",
                "{'timestamp':'1','request':1,'id':'ID','deadline':9223372036854775808}",
                "{'timestamp':'1','request':1,'id':'ID','deadline':1e1000000000}",
                "{'timestamp':'1','request':1,'id':'ID','sequence':0}",
                "{'timestamp':'1','request':1,'id':'ID','sequence':1.5}",
                "{'timestamp':'1','request':1,'id':'ID','sequence':'1'}",
                "{'timestamp':'1','request':1,'id':'ID','sequence':9007199254740992}",
                "{'timestamp':'1','request':1,'id':'ID','sequence':1,'after':1}",
                "{'timestamp':'1','request':1,'id':'ID','sequence':1,'after':-1}",
                "{'timestamp':'1','request':1,'id':'ID','sequence':1,'epoch':''}",
                "{'timestamp':'1','request':1,'id':'ID','sequence':1,'epoch':'a.b'}",
                "{'timestamp':'1','request':1,'id':'ID','after':0}",
                "{'timestamp':'1','request':1,'id':'ID','epoch':'a'}",
                "{'timestamp':'1','request':1,'id':'ID','key':'short','digest':'HASH'}",
                "{'timestamp':'1','request':1,'id':'ID','key':'HASH'}",
                "{'timestamp':'1','request':1,'id':'ID','key':'HASH','digest':'HASH','keep':0}",
                "{'timestamp':'1','request':1,'id':'ID','key':'HASH','digest':'HASH','keep':4294967297}",
                "{'timestamp':'1','request':1,'id':'ID','key':'HASH','digest':'HASH','replay':true}",
                "{'timestamp':'1','request':1,'id':'ID','replay':'only'}",
            })
    void what_is_no_request_is_refused_without_quoting_it(String payload) {
        byte[] bytes = payload.replace('\'', '"')
                .replace("ID", ID)
                .replace("HASH", HASH)
                .getBytes(UTF_8);

        assertThatThrownBy(() -> RequestMessage.decode(bytes)).isInstanceOf(MalformedMessageException.class);
    }

    @Property
    void any_bytes_are_read_or_refused(@ForAll byte[] payload) {
        try {
            AnswerMessage.decode(payload);
        } catch (MalformedMessageException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
        try {
            RequestMessage.decode(payload);
        } catch (MalformedMessageException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 400, 999, 1_000, 1_001, 60_000})
    @Timeout(10)
    void a_nested_value_passes_unchanged_or_is_refused(int depth) throws Exception {
        byte[] answer = ("{\"id\":\"x\",\"response\":" + "[".repeat(depth) + "]".repeat(depth) + "}").getBytes(UTF_8);
        AnswerMessage read;
        try {
            read = AnswerMessage.decode(answer);
        } catch (MalformedMessageException refused) {
            assertThat(depth).isGreaterThan(400);
            return;
        }
        assertThat(read.encode()).isEqualTo(answer);
    }

    @Test
    void a_value_read_by_itself_can_be_written_into_a_message() throws Exception {
        JsonText deepest = JsonText.parse(("[".repeat(1_000) + "]".repeat(1_000)).getBytes(UTF_8));

        assertThat(new AnswerMessage.Answered("x", deepest).encode()).isNotEmpty();
    }

    @Test
    @Timeout(10)
    void a_number_of_hostile_length_is_no_hostile_amount_of_work() {
        String digits = "9".repeat(120_000);

        assertThatThrownBy(() -> AnswerMessage.decode(("{\"id\":\"x\",\"response\":" + digits + "}").getBytes(UTF_8)))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    @Timeout(10)
    void a_number_of_hostile_size_is_not_written_out() throws Exception {
        byte[] answer = "{\"id\":\"x\",\"response\":1e1000000000}".getBytes(UTF_8);

        assertThat(AnswerMessage.decode(answer).encode()).hasSizeLessThan(100);
    }

    @Test
    void a_request_of_the_aws_sample_has_no_deadline() throws Exception {
        byte[] request = ("{\"timestamp\": \"1700000000000\", \"request\": \"my_request\", \"id\": \"" + ID + "\"}")
                .getBytes(UTF_8);

        RequestMessage read = RequestMessage.decode(request);

        assertThat(read).isEqualTo(new RequestMessage(NOW, JsonText.string("my_request"), MESSAGE_ID, null));
        assertThat(RequestMessage.decode(read.encode())).isEqualTo(read);
        assertThat(new String(read.encode(), UTF_8)).doesNotContain("deadline");
    }

    @Test
    void fields_that_the_contract_does_not_name_are_passed_over() throws Exception {
        byte[] answer = "{\"id\":\"x\",\"response\":1,\"more\":{\"a\":[]}}".getBytes(UTF_8);

        assertThat(AnswerMessage.decode(answer)).isInstanceOf(AnswerMessage.Answered.class);
    }

    @Test
    void an_error_of_an_old_device_is_read_as_far_as_it_goes() throws Exception {
        byte[] answer = "{\"id\":\"x\",\"error\":{\"code\":404,\"message\":null}}".getBytes(UTF_8);

        assertThat(AnswerMessage.decode(answer)).isEqualTo(new AnswerMessage.Failed("x", new DeviceError("404", "")));
    }
}
