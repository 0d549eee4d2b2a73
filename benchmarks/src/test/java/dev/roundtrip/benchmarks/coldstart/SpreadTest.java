package dev.roundtrip.benchmarks.coldstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of many measurements is true of them. */
class SpreadTest {

    @Test
    void median_of_an_odd_number_is_the_middle_one_in_whatever_order_they_came() {
        assertThat(Spread.of(List.of(9.0, 1.0, 5.0))).isEqualTo(new Spread(5, 1, 9));
    }

    @Test
    void median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assertThat(Spread.of(List.of(100.0, 2.0, 4.0, 1.0))).isEqualTo(new Spread(3, 1, 100));
    }

    @Test
    void one_measurement_is_all_there_is_to_tell() {
        assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(7, 7, 7));
    }

    @Test
    void nothing_measured_has_no_spread() {
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
