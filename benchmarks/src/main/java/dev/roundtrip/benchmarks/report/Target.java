package dev.roundtrip.benchmarks.report;

/** Something that was promised, and what came out.
 *
 * @param name what is promised
 * @param measured the figure
 * @param bound what it is held against
 */
public record Target(String name, double measured, Bound bound) {

    /** What a figure must not exceed, or must reach. */
    public sealed interface Bound {
        /** The figure itself. */
        double limit();

        /** @param limit the most it may be */
        record AtMost(double limit) implements Bound {}

        /** @param limit the least it must be */
        record AtLeast(double limit) implements Bound {}
    }

    public static Target atMost(String name, double limit, double measured) {
        return new Target(name, measured, new Bound.AtMost(limit));
    }

    public static Target atLeast(String name, double limit, double measured) {
        return new Target(name, measured, new Bound.AtLeast(limit));
    }

    /** Whether the promise is kept. */
    public boolean isMet() {
        return switch (bound) {
            case Bound.AtMost most -> measured <= most.limit();
            case Bound.AtLeast least -> measured >= least.limit();
        };
    }

    /** The bound in words, such as {@code at most 1.5}. */
    public String wanted() {
        return switch (bound) {
            case Bound.AtMost most -> "at most " + Figures.plain(most.limit());
            case Bound.AtLeast least -> "at least " + Figures.plain(least.limit());
        };
    }
}
