package dev.roundtrip.local.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogLineTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"level\":\"INFO\"} | {\"time\":\"2026-01-02T12:00:00Z\",\"level\":\"INFO\"}",
                "{\"time\":\"then\",\"level\":\"INFO\"} | {\"time\":\"then\",\"level\":\"INFO\"}",
                "{} | {\"time\":\"2026-01-02T12:00:00Z\"}",
            })
    void line_has_its_time_once(String line, String stamped) {
        assertThat(LogLine.stamped(line, NOON)).isEqualTo(stamped);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"level\":\"WARN\",\"event\":\"connection\",\"message\":\"a\"}"
                        + " | {\"level\":\"WARN\",\"event\":\"connection\",\"message\":\"a\"}",
                "{\"level\":\"WARN\",\"event\":\"connection\",\"message\":\"a\",\"time\":\"then\"}"
                        + " | {\"time\":\"then\",\"level\":\"WARN\",\"event\":\"connection\",\"message\":\"a\"}",
                "{\"a\":1} | {\"level\":\"INFO\",\"event\":\"output\",\"source\":\"function\","
                        + "\"message\":\"{\\\"a\\\":1}\"}",
                "{\"a\": | {\"level\":\"INFO\",\"event\":\"output\",\"source\":\"function\","
                        + "\"message\":\"{\\\"a\\\":\"}",
                "at dev.roundtrip"
                        + " | {\"level\":\"INFO\",\"event\":\"output\",\"source\":\"function\","
                        + "\"message\":\"at dev.roundtrip\"}",
                "[1] | {\"level\":\"INFO\",\"event\":\"output\",\"source\":\"function\",\"message\":\"[1]\"}",
            })
    void what_a_program_prints_becomes_a_line(String printed, String line) {
        assertThat(LogLine.ofOutput("function", printed)).isEqualTo(line);
    }

    @Test
    void failure_is_told_without_its_message() {
        String line = LogLine.of(LogLine.Level.ERROR, Event.DEFECT)
                .with(Member.TRACE, new IllegalStateException("s3cret", new RuntimeException("inner s3cret")))
                .toString();

        assertThat(line).contains("IllegalStateException", "RuntimeException").doesNotContain("s3cret");
    }
}
