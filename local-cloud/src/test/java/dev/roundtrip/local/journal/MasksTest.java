package dev.roundtrip.local.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.journal.Masks.Masked;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MasksTest {
    private static Masked mask(String payload, String... pointers) {
        byte[] bytes = payload.getBytes(UTF_8);
        return Masks.of(List.of(pointers)).mask(bytes, bytes.length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"request\":{\"password\":\"s3cret\",\"user\":\"ann\"}} | /request/password"
                        + " | {\"request\":{\"password\":\"***\",\"user\":\"ann\"}}",
                "{\"keys\":[\"a\",\"s3cret\"]} | /keys/1 | {\"keys\":[\"a\",\"***\"]}",
                "{\"a\":{\"deep\":\"s3cret\"}} | /a | {\"a\":\"***\"}",
                "{\"a/b\":\"s3cret\",\"n\":1.10} | /a~1b | {\"a/b\":\"***\",\"n\":1.10}",
                "{\"0\":\"s3cret\"} | /0 | {\"0\":\"***\"}",
                "{\"a\":null} | /a | {\"a\":\"***\"}"
            })
    void value_of_a_pointer_is_replaced(String payload, String pointer, String text) {
        assertThat(mask(payload, pointer)).isEqualTo(new Masked(text, List.of(pointer)));
    }

    @Test
    void whole_payload_is_replaced() {
        assertThat(mask("[1,2]", "")).isEqualTo(new Masked("\"***\"", List.of("")));
    }

    @Test
    void value_inside_a_replaced_value_is_not_looked_for() {
        assertThat(mask("{\"a\":{\"b\":1}}", "/a", "/a/b", "/c"))
                .isEqualTo(new Masked("{\"a\":\"***\"}", List.of("/a")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s3cret", "{\"a\":\"s3cret\"", "{\"a\":1,\"a\":\"s3cret\"}", "{\"a\":1} s3cret"})
    void nothing_is_told_of_a_payload_that_is_no_json(String payload) {
        assertThat(mask(payload, "/a")).isEqualTo(new Masked(null, List.of()));
    }

    @Test
    void nothing_is_told_of_a_payload_that_was_cut_off_even_where_the_rest_is_json() {
        byte[] first = "{\"a\":1}".getBytes(UTF_8);

        assertThat(Masks.of(List.of("/b")).mask(first, first.length + 1)).isEqualTo(new Masked(null, List.of()));
    }

    @Test
    void nothing_is_told_of_json_that_is_nested_too_deep() {
        char[] nested = new char[2_000];
        Arrays.fill(nested, '[');

        assertThat(mask(new String(nested), "/0").text()).isNull();
    }

    @Test
    void without_masks_everything_is_told() {
        byte[] cut = "{\"a\":\"s3".getBytes(UTF_8);

        assertThat(Masks.NONE.mask(cut, 5_000)).isEqualTo(new Masked("{\"a\":\"s3", List.of()));
        assertThat(Masks.of(List.of())).isSameAs(Masks.NONE);
    }

    @Test
    void pointer_that_is_none_is_refused() {
        assertThatThrownBy(() -> Masks.of(List.of("password"))).isInstanceOf(IllegalArgumentException.class);
    }
}
