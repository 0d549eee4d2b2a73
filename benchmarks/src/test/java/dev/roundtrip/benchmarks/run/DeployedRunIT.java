package dev.roundtrip.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.benchmarks.report.Report;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.report.Target;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One run of the packaged function of a few seconds: says nothing about speed. */
class DeployedRunIT {
    private static final List<String> CALLS = List.of(
            "call, in this process", "call, own process", "the same, presence=check", "the same, DELIVERY=direct");

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Report report;

    @BeforeAll
    static void measure() throws Exception {
        report = DeployedRun.measure(Plan.SMOKE, line -> {});
    }

    @Test
    void packaged_function_is_measured_beside_its_references_and_leaves_no_process() {
        assertThat(report.sections())
                .extracting(Section::id)
                .containsExactly(
                        "deployed-warm-call",
                        "parts",
                        "deployed-throughput",
                        "listening-deployed-1",
                        "listening-deployed-4",
                        "deployed-memory");
        Table oneClient = report.sections().get(0).table();
        Table manyClients = report.sections().get(2).table();
        assertThat(CALLS).allSatisfy(call -> {
            assertThat(figure(oneClient, call, "count")).isPositive();
            assertThat(figure(oneClient, call + ", ÷ HTTP, then MQTT", "p50 ms"))
                    .isEqualTo(figure(oneClient, call, "p50 ms")
                            / figure(oneClient, "HTTP, then MQTT, a thread waits", "p50 ms"));
            assertThat(figure(manyClients, call, "per second")).isPositive();
        });
        assertThat(report.targets())
                .filteredOn(target -> target.name().endsWith("errors"))
                .hasSize(2)
                .allMatch(Target::isMet);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void memory_is_that_of_each_function_process() {
        Table memory = report.sections().getLast().table();
        assertThat(memory.rows())
                .extracting(Table.Row::label)
                .containsExactly(
                        "one call at a time, DELIVERY=publish",
                        "one call at a time, DELIVERY=direct",
                        "4 calls at once, DELIVERY=publish",
                        "4 calls at once, DELIVERY=direct");
        // A JVM needs more than this, and calls only add to it.
        assertThat(memory.rows()).allSatisfy(row -> {
            assertThat(row.figures().get(0)).isGreaterThan(20);
            assertThat(row.figures().get(2)).isGreaterThan(row.figures().get(0));
        });
    }

    private static double figure(Table table, String row, String column) {
        int at = table.columns().stream().map(Table.Column::name).toList().indexOf(column);
        return table.rows().stream()
                .filter(one -> one.label().equals(row))
                .map(one -> one.figures().get(at))
                .findFirst()
                .orElseThrow();
    }
}
