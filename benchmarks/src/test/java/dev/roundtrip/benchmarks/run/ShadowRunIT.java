package dev.roundtrip.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.benchmarks.report.Report;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Target;
import org.junit.jupiter.api.Test;

class ShadowRunIT {
    @Test
    void run_measures_updates_and_devices_without_an_error() throws Exception {
        Report report = ShadowRun.measure(ShadowPlan.SMOKE, line -> {});

        assertThat(report.sections())
                .extracting(Section::id)
                .containsExactly(
                        "shadow-updates-1", "shadow-updates-4", "store-1", "store-4", "devices-connect", "shadow-cost");
        assertThat(report.targets())
                .filteredOn(target -> target.name().endsWith("errors"))
                .hasSize(5)
                .allMatch(Target::isMet);
        assertThat(report.sections().getLast().table().rows()).hasSize(2);
    }
}
