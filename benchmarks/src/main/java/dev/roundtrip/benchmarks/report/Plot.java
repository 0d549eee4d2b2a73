package dev.roundtrip.benchmarks.report;

import java.util.List;

/** Lines over one axis.
 *
 * @param title what is seen
 * @param x the horizontal axis
 * @param y the vertical axis; begins at 0 when linear
 * @param lines at least one
 */
public record Plot(String title, Axis x, Axis y, List<Line> lines) {
    public Plot {
        lines = List.copyOf(lines);
    }

    /** An axis.
     *
     * @param name with its unit
     * @param scale how values are spread
     */
    public record Axis(String name, Scale scale) {}

    /** How values are spread over an axis. */
    public enum Scale {
        LINEAR,
        /** Values must be more than 0. */
        LOGARITHMIC,
        /** Percentiles below 100: each further nine takes the same room. */
        NINES
    }

    /** One line.
     *
     * @param name for the legend
     * @param points from left to right
     */
    public record Line(String name, List<Point> points) {
        public Line {
            points = List.copyOf(points);
        }
    }

    /** One point. */
    public record Point(double x, double y) {}
}
