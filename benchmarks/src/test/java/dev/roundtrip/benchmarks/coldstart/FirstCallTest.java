package dev.roundtrip.benchmarks.coldstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Processor time is read from the right places. */
class FirstCallTest {

    @Test
    void user_and_kernel_time_are_found_behind_whatever_name_the_process_has() {
        String stat = "4711 (a) b ( c) S 1 4711 4711 0 -1 4194304 900 0 0 0 31 7 0 0 20 0 12 0 5 1 2";

        assertThat(FirstCall.cpuTicks(stat)).isEqualTo(38);
    }
}
