package dev.roundtrip.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values are kept as they were written, and what is no UTF-8 or too much is refused with its reason. */
final class JsonTextTest {
    @Provide
    Arbitrary<JsonNode> values() {
        return Anything.json();
    }

    private static JsonText parse(String json) throws MalformedJsonException {
        return JsonText.parse(json.getBytes(UTF_8));
    }

    private static void assertRefused(byte[] json, String reason) {
        assertThatThrownBy(() -> JsonText.parse(json))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageStartingWith(reason);
        assertThatThrownBy(() -> Json.read(json))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageStartingWith(reason);
    }

    @Property
    void any_value_is_kept(@ForAll("values") JsonNode value) throws Exception {
        JsonText text = JsonText.of(value);

        assertThat(text.tree()).isEqualTo(value);
        assertThat(parse(text.toString())).isEqualTo(text).hasSameHashCodeAs(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.0", "1e2", "[ ]", "{\"a\" :\n1}", "\"\\u00e9\"", "\"é😀\"", "0.10", "1E400", "true"})
    void text_is_kept_without_what_surrounds_it(String json) throws Exception {
        assertThat(parse(" \n" + json + "\t ")).hasToString(json);
        assertThat(Envelope.read("{\"a\":[1],\"it\": " + json + " ,\"b\":2}", "it")
                        .content())
                .hasToString(json);
    }

    @Test
    void the_other_members_are_read() throws Exception {
        Envelope envelope = Envelope.read("{\"a\":[1],\"it\":{\"a\":2},\"b\":2}", "it");

        assertThat(envelope.members()).isEqualTo(Json.read("{\"a\":[1],\"b\":2}".getBytes(UTF_8)));
        assertThat(Envelope.read("{\"a\":{\"it\":1}}", "it").content()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
    void other_encodings_are_refused(String name) {
        Charset encoding = Charset.forName(name);
        for (String json : List.of("{\"a\":1}", "1", "[\"ü\"]", "\"\u4e2d\u6587\"")) {
            assertRefused(json.getBytes(encoding), "is not UTF-8");
            assertRefused(("\uFEFF" + json).getBytes(encoding), "is not UTF-8");
        }
    }

    @Test
    void one_byte_order_mark_of_utf_8_is_passed_over() throws Exception {
        assertThat(parse("\uFEFF{\"a\":1}")).hasToString("{\"a\":1}");
        assertThat(Envelope.read("\uFEFF{\"it\":-0.0}", "it").content()).hasToString("-0.0");
        assertRefused("\uFEFF\uFEFF1".getBytes(UTF_8), "has two byte order marks");
        assertRefused(" \uFEFF1".getBytes(UTF_8), "is not JSON");
    }

    @ParameterizedTest
    @CsvSource({
        "a slash in two bytes,         22 c0af 22",
        "U+0000 in two bytes,          22 c080 22",
        "a slash in three bytes,       22 e080af 22",
        "half of a surrogate pair,     22 eda080 22",
        "both halves in three each,    22 eda0bdedb880 22",
        "beyond U+10FFFF,              22 f4908080 22",
        "five bytes,                   22 f888808080 22",
        "only a continuation,          22 80 22",
        "nothing after its lead,       22 c3 22",
        "cut off at the end,           22 f09f98",
        "Latin-1,                      22 6772fc6e 22",
        "as it is in a name,           7b 22 c080 22 3a 31 7d",
        "U+0000 itself,                22 00 22",
        "U+0000 behind the value,      31 00",
    })
    void ill_formed_utf_8_is_refused(String what, String hex) {
        assertRefused(HexFormat.of().parseHex(hex.replace(" ", "")), "is not UTF-8");
    }

    @Test
    void half_of_a_surrogate_pair_is_kept_as_an_escape_and_refused_as_a_character() throws Exception {
        assertThat(parse("\"\\ud83d\"")).hasToString("\"\\ud83d\"");
        assertThat(parse("\"\\ud83d\"").tree().textValue()).isEqualTo("\ud83d");
        assertThatThrownBy(() -> Envelope.read("{\"it\":\"\ud83d\"}", "it")).hasMessage("is not UTF-8");
        assertThatThrownBy(() -> Envelope.read("{\"it\":\"\ude00\ud83d\"}", "it"))
                .hasMessage("is not UTF-8");
        assertThat(Envelope.read("{\"it\":\"\ud83d\ude00\"}", "it").content()).hasToString("\"\ud83d\ude00\"");
    }

    @Test
    void the_reason_of_a_refusal_is_told() {
        assertRefused("[".repeat(1_001).getBytes(UTF_8), "is nested deeper than 1000 levels");
        assertRefused("9".repeat(1_001).getBytes(UTF_8), "has a number of more than 1000 digits");
        assertRefused(("0." + "9".repeat(1_000)).getBytes(UTF_8), "has a number of more than 1000 digits");
        assertRefused(("1e" + "9".repeat(1_000)).getBytes(UTF_8), "has a number of more than 1000 digits");
        assertRefused("[1e2147483649]".getBytes(UTF_8), "has a number whose exponent");
        assertRefused("[1e-99999999999]".getBytes(UTF_8), "has a number whose exponent");
        assertRefused(
                ("{\"" + "n".repeat(50_001) + "\":1}").getBytes(UTF_8), "has a name of more than 50000 characters");
        assertRefused("{\"a\":{\"b\":1,\n\"b\":2}}".getBytes(UTF_8), "has the same name twice in one object (line 2");
        assertRefused("{\"a\":1]".getBytes(UTF_8), "is not JSON (line 1, column 7)");
        assertRefused("{\"a\":[1,".getBytes(UTF_8), "is not JSON (line 1");
        assertRefused("1 2".getBytes(UTF_8), "has more than one value (line 1, column 3)");
        assertThatThrownBy(() -> JsonText.parse(new byte[0])).hasMessage("is empty");
        assertThatThrownBy(() -> Envelope.read("[]", "it")).hasMessage("must be a JSON object");
    }

    @Property
    void any_bytes_are_taken_alike_as_a_text_and_as_a_tree(@ForAll byte[] bytes) {
        assertThat(isText(bytes)).isEqualTo(isTree(bytes));
    }

    @Property
    void well_formed_is_what_the_library_decodes(@ForAll byte[] bytes) {
        boolean noZero =
                Arrays.equals(bytes, new String(bytes, UTF_8).replace("\0", "?").getBytes(UTF_8));

        assertThat(Utf8.isText(bytes)).isEqualTo(noZero);
    }

    private static boolean isText(byte[] bytes) {
        try {
            JsonText.parse(bytes);
            return true;
        } catch (MalformedJsonException refused) {
            return false;
        }
    }

    private static boolean isTree(byte[] bytes) {
        try {
            return !Json.read(bytes).isMissingNode();
        } catch (MalformedJsonException refused) {
            return false;
        }
    }
}
