package dev.roundtrip.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.roundtrip.benchmarks.load.Sample;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ThroughputTest {
    @Test
    void both_in_a_row_cost_what_both_cost_together() {
        // 10 in a second, and 40: 100 ms and 25 ms each, so 8 of both in a second.
        assertThat(Throughput.inARow(sample(10), sample(40))).isEqualTo(8, within(1e-9));
    }

    private static Sample sample(int count) {
        Histogram nanos = new Histogram(3);
        nanos.recordValueWithCount(1, count);
        return new Sample(nanos, 0, Duration.ofSeconds(1), Duration.ZERO);
    }
}
