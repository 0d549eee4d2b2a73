package dev.roundtrip.benchmarks.report;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Draws a plot; its colours are the page's. */
final class Svg {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 300;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 45;
    private static final int COLOURS = 3;

    private final Plot plot;
    private final Ticks x;
    private final Ticks y;
    private final StringBuilder svg = new StringBuilder();
    private final Formatter out = new Formatter(svg, Locale.ROOT);

    private Svg(Plot plot) {
        this.plot = plot;
        this.x = Ticks.of(plot.x().scale(), values(plot, Plot.Point::x));
        this.y = Ticks.of(plot.y().scale(), values(plot, Plot.Point::y));
    }

    private static List<Double> values(Plot plot, ToDoubleFunction<Plot.Point> axis) {
        return plot.lines().stream()
                .flatMap(line -> line.points().stream())
                .map(axis::applyAsDouble)
                .toList();
    }

    /** An {@code svg} element; nothing when there is no point to draw. */
    static String render(Plot plot) {
        return plot.lines().stream().allMatch(line -> line.points().isEmpty()) ? "" : new Svg(plot).draw();
    }

    private String draw() {
        out.format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                WIDTH, HEIGHT, HtmlReport.escape(plot.title()));
        for (double tick : y.named()) {
            out.format(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT, WIDTH - RIGHT, top(tick), top(tick));
            out.format(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                    LEFT - 8, top(tick) + 4, Figures.plain(tick));
        }
        for (double tick : x.named()) {
            out.format(
                    "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                    left(tick), left(tick), TOP, HEIGHT - BOTTOM);
            out.format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    left(tick), HEIGHT - BOTTOM + 16, Figures.plain(tick));
        }
        out.format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                WIDTH - RIGHT, HEIGHT - 8, HtmlReport.escape(plot.x().name()));
        out.format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                LEFT - 8, TOP - 14, HtmlReport.escape(plot.y().name()));
        int legend = LEFT;
        for (int i = 0; i < plot.lines().size(); i++) {
            Plot.Line line = plot.lines().get(i);
            String colour = "var(--l" + i % COLOURS + ")";
            out.format("<path style=\"stroke:%s\" d=\"%s\"/>", colour, path(line));
            out.format(
                    "<text x=\"%d\" y=\"16\" style=\"fill:%s\">%s</text>%n",
                    legend, colour, HtmlReport.escape(line.name()));
            legend += 20 + 8 * line.name().length();
        }
        return svg.append("</svg>\n").toString();
    }

    private String path(Plot.Line line) {
        StringBuilder path = new StringBuilder();
        for (Plot.Point point : line.points()) {
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(String.format(Locale.ROOT, "%.1f,%.1f", left(point.x()), top(point.y())));
        }
        return path.toString();
    }

    private double left(double value) {
        return LEFT + x.position(value) * (WIDTH - LEFT - RIGHT);
    }

    private double top(double value) {
        return HEIGHT - BOTTOM - y.position(value) * (HEIGHT - TOP - BOTTOM);
    }
}
