package dev.roundtrip.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.benchmarks.report.Report;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.report.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One run of a few seconds: says nothing about speed. */
class RunIT {
    @Test
    void everything_is_measured_and_nothing_fails() throws Exception {
        Report report = Run.measure(Plan.SMOKE, line -> {});

        assertThat(report.sections())
                .extracting(Section::id)
                .containsExactly(
                        "warm-call",
                        "parts",
                        "throughput",
                        "threads-1",
                        "threads-4",
                        "fixed-rate",
                        "waiting",
                        "cost-in-flight",
                        "cost-devices",
                        "listening-here-1",
                        "listening-here-4");
        assertThat(report.sections())
                .allSatisfy(section -> assertThat(section.table().rows()).isNotEmpty());
        assertThat(report.targets()).extracting(Target::name).contains("warm call, p50 ÷ HTTP, then MQTT");
        assertThat(report.sections().getFirst().table().rows())
                .extracting(Table.Row::label)
                .contains("HTTP, then MQTT, a thread waits", "call ÷ HTTP, then MQTT");
        assertThat(report.sections())
                .filteredOn(section -> section.id().startsWith("threads-"))
                .allSatisfy(RunIT::knowsEveryThreadOfACall);
        assertThat(report.targets())
                .filteredOn(target -> target.name().endsWith("errors"))
                .hasSize(6)
                .allMatch(Target::isMet);
    }

    private static void knowsEveryThreadOfACall(Section threads) {
        assertThat(threads.table().rows())
                .filteredOn(row -> List.of(
                                "HTTP client",
                                "HTTP front's event loop",
                                "virtual threads",
                                "event loops of gateway and device",
                                "broker",
                                "all")
                        .contains(row.label()))
                .hasSize(6)
                .allSatisfy(row -> assertThat(row.figures().getFirst().doubleValue())
                        .satisfiesAnyOf(
                                none -> assertThat(none).isNaN(),
                                time -> assertThat(time).isPositive()));
    }
}
