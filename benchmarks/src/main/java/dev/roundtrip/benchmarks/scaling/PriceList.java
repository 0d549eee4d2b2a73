package dev.roundtrip.benchmarks.scaling;

import java.util.Map;

/** The prices to reckon with.
 *
 * @param changed those that are not the list's, in USD for the unit of the price, 0 or more
 */
record PriceList(Map<Price, Double> changed) {
    /** Those of the list. */
    static final PriceList LISTED = new PriceList(Map.of());

    PriceList {
        changed = Map.copyOf(changed);
        changed.forEach((price, usd) -> {
            if (!(usd >= 0) || usd.isInfinite()) {
                throw new IllegalArgumentException("a price is 0 or more, but " + price + " is " + usd);
            }
        });
    }

    double usd(Price price) {
        return changed.getOrDefault(price, price.usd);
    }
}
