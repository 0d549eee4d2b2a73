package dev.roundtrip.benchmarks.coldstart;

import java.util.List;

/** What many measurements of one thing come to.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param min the smallest
 * @param max the largest
 */
record Spread(double median, double min, double max) {

    /** @throws IllegalArgumentException when there is no measurement */
    static Spread of(List<Double> measurements) {
        if (measurements.isEmpty()) {
            throw new IllegalArgumentException("a spread needs at least one measurement");
        }
        List<Double> sorted = measurements.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast());
    }
}
