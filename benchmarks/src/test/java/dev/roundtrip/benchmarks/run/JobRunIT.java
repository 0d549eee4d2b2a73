package dev.roundtrip.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.benchmarks.report.Report;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Target;
import org.junit.jupiter.api.Test;

class JobRunIT {
    @Test
    void run_measures_jobs_and_commands_without_an_error() throws Exception {
        Report report = JobRun.measure(JobPlan.SMOKE, line -> {});

        assertThat(report.sections())
                .extracting(Section::id)
                .containsExactly("errands-1", "errands-4", "start-next", "roll-out");
        assertThat(report.targets())
                .filteredOn(target -> target.name().endsWith("errors"))
                .hasSize(3)
                .allMatch(Target::isMet);
        assertThat(report.sections())
                .extracting(section -> section.table().rows().size())
                .containsExactly(3, 3, 3, 1);
    }
}
