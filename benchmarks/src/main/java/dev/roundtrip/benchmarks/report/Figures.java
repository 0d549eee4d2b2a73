package dev.roundtrip.benchmarks.report;

import java.util.Locale;

/** Numbers as people read them. */
final class Figures {
    private Figures() {}

    /** With thousands apart; a dash for NaN. */
    static String fixed(double value, int decimals) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** With as many digits as it takes, four at most behind the point. */
    static String plain(double value) {
        String text = String.format(Locale.ROOT, "%,.4f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
