package dev.roundtrip.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a freeze may have been, whichever clock lies about it. */
class ClocksTest {
    private final TestClocks time = new TestClocks();
    private final Clocks clocks = time.clocks();

    @ParameterizedTest
    @CsvSource({
        "PT0S, PT0S, PT0S",
        "PT5S, PT5S, PT5S",
        // The monotonic clock stands still over a freeze.
        "PT1H, PT0S, PT1H",
        // The clock on the wall stands still, or is a little slow.
        "PT0S, PT0.5S, PT0.5S",
        "PT59S, PT60S, PT60S",
        // The clock on the wall is set far forward.
        "PT876000H, PT1S, PT876000H",
        // It is set back by less than it may be slow.
        "PT-0.9S, PT0S, PT0S"
    })
    void longer_time_counts(Duration wall, Duration monotonic, Duration longest) {
        Clocks.Moment before = clocks.now();

        time.pass(wall, monotonic);

        assertThat(clocks.longestSince(before)).isEqualTo(longest.toNanos());
        assertThat(clocks.mayHavePassed(longest, before)).isTrue();
        assertThat(clocks.mayHavePassed(longest.plusNanos(1), before)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"PT-1H, PT0S", "PT-1.001S, PT0S", "PT-1H, PT5S", "PT0S, PT1.001S"})
    void any_time_may_have_passed_when_the_clock_on_the_wall_was_set_back(Duration wall, Duration monotonic) {
        Clocks.Moment before = clocks.now();

        time.pass(wall, monotonic);

        assertThat(clocks.longestSince(before)).isEqualTo(Long.MAX_VALUE);
        assertThat(clocks.mayHavePassed(Duration.ofDays(36_500), before)).isTrue();
    }

    @Test
    void machine_has_both_clocks() {
        Clocks.Moment before = Clocks.SYSTEM.now();

        assertThat(Clocks.SYSTEM.longestSince(before)).isNotNegative();
        assertThat(before.wallMillis()).isPositive();
    }
}
