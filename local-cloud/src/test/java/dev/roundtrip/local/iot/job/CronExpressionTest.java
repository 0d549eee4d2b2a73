package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AWS's cron expressions of six fields. November 28, 2026 is a Saturday. */
class CronExpressionTest {
    @ParameterizedTest(name = "{0} after {1} is {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "cron(0 18 ? * MON-FRI *)  | 2026-11-28T12:00:00Z | 2026-11-30T18:00:00Z",
                "0 18 ? * 2-6 *            | 2026-11-30T18:00:00Z | 2026-12-01T18:00:00Z",
                "0 18 ? * MON *            | 2026-11-30T17:59:59Z | 2026-11-30T18:00:00Z",
                "0/15 * * * ? *            | 2026-11-28T12:16:30Z | 2026-11-28T12:30:00Z",
                "5,35 8-10/2 * * ? *       | 2026-11-28T08:35:00Z | 2026-11-28T10:05:00Z",
                "0 0 1 JAN ? *             | 2026-11-28T12:00:00Z | 2027-01-01T00:00:00Z",
                "0 0 29 2 ? *              | 2026-11-28T12:00:00Z | 2028-02-29T00:00:00Z",
                "0 0 L * ? *               | 2026-11-28T12:00:00Z | 2026-11-30T00:00:00Z",
                "0 0 LW 1 ? *              | 2026-11-28T12:00:00Z | 2027-01-29T00:00:00Z",
                "0 0 28W 11 ? *            | 2026-11-01T12:00:00Z | 2026-11-27T00:00:00Z",
                "0 0 1W 11 ? *             | 2026-10-31T12:00:00Z | 2026-11-02T00:00:00Z",
                "0 0 ? * 6L *              | 2026-11-28T12:00:00Z | 2026-12-25T00:00:00Z",
                "0 0 ? * TUE#2 *           | 2026-11-28T12:00:00Z | 2026-12-08T00:00:00Z",
                "0 0 ? * L *               | 2026-11-28T12:00:00Z | 2026-12-05T00:00:00Z",
                "0 0 * * ? 2028            | 2026-11-28T12:00:00Z | 2028-01-01T00:00:00Z"
            })
    void next_minute_follows(String expression, String after, String next) {
        assertThat(CronExpression.of(expression).next(Instant.parse(after).toEpochMilli()))
                .hasValue(Instant.parse(next).toEpochMilli());
    }

    @Test
    void day_that_never_comes_has_no_next_minute() {
        assertThat(CronExpression.of("0 0 30 2 ? *").next(0)).isEmpty();
        assertThat(CronExpression.of("0 0 * * ? 1970")
                        .next(Instant.parse("2026-11-28T12:00:00Z").toEpochMilli()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * * *",
                "0 18 ? * ? *",
                "0 18 1 * MON *",
                "60 18 ? * MON *",
                "0 24 ? * MON *",
                "0 18 ? 13 MON *",
                "0 18 ? * MON 1969",
                "0 18 ? * 8 *",
                "0 18 32 * ? *",
                "5-1 18 ? * MON *",
                "0/0 18 ? * MON *",
                "0//1 18 ? * MON *",
                "1-2-3 18 ? * MON *",
                "-1 18 ? * MON *",
                "99999999999 18 ? * MON *",
                "0 18 W * ? *",
                "0 18 ? * MON#6 *",
                ", 18 ? * MON *"
            })
    void other_text_is_refused(String expression) {
        assertThatThrownBy(() -> CronExpression.of(expression)).isInstanceOf(IllegalArgumentException.class);
    }
}
