package dev.roundtrip.local.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a stream goes on, as a client sends it back. */
class EventIdTest {
    @Test
    void id_is_read_as_it_was_written() {
        EventId id = new EventId(17, 999_999_999_999_999_999L);

        assertThat(EventId.of(id.toString())).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1",
                "1.",
                ".1",
                "1.2.3",
                "-1.2",
                "1.-2",
                "1,2",
                " 1.2",
                "1.2 ",
                "1.2\n",
                "a.b",
                "0x1.2",
                "1234567890123456789.1",
                "1.1234567890123456789",
                "١.٢"
            })
    void anything_else_is_none(String text) {
        assertThat(EventId.of(text)).isNull();
    }
}
