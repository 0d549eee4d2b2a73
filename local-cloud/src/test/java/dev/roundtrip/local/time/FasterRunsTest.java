package dev.roundtrip.local.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.TableStore;
import org.junit.jupiter.api.Test;

class FasterRunsTest {
    private final TableStore store = new InMemoryTables();

    @Test
    void start_after_a_faster_run_is_told_that_the_clock_goes_back() {
        assertThat(FasterRuns.begin(store, 60)).isEmpty();

        assertThat(FasterRuns.begin(store, 5))
                .hasValueSatisfying(told -> assertThat(told).contains("goes back", "--clock-rate 60"));
        assertThat(FasterRuns.begin(store, 1))
                .hasValueSatisfying(told -> assertThat(told).contains("--clock-rate 5"));
        assertThat(FasterRuns.begin(store, 1)).isEmpty();
    }

    @Test
    void run_with_the_system_s_clock_leaves_nothing_to_tell() {
        assertThat(FasterRuns.begin(store, 1)).isEmpty();
        assertThat(FasterRuns.begin(store, 1)).isEmpty();
    }
}
