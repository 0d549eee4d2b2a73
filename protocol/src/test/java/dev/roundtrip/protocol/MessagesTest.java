package dev.roundtrip.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesTest {
    private static final String ID = "8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11";
    private static final WireId MESSAGE_ID = WireId.of(ID);
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

    @Property
    void a_failure_reads_back(@ForAll("texts") String id, @ForAll("texts") String code, @ForAll("texts") String text)
            throws Exception {
        AnswerMessage message = new AnswerMessage.Failed(id, new DeviceError(code, text));

        assertThat(AnswerMessage.decode(message.encode())).isEqualTo(message);
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
            })
    void what_is_no_request_is_refused_without_quoting_it(String payload) {
        byte[] bytes = payload.replace('\'', '"').replace("ID", ID).getBytes(UTF_8);

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
