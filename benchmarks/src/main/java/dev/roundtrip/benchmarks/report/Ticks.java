package dev.roundtrip.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** How the values of an axis are spread over its length, and which of them are named.
 *
 * @param from where it begins, in the unit of the spread
 * @param to where it ends, more than {@code from}
 * @param named values
 */
record Ticks(Plot.Scale scale, double from, double to, List<Double> named) {
    private static final List<Double> NINES = List.of(0.0, 50.0, 90.0, 99.0, 99.9, 99.99);
    private static final int ABOUT = 5;

    /** An axis that has room for these values, of which there is at least one. */
    static Ticks of(Plot.Scale scale, List<Double> values) {
        double least = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        return switch (scale) {
            case LINEAR -> linear(most);
            case LOGARITHMIC -> logarithmic(least, most);
            case NINES ->
                new Ticks(
                        scale,
                        0,
                        Math.max(1, spread(scale, most)),
                        NINES.stream().filter(nine -> nine <= most).toList());
        };
    }

    private static Ticks linear(double most) {
        double rough = most > 0 ? most / ABOUT : 1;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step =
                rough <= power ? power : rough <= 2 * power ? 2 * power : rough <= 5 * power ? 5 * power : 10 * power;
        List<Double> named = new ArrayList<>();
        double to = step;
        for (int i = 0; i * step < most + step; i++) {
            to = i * step;
            named.add(to);
        }
        return new Ticks(Plot.Scale.LINEAR, 0, to, named);
    }

    private static Ticks logarithmic(double least, double most) {
        double from = Math.floor(Math.log10(least));
        double to = Math.max(from + 1, Math.ceil(Math.log10(most)));
        List<Double> named = new ArrayList<>();
        for (double power = from; power <= to; power++) {
            named.add(Math.pow(10, power));
        }
        return new Ticks(Plot.Scale.LOGARITHMIC, from, to, named);
    }

    /** Where a value lies, from 0 to 1. */
    double position(double value) {
        return (spread(scale, value) - from) / (to - from);
    }

    private static double spread(Plot.Scale scale, double value) {
        return switch (scale) {
            case LINEAR -> value;
            case LOGARITHMIC -> Math.log10(value);
            case NINES -> -Math.log10(1 - value / 100);
        };
    }
}
