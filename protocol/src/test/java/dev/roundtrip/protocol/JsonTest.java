package dev.roundtrip.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.io.IOException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees come out as the library's mapper makes them. */
final class JsonTest {
    @Provide
    Arbitrary<JsonNode> values() {
        return Anything.json();
    }

    /** Texts of pieces that JSON is made of, few of which are JSON. */
    @Provide
    Arbitrary<String> nearJson() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"a\"",
                        "\"b\"",
                        "\"\\ud83d\"",
                        "0",
                        "-1",
                        "1.50",
                        "1e400",
                        "-0",
                        "01",
                        "true",
                        "nul",
                        "null",
                        " ",
                        "\n",
                        "9223372036854775808",
                        "\"",
                        "\\")
                .list()
                .ofMaxSize(8)
                .map(pieces -> String.join("", pieces));
    }

    @Property
    void values_are_written_and_read_as_by_the_mapper(@ForAll("values") JsonNode value) throws Exception {
        byte[] written = Json.write(value);

        assertThat(written).isEqualTo(Json.mapper().writeValueAsBytes(value));
        assertThat(Json.read(written))
                .isEqualTo(Json.mapper().readTree(written))
                .isEqualTo(value);
    }

    @Property(tries = 5_000)
    void texts_are_taken_and_refused_as_by_the_mapper(@ForAll("nearJson") String text) {
        assertThat(ours(text)).isEqualTo(theMappers(text));
    }

    private static Object ours(String text) {
        try {
            return Json.read(text.getBytes(UTF_8));
        } catch (MalformedJsonException refused) {
            return "refused";
        }
    }

    private static Object theMappers(String text) {
        try {
            return Json.mapper().readTree(text.getBytes(UTF_8));
        } catch (IOException | IllegalArgumentException | ArithmeticException refused) {
            return "refused";
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"a\":1,\"a\":2}", "1 2", "[1,]", "{\"a\"}", "{\"a\":}", "[", "{", "\"", "NaN", "// no\n1"})
    void anything_but_one_strict_value_is_refused(String text) {
        assertThatThrownBy(() -> Json.read(text.getBytes(UTF_8))).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void nothing_reads_as_a_missing_value() throws Exception {
        assertThat(Json.read(new byte[0])).isEqualTo(MissingNode.getInstance());
        assertThat(Json.read(" \n".getBytes(UTF_8))).isEqualTo(MissingNode.getInstance());
    }

    @Test
    void what_devices_compute_is_written_as_they_computed_it() {
        assertThat(new String(Json.write(DoubleNode.valueOf(0.1)), UTF_8)).isEqualTo("0.1");
    }

    @Test
    void what_is_no_json_value_is_not_written() {
        assertThatThrownBy(() -> Json.write(new POJONode(new Object()))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.write(MissingNode.getInstance())).isInstanceOf(IllegalArgumentException.class);
    }
}
