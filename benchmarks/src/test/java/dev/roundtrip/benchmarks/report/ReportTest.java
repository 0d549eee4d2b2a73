package dev.roundtrip.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Plot PLOT = new Plot(
            "a < b",
            new Plot.Axis("clients", Plot.Scale.LOGARITHMIC),
            new Plot.Axis("ms", Plot.Scale.LINEAR),
            List.of(new Plot.Line("calls", List.of(new Plot.Point(1, 0), new Plot.Point(100, 7)))));
    private static final Section SECTION = new Section(
            "warm",
            "Warm <call>",
            "How & why",
            new Table(
                    List.of(new Table.Column("p50 ms", 3), new Table.Column("count", 0)),
                    List.of(Table.Row.of("call", 0.25, 12_345), Table.Row.of("ratio", 1.5, Double.NaN))),
            List.of(PLOT));
    private static final Report REPORT = new Report(
            Instant.parse("2026-11-20T12:00:00Z"),
            Map.of("processor", "two cores"),
            List.of(Target.atMost("ratio", 1.5, 1.5), Target.atLeast("calls/s", 20_000, 19_999)),
            List.of(SECTION));

    @Test
    void a_terminal_sees_aligned_figures_and_what_was_missed() {
        assertThat(TextReport.render(REPORT)).isEqualTo("""
                        processor   two cores

                        Warm <call>
                                 p50 ms   count
                          call    0.250  12,345
                          ratio   1.500       –

                        Targets
                                            wanted  measured
                          ratio        at most 1.5       1.5     met
                          calls/s  at least 20,000    19,999  MISSED
                        """);
    }

    @Test
    void programs_get_every_figure_by_name() throws Exception {
        JsonNode json = Json.mapper().readTree(JsonReport.render(REPORT));

        assertThat(json.at("/sections/warm/call/count").asInt()).isEqualTo(12_345);
        assertThat(json.at("/sections/warm/ratio").has("count")).isFalse();
        assertThat(json.at("/targets/0/limit").asDouble()).isEqualTo(1.5);
        assertThat(json.at("/targets/0/met").asBoolean()).isTrue();
        assertThat(json.at("/targets/1/met").asBoolean()).isFalse();
        assertThat(json.at("/conditions/processor").asText()).isEqualTo("two cores");
    }

    @Test
    void no_two_columns_have_one_name() {
        Table.Column column = new Table.Column("p50 ms", 3);

        assertThatThrownBy(() -> new Table(List.of(column, column), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_page_has_everything_and_needs_nothing() {
        String page = HtmlReport.render(REPORT);

        assertThat(page).contains("Warm &lt;call&gt;", "How &amp; why", "a &lt; b", "12,345", "missed", "two cores");
        assertThat(page)
                .contains("<path style=\"stroke:var(--l0)\" d=\"M")
                .doesNotContain("<script", "src=", "href=", "url(");
    }

    @Test
    void a_plot_without_points_is_left_out() {
        Plot empty = new Plot("none", PLOT.x(), PLOT.y(), List.of(new Plot.Line("calls", List.of())));

        assertThat(Svg.render(empty)).isEmpty();
    }

    @Test
    void axes_spread_values_by_their_scale() {
        Ticks linear = Ticks.of(Plot.Scale.LINEAR, List.of(0.0, 7.0));
        Ticks logarithmic = Ticks.of(Plot.Scale.LOGARITHMIC, List.of(1.0, 100.0));
        Ticks nines = Ticks.of(Plot.Scale.NINES, List.of(0.0, 99.99));

        assertThat(linear.named()).containsExactly(0.0, 2.0, 4.0, 6.0, 8.0);
        assertThat(linear.position(4)).isEqualTo(0.5, within(1e-9));
        assertThat(logarithmic.position(10)).isEqualTo(0.5, within(1e-9));
        assertThat(nines.position(99)).isEqualTo(0.5, within(1e-9));
    }
}
